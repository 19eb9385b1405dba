import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { LevelStore } from '../../src/storage/level-store.ts';
import { buildChain, candidatesWith, storedBlock } from '../core/build-chain.ts';
import { compare, type Finding, type Group } from './measure.ts';

const appends = 40;
const runs = 15;

/** Everything that is appended: rounds of ten people. */
const pool = candidatesWith(Array<bigint>(10).fill(100n));

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
    const { ratio, spread, ...medians } = await compare(
      {
        ours: async () => {
          const startMs = performance.now();
          for (const block of blocks.slice(next.ours, next.ours + appends)) await ours.append(storedBlock(block, pool));
          next.ours += appends;
          return (performance.now() - startMs) / appends;
        },
        bare: async () => {
          const texts = blocks.slice(next.bare, next.bare + appends).map((block) => JSON.stringify(block));
          const startMs = performance.now();
          for (const [place, text] of texts.entries())
            await bare.put(`block/${next.bare + place}`, text, { sync: true });
          next.bare += appends;
          return (performance.now() - startMs) / appends;
        },
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
