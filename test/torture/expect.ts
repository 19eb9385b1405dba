import { findFault } from '../../src/consensus/verifier.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { verifySignature } from '../core/build-chain.ts';

/** Throws an Error with `words` when something does not hold. */
export function expect(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

/** A block as far as it is compared. */
interface StoredBlock {
  readonly Validator: string;
}

/** The stored blocks. Throws when the chain does not hold. No server may run on it. */
export async function storedChain(dataDir: string): Promise<readonly StoredBlock[]> {
  const store = await LevelStore.open(dataDir);
  const chain: StoredBlock[] = [];
  for await (const batch of store.blocks()) for (const text of batch) chain.push(JSON.parse(text));
  await store.close();
  const fault = findFault(chain, verifySignature);
  expect(fault === undefined, `block ${fault?.index} breaks ${fault?.rule}`);
  return chain;
}

/**
 * Throws when the stored chain does not hold, or a block has another winner than people heard of. No server may run on it. Returns its last block.
 */
export async function expectStored(dataDir: string, heard: ReadonlyMap<number, string>): Promise<string> {
  const chain = await storedChain(dataDir);
  for (const [index, winner] of heard)
    expect(chain[index]?.Validator === winner, `block ${index} is not the one that was announced`);
  return JSON.stringify(chain.at(-1));
}

/** Adds what witnesses heard. */
export function note(
  heard: Map<number, string>,
  witnesses: readonly { heard(): Iterable<readonly [number, string]> }[],
): void {
  for (const witness of witnesses) {
    for (const [index, winner] of witness.heard()) {
      expect((heard.get(index) ?? winner) === winner, `block ${index} was announced with two winners`);
      heard.set(index, winner);
    }
  }
}
