import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { Engine } from '../../src/consensus/engine.ts';
import { Chain } from '../../src/node/chain.ts';
import { EventHub } from '../../src/node/event-hub.ts';
import { makeGenesis, openEngine } from '../../src/node/open-engine.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { keyOf } from '../../src/storage/level-value.ts';
import { hexOf } from '../core/build-chain.ts';
import { LoopProbe } from './loop-probe.ts';
import { compare, type Finding, type Group, quantile } from './measure.ts';

const writers = 100;
const addresses = Array.from({ length: 1000 }, (_, writer) => hexOf(`writer ${writer}`));
const blocksPerRun = 3000;
const runs = 9;

/** An engine of an instant chain in a directory, as the server has it, but without people. */
class Bench {
  readonly engine: Engine;
  readonly #store: LevelStore;
  readonly #stopping: AbortController;
  readonly #running: Promise<void>;

  private constructor(engine: Engine, store: LevelStore) {
    this.engine = engine;
    this.#store = store;
    this.#stopping = new AbortController();
    this.#running = engine.run(this.#stopping.signal);
  }

  static async open(directory: string): Promise<Bench> {
    const failed = (error: unknown): never => {
      throw error;
    };
    const clock = new SystemClock();
    const secrets = SystemSecrets.open(join(directory, 'secret'), true);
    const store = await LevelStore.open(directory);
    const events = new EventHub(failed);
    const chain = await Chain.open({ clock, store, listener: events, verifySignature: nativeVerifier() });
    const tip = await chain.found(await makeGenesis({ clock, secrets }, { kind: 'instant' }, 1));
    const { engine } = await openEngine(tip, {
      clock,
      secrets,
      chain,
      stakes: { stakeOf: () => 0n },
      events,
      intervalMs: 1000,
      mining: undefined,
      candidatesTaken: () => undefined,
      blockSettled: () => undefined,
    });
    return new Bench(engine, store);
  }

  /** So many writers, each with one BPM on its way at a time; resolves when all blocks are durable. */
  async write(count: number, each: number): Promise<void> {
    await Promise.all(
      addresses.slice(0, count).map(async (address) => {
        for (let written = 0; written < each; written++) {
          const proposal = this.engine.propose(address, written);
          if (proposal.kind !== 'sealing') throw new Error(`a BPM was answered ${proposal.kind}`);
          await proposal.sealed;
        }
      }),
    );
  }

  /** The last blocks. */
  async texts(count: number): Promise<readonly string[]> {
    return this.#store.blockRange(this.#store.height - count + 1, this.#store.height);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#store.close();
  }
}

/** Blocks a second. */
async function rateOf(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (blocksPerRun / (performance.now() - startMs)) * 1000;
}

export const instant: Group = {
  name: 'instant',
  async *run(): AsyncGenerator<Finding> {
    const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
    const bench = await Bench.open(join(directory, 'ours'));
    await bench.write(writers, blocksPerRun / writers);
    const texts = await bench.texts(blocksPerRun);
    const bare = new ClassicLevel<string, string>(join(directory, 'bare'));
    await bare.open();
    let next = 0;
    const { ratio, spread, ...medians } = await compare(
      {
        ours: () => rateOf(() => bench.write(writers, blocksPerRun / writers)),
        bare: () =>
          rateOf(async () => {
            for (let first = 0; first < texts.length; first += writers) {
              const batch = bare.batch();
              for (const text of texts.slice(first, first + writers)) {
                batch.put(keyOf('block', next), text).put(keyOf('pool', next), '[]');
                next += 1;
              }
              await batch.write({ sync: true });
            }
          }),
      },
      runs,
    );
    yield {
      what: `blocks a second, ${writers} writers with one BPM each on its way`,
      against: `LevelDB's own synced batches of as many bytes, ${writers} blocks each`,
      ratio,
      spread,
      goal: { bound: 'at least', value: 0.5 },
      note: `${Math.round(medians.ours)} and ${Math.round(medians.bare)}`,
    };
    yield await loopBlocked(bench);
    await bench.close();
    await bare.close();
    rmSync(directory, { recursive: true });
  },
};

/** The longest time for which the event loop is not free while 1,000 writers write at once. */
async function loopBlocked(bench: Bench): Promise<Finding> {
  const longestMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    const probe = new LoopProbe();
    await bench.write(1000, 3);
    longestMs.push(probe.stop());
  }
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((share) => quantile(longestMs, share));
  return {
    what: 'the event loop blocked at a time, 1,000 writers, ms',
    against: 'a millisecond',
    ratio: median ?? Number.NaN,
    spread: [lower ?? Number.NaN, upper ?? Number.NaN],
    goal: { bound: 'at most', value: 10 },
  };
}
