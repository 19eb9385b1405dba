import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { SearchTask } from '../../src/consensus/work/search/nonce-search.ts';
import { defaultThreads, MiningThreads } from '../../src/platform/mining-threads.ts';
import { hexOf } from '../core/build-chain.ts';
import { compare, type Finding, type Group, quantile } from './measure.ts';
import { BenchPerson } from './person.ts';
import { BenchServer } from './server.ts';

/** No search ends by finding a nonce for this one. */
const endless: SearchTask = { contentHash: hexOf('endless'), difficulty: 10n ** 76n };
const runMs = 300;

/** Hashes in a process of their own. */
class Hashing {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(kind: 'ours' | 'bare'): Promise<Hashing> {
    const child = fork(new URL('./hash-child.ts', import.meta.url), [kind], { execArgv: [...process.execArgv] });
    await once(child, 'message');
    return new Hashing(child);
  }

  /** Makes some, and says how many it made for each microsecond that its process had a processor. */
  async rate(): Promise<number> {
    this.#child.send('run');
    const [rate] = await once(this.#child, 'message');
    return Number(rate);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Hashes that threads try in `runMs`. They have been started and warmed up. */
async function triedBy(threads: MiningThreads): Promise<number> {
  const ended = threads.search(endless);
  await delay(runMs);
  const { tried } = threads;
  threads.stop();
  await ended;
  return tried;
}

async function withThreads<T>(count: number, use: (threads: MiningThreads) => Promise<T>): Promise<T> {
  const threads = new MiningThreads({
    threads: count,
    died: (error) => {
      throw error;
    },
  });
  try {
    await triedBy(threads);
    return await use(threads);
  } finally {
    await threads.close();
  }
}

/** The 99th percentile of the time from one turn of the event loop to the next, ms. */
async function loopDelay(during: () => Promise<unknown>): Promise<number> {
  const histogram = createHistogram();
  let isRunning = true;
  let last = process.hrtime.bigint();
  const look = (): void => {
    const now = process.hrtime.bigint();
    histogram.record(now - last || 1n);
    last = now;
    if (isRunning) setImmediate(look);
  };
  look();
  await during();
  isRunning = false;
  return histogram.percentile(99) / 1e6;
}

/** From the moment at which a search is stopped until all threads are free: as long as another one needs to try ranges with each of them. */
async function stopMs(threads: MiningThreads): Promise<number> {
  const stopped = threads.search(endless);
  while (threads.tried < 50_000) await delay(1);
  const startMs = performance.now();
  threads.stop();
  await stopped;
  await threads.search({ contentHash: hexOf('next'), difficulty: 1n });
  return performance.now() - startMs;
}

/** A person's answers at nc while a block is searched for, and while none is, on one server. */
async function answersDuringSearch(): Promise<Finding> {
  const server = await BenchServer.start('ours', ['--consensus', 'work', '--difficulty', String(endless.difficulty)]);
  try {
    const person = await BenchPerson.join(server.port, '\n');
    const { ratio, spread, ours, bare } = await compare(
      {
        ours: async () => {
          const miner = await BenchPerson.join(server.port, '\n');
          await miner.answer('72\n');
          const milliseconds = await person.answerMs();
          // The search ends with the one who asked for it.
          await miner.beSlashed();
          return milliseconds;
        },
        bare: () => person.answerMs(),
      },
      9,
    );
    person.leave();
    return {
      what: `an answer to one person during a search with ${defaultThreads()} threads`,
      against: 'the same without it',
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.5 },
      note: `${ours.toFixed(2)} ms and ${bare.toFixed(2)} ms`,
    };
  } finally {
    await server.stop();
  }
}

export const mining: Group = {
  name: 'mining',
  async *run(): AsyncGenerator<Finding> {
    const [ours, bare] = await Promise.all([Hashing.start('ours'), Hashing.start('bare')]);
    const one = await compare({ ours: () => ours.rate(), bare: () => bare.rate() }, 15);
    ours.stop();
    bare.stop();
    yield {
      what: 'hashes a second of a processor, one thread',
      against: 'a bare loop of the same compression function; each in a process of its own',
      ratio: one.ratio,
      spread: one.spread,
      goal: { bound: 'at least', value: 0.8 },
      note: `${one.ours.toPrecision(3)} MH/s against ${one.bare.toPrecision(3)}`,
    };
    const two = await withThreads(2, (both) =>
      withThreads(1, (single) => compare({ ours: () => triedBy(both), bare: () => triedBy(single) }, 9)),
    );
    yield {
      what: 'hashes a second, two threads',
      against: 'one thread; wants two free cores',
      ratio: two.ratio,
      spread: two.spread,
      goal: { bound: 'at least', value: 1.7 },
      note: `${(two.ours / runMs / 1000).toPrecision(3)} MH/s`,
    };
    const delays = await withThreads(defaultThreads(), (threads) =>
      compare({ ours: () => loopDelay(() => triedBy(threads)), bare: () => loopDelay(() => delay(runMs)) }, 9),
    );
    const delayGoalMs = 10;
    yield {
      what: `the event loop's 99th percentile during a search with ${defaultThreads()} threads`,
      against: '10 ms',
      ratio: delays.ours / delayGoalMs,
      spread: [delays.ours / delayGoalMs, delays.ours / delayGoalMs],
      goal: { bound: 'at most', value: 1 },
      note: `${delays.ours.toPrecision(2)} ms, ${delays.bare.toPrecision(2)} ms without it`,
    };
    const stops = await withThreads(defaultThreads(), async (threads) => {
      const times: number[] = [];
      for (let time = 0; time < 50; time++) times.push(await stopMs(threads));
      return times;
    });
    const stopGoalMs = 5;
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(stops, share) / stopGoalMs);
    yield {
      what: 'from a stop to the end of the next search, which is a short one',
      against: '5 ms',
      ratio: middle ?? Number.NaN,
      spread: [low ?? Number.NaN, high ?? Number.NaN],
      goal: { bound: 'at most', value: 1 },
      note: `99th percentile ${quantile(stops, 0.99).toPrecision(2)} ms`,
    };
    yield await answersDuringSearch();
  },
};
