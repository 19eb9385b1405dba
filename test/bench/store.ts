import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { LevelStore } from '../../src/storage/level-store.ts';
import { buildChain, candidatesWith, storedBlock } from '../core/build-chain.ts';
import { compare, type Finding, type Group, quantile } from './measure.ts';

const appends = 40;
const runs = 25;

/** Everything that is appended: rounds of ten people. */
const pool = candidatesWith(Array<bigint>(10).fill(100n));

/** The median of the times that these take one after the other, ms: on a busy machine some take ten times as long as others. */
async function medianMs<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (const item of items) {
    const startMs = performance.now();
    await work(item);
    times.push(performance.now() - startMs);
  }
  return quantile(times, 0.5);
}

export const store: Group = {
  name: 'store',
  async *run(): AsyncGenerator<Finding> {
    const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
    const chain = buildChain(Array(appends * (runs + 1)).fill(pool), 1024);
    const [genesis, ...blocks] = chain;
    if (genesis === undefined) throw new Error('no chain');
    const ours = await LevelStore.open(join(directory, 'ours'));
    await ours.append(storedBlock(genesis));
    const bare = new ClassicLevel<string, string>(join(directory, 'bare'));
    await bare.open();
    const next = { ours: 0, bare: 0 };
    const take = (whose: 'ours' | 'bare'): typeof blocks => {
      next[whose] += appends;
      return blocks.slice(next[whose] - appends, next[whose]);
    };
    const { ratio, spread, ...medians } = await compare(
      {
        ours: () =>
          medianMs(
            take('ours').map((block) => storedBlock(block, pool)),
            async (block) => ours.append(block),
          ),
        bare: () =>
          medianMs(
            take('bare').map((block) => [`block/${block.Index}`, JSON.stringify(block)] as const),
            ([key, text]) => bare.put(key, text, { sync: true }),
          ),
      },
      runs,
    );
    await ours.close();
    await bare.close();
    rmSync(directory, { recursive: true });
    yield {
      what: 'a block and its pool of 10, durable',
      against: "classic-level's own synced put of the block",
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.3 },
      note: `${medians.ours.toFixed(2)} ms and ${medians.bare.toFixed(2)} ms`,
    };
  },
};
