import { LevelStore } from '../../src/storage/level-store.ts';
import { temporaryDirectory } from '../temporary.ts';
import { fill } from './contract.ts';

/** A new data directory with the chain of `contract.ts` and its pools. */
export async function filledDirectory(): Promise<string> {
  const directory = temporaryDirectory();
  const store = await LevelStore.open(directory);
  await fill(store);
  await store.close();
  return directory;
}
