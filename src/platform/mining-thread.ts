import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { limits as workLimits } from '../consensus/work/search/limits.ts';
import { type FoundNonce, NonceFinder } from '../consensus/work/search/nonce-finder.ts';
import { limits } from './limits.ts';
import { SearchMemory } from './search-memory.ts';

/** What a thread of `MiningThreads` is told to do. */
export interface ThreadTask {
  readonly search: number;
  readonly contentHash: string;
  readonly target: bigint;
  readonly memory: SharedArrayBuffer;
  /** Which of the threads of the search this one is. */
  readonly thread: number;
}

/** What it says when it has nothing more to do for a search. */
export interface ThreadReport {
  readonly search: number;
  readonly found?: FoundNonce;
}

function run({ search, contentHash, target, memory: buffer, thread }: ThreadTask): ThreadReport {
  const finder = new NonceFinder(contentHash, target);
  const memory = new SearchMemory(buffer);
  while (!memory.isOver) {
    const first = memory.takeRange(thread);
    if (first === undefined) break;
    const found = finder.find(first, workLimits.noncesPerRange);
    if (found !== undefined) {
      memory.end();
      return { search, found };
    }
    memory.finishRange(thread);
  }
  return { search };
}

// People and the disk come first. Only Linux has a priority for each thread: elsewhere this would slow the whole process down.
if (process.platform === 'linux') setPriority(limits.miningPriority);
parentPort?.on('message', (task: ThreadTask) => parentPort?.postMessage(run(task)));
