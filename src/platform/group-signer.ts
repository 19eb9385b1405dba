import type { GroupSigner } from '../core/keys.ts';
import { signerOf } from './ed25519.ts';
import { limits } from './limits.ts';
import type { SigningThreads } from './signing-threads.ts';

/** The signer whose private key is these 32 bytes. What many texts need is loaded and started when many come: a lottery signs one at a time. */
export function groupSignerOf(seed: Uint8Array): GroupSigner {
  const signer = signerOf(seed);
  let threads: Promise<SigningThreads> | undefined;
  return {
    ...signer,
    signAll: async (messages) => {
      if (messages.length <= limits.signedAtOnceMax) return messages.map(signer.sign);
      threads ??= import('./signing-threads.ts').then((loaded) => new loaded.SigningThreads(seed));
      return (await threads).sign(messages);
    },
  };
}
