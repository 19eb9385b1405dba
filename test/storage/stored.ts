import { join } from 'node:path';
import { Chain } from '../../src/node/chain.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { candidatesWith, frozen, verifySignature } from '../core/build-chain.ts';

const silent = { onEvent: () => undefined };

/** Opens a directory as a server does at its start, and returns its store with its chain. */
export async function openAsServer(directory: string): Promise<{ store: LevelStore; chain: Chain }> {
  const store = await LevelStore.open(directory);
  try {
    const secrets = SystemSecrets.open(join(directory, 'master-secret'), store.isEmpty);
    return {
      store,
      chain: await Chain.open({ clock: new SystemClock(), secrets, verifySignature, store, listener: silent }, 64),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A chain of 30 blocks, some of it in a table and some in the log, as restarts leave it. */
export async function makeChain(directory: string): Promise<string> {
  let hash = '';
  for (let start = 0; start < 3; start++) {
    const { store, chain } = await openAsServer(directory);
    for (let block = 0; block < 10; block++) hash = (await chain.extend(frozen(candidatesWith([1n, 20n, 300n])))).Hash;
    await store.close();
  }
  return hash;
}
