import { createHash } from 'node:crypto';
import type { Signer, VerifySignature } from '../../src/core/keys.ts';

/** Signatures that anybody could forge, a hundred times as fast as real ones: for properties of many transactions. */
function signatureOf(key: string, message: string | Uint8Array): string {
  return createHash('sha512').update(key).update(message).digest('hex');
}

/** The same key pair for the same name. */
export function standInSigner(name: string): Signer {
  const key = createHash('sha256').update(name).digest('hex');
  return { key, sign: (message) => signatureOf(key, message) };
}

export const verifyStandIn: VerifySignature = (key, message, signature) => signature === signatureOf(key, message);
