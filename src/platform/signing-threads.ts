import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { limits } from './limits.ts';
import type { SigningData } from './signing-thread.ts';

/** Texts that a thread has been sent. */
interface Group {
  readonly resolve: (signatures: readonly string[]) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a thread that runs signing-thread.ts. */
export type StartSigning = (data: SigningData) => Worker;

/**
 * Signs texts in threads. Node's own way, a call for each text into its pool of threads, costs the event loop some 7 µs more for each, and a write to
 * the disk waits behind them in that pool. The threads are started as they are needed, and keep the process alive only while they sign.
 */
export class SigningThreads {
  readonly #threads: readonly SigningThread[];
  #turn = 0;

  /** @param seed the 32 bytes of the private key */
  constructor(seed: Uint8Array, start: StartSigning = startSigning) {
    const count = Math.min(availableParallelism(), limits.signingThreadsMax);
    this.#threads = Array.from({ length: count }, () => new SigningThread(() => start({ seed })));
  }

  /** The signatures of texts, in their order. Rejects when the thread that was to make them died. */
  async sign(messages: readonly string[]): Promise<readonly string[]> {
    const thread = this.#threads[this.#turn];
    this.#turn = (this.#turn + 1) % this.#threads.length;
    return thread?.sign(messages) ?? [];
  }
}

class SigningThread {
  readonly #start: () => Worker;
  #worker: Worker | undefined;
  /** What it has not answered yet, the oldest first. */
  readonly #groups: Group[] = [];

  constructor(start: () => Worker) {
    this.#start = start;
  }

  sign(messages: readonly string[]): Promise<readonly string[]> {
    this.#worker ??= this.#begin();
    this.#worker.ref();
    this.#worker.postMessage(messages);
    return new Promise((resolve, reject) => this.#groups.push({ resolve, reject }));
  }

  #begin(): Worker {
    const worker = this.#start();
    let why = '';
    worker.on('message', (signatures: readonly string[]) => {
      this.#groups.shift()?.resolve(signatures);
      if (this.#groups.length === 0) worker.unref();
    });
    worker.on('error', (error) => {
      why = `: ${error.message}`;
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      for (const { reject } of this.#groups.splice(0)) reject(new Error(`a signing thread died${why}`));
    });
    return worker;
  }
}

/** Starts the built file. Where the source itself is run (`npm run dev`, tests), Node 20 could not load it in a thread: it knows no TypeScript. */
export function startSigning(workerData: SigningData): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const file = isSource ? '../../dist/platform/signing-thread.js' : './signing-thread.js';
  return new Worker(new URL(file, import.meta.url), { workerData });
}
