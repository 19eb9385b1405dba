import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { targetOf } from '../consensus/work/difficulty.ts';
import type { NonceSearch, SearchEnd, SearchTask } from '../consensus/work/search/nonce-search.ts';
import { limits } from './limits.ts';
import type { ThreadReport, ThreadTask } from './mining-thread.ts';
import { SearchMemory } from './search-memory.ts';

export interface MiningThreadsOptions {
  /** At least 1. */
  readonly threads: number;
  /** Hears that a thread ended that was not told to. Nothing is lost by it: another one takes its place and its nonces. */
  readonly died: (error: Error) => void;
  /** Starts a thread that runs mining-thread.ts. */
  readonly start?: () => Worker;
}

/** A search that is under way. */
interface Search {
  readonly task: Omit<ThreadTask, 'thread'>;
  readonly memory: SearchMemory;
  readonly firstNonce: number;
  /** The threads that have not reported yet. */
  readonly busy: Set<number>;
  readonly resolve: (end: SearchEnd) => void;
  readonly reject: (error: Error) => void;
  restarts: number;
}

/** All cores but one, which is left to people and the disk; at least one. */
export function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1);
}

/**
 * Searches for nonces in threads, so that the event loop is free meanwhile. The threads are started by the first search and wait for the next one
 * when it is over. They keep the process alive only while they search.
 */
export class MiningThreads implements NonceSearch {
  readonly #options: MiningThreadsOptions;
  readonly #workers = new Map<number, Worker>();
  #search: Search | undefined;
  #searches = 0;
  #tried = 0;

  constructor(options: MiningThreadsOptions) {
    if (options.threads < 1) throw new RangeError(`a search needs a thread, not ${options.threads}`);
    this.#options = options;
  }

  get tried(): number {
    return this.#search === undefined ? this.#tried : triedIn(this.#search);
  }

  async search({ contentHash, difficulty, firstNonce = 0 }: SearchTask): Promise<SearchEnd> {
    if (this.#search !== undefined) throw new Error('another search is under way');
    const { threads } = this.#options;
    const memory = SearchMemory.create(firstNonce, threads);
    this.#searches += 1;
    const task = { search: this.#searches, contentHash, target: targetOf(difficulty), memory: memory.buffer };
    return new Promise((resolve, reject) => {
      this.#search = { task, memory, firstNonce, busy: new Set(), resolve, reject, restarts: 0 };
      for (let thread = 0; thread < threads; thread++) this.#begin(this.#search, thread);
    });
  }

  stop(): void {
    if (this.#search !== undefined) this.#end(this.#search).resolve({ kind: 'stopped' });
  }

  /** Stops the search that is under way, and ends the threads. A later search starts them again. */
  async close(): Promise<void> {
    this.stop();
    const workers = [...this.#workers.values()];
    this.#workers.clear();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  #begin(search: Search, thread: number): void {
    search.busy.add(thread);
    const worker = this.#workers.get(thread) ?? this.#start(thread);
    worker.ref();
    worker.postMessage({ ...search.task, thread } satisfies ThreadTask);
  }

  #start(thread: number): Worker {
    const worker = (this.#options.start ?? startThread)();
    let why = '';
    worker.on('message', (report: ThreadReport) => this.#hear(thread, report));
    worker.on('error', (error) => {
      why = `: ${error.message}`;
    });
    worker.on('exit', () => {
      // One that was told to end is not in the map any more.
      if (this.#workers.get(thread) === worker) this.#replace(thread, new Error(`a mining thread died${why}`));
    });
    this.#workers.set(thread, worker);
    return worker;
  }

  #hear(thread: number, { search: number, found }: ThreadReport): void {
    const search = this.#search;
    // A thread may report of a search that was stopped, or that another one has ended.
    if (search?.task.search !== number) return;
    search.busy.delete(thread);
    if (found !== undefined) this.#end(search).resolve({ kind: 'found', ...found });
    else if (search.busy.size === 0) this.#end(search).resolve({ kind: 'exhausted' });
  }

  /** Puts another thread in the place of one that died: it begins with the range of nonces that was not finished. */
  #replace(thread: number, error: Error): void {
    this.#workers.delete(thread);
    this.#options.died(error);
    const search = this.#search;
    if (search === undefined || !search.busy.has(thread)) return;
    search.restarts += 1;
    if (search.restarts > limits.miningRestartsMax) this.#end(search).reject(error);
    else this.#begin(search, thread);
  }

  #end(search: Search): Search {
    search.memory.end();
    this.#tried = triedIn(search);
    this.#search = undefined;
    for (const worker of this.#workers.values()) worker.unref();
    return search;
  }
}

/** Starts the built file. Where the source itself is run (`npm run dev`, tests), Node 20 could not load it in a thread: it knows no TypeScript. */
export function startThread(): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  return new Worker(new URL(isSource ? '../../dist/platform/mining-thread.js' : './mining-thread.js', import.meta.url));
}

function triedIn({ memory, firstNonce }: Search): number {
  return memory.next - firstNonce;
}
