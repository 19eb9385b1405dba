import { join } from 'node:path';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { candidatesWith, frozen } from '../core/build-chain.ts';
import { type ChainMaker, openChain } from '../node/open-chain.ts';

/** Opens a directory as a server does at its start, and returns its store with its chain. */
export async function openAsServer(directory: string): Promise<ChainMaker & { readonly store: LevelStore }> {
  const store = await LevelStore.open(directory);
  try {
    const secrets = SystemSecrets.open(join(directory, 'master-secret'), store.height < 0);
    return { store, ...(await openChain({ clock: new SystemClock(), secrets, store }, 64)) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A chain of 30 blocks, some of it in a table and some in the log, as restarts leave it. */
export async function makeChain(directory: string): Promise<string> {
  let hash = '';
  for (let start = 0; start < 3; start++) {
    const { store, extend } = await openAsServer(directory);
    for (let block = 0; block < 10; block++) hash = await extend(frozen(candidatesWith([1n, 20n, 300n])));
    await store.close();
  }
  return hash;
}
