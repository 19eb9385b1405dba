import { setTimeout as delay } from 'node:timers/promises';
import { blockLength, Sha256 } from '../../src/consensus/work/search/sha256.ts';
import { MiningThreads } from '../../src/platform/mining-threads.ts';
import { hexOf } from '../core/build-chain.ts';

/**
 * Hashes alone in a process: `hash-child.ts ours|bare`. Each time it is asked it says how many it made for each microsecond that the process had a
 * processor, which is the same on a busy machine. In the process of the bench, which loads all groups, the bare loop makes a quarter fewer than alone.
 */
const runMs = 300;
const hashesPerRun = 500_000;

/** SHA-256's compression function and nothing else, with another word in the block each time. */
function bareLoop(): () => number {
  const sha256 = new Sha256();
  const midstate = Sha256.initialState();
  const hash = Sha256.initialState();
  const block = new DataView(new ArrayBuffer(blockLength));
  return () => {
    for (let count = 0; count < hashesPerRun; count++) {
      block.setInt32(0, count);
      sha256.compress(midstate, block, hash);
    }
    return hashesPerRun;
  };
}

/** A thread that searches, started by the first call. */
function searchingThread(): () => Promise<number> {
  const threads = new MiningThreads({
    threads: 1,
    died: (error) => {
      throw error;
    },
  });
  return async () => {
    const ended = threads.search({ contentHash: hexOf('endless'), difficulty: 10n ** 76n });
    await delay(runMs);
    const { tried } = threads;
    threads.stop();
    await ended;
    return tried;
  };
}

const run = process.argv[2] === 'ours' ? searchingThread() : bareLoop();
// Compiled, and the thread started, before the first that counts.
await run();

process.on('message', async () => {
  const before = process.cpuUsage();
  const hashes = await run();
  const { user, system } = process.cpuUsage(before);
  process.send?.(hashes / (user + system));
});
process.send?.('ready');
