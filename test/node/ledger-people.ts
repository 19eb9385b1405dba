import { ChainVerifier } from '../../src/consensus/verifier.ts';
import { parseExact } from '../../src/core/exact-json.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import type { MemoryStore } from '../../src/storage/memory-store.ts';

/** The key of a person's wallet, and the code that gives it back, from what the person has seen. */
export function walletOf({ seen }: { readonly seen: string }): { readonly key: string; readonly code: string } {
  const [, key = ''] = /You are validator ([0-9a-f]{64})/.exec(seen) ?? [];
  const [, code = ''] = /To come back: login (\S+)\n/.exec(seen) ?? [];
  return { key, code };
}

/** Judges a stored chain with a ledger by all that lies beside its blocks. Throws where a block does not hold. */
export async function judge(store: MemoryStore): Promise<ChainVerifier> {
  const verifier = new ChainVerifier(nativeVerifier());
  for (let index = 0; index <= store.height; index++) {
    const body = parseExact((await store.signedBodyText(index)) ?? '{}');
    if (typeof body !== 'object' || body === null) throw new Error(`block ${index} has a broken body`);
    const checked = verifier.nextText((await store.block(index)) ?? '', body);
    if ('fault' in checked) throw new Error(`block ${index}: ${checked.fault.rule}: ${checked.fault.why}`);
  }
  return verifier;
}
