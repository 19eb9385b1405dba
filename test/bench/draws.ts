import { hash } from 'node:crypto';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { buildBlock } from '../../src/core/build-block.ts';
import { type Candidate, Pool } from '../../src/core/pool.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { authority, candidatesWith, hexOf } from '../core/build-chain.ts';
import { compare, type Finding, type Group, timed } from './measure.ts';

function poolOf(candidates: readonly Candidate[]): Pool {
  const pool = new Pool();
  for (const candidate of candidates) pool.add(candidate);
  return pool;
}

/** From an open pool, whose leaves were hashed as they came, to the winner's block. */
function draw(pool: Pool, index: number): void {
  const frozen = pool.freeze();
  const tree = runToEnd(SumTree.grow(frozen.leaves));
  buildBlock({
    index,
    timestamp: '2026-01-01T00:00:00.000Z',
    prevHash: hexOf('previous'),
    chainId: hexOf('genesis'),
    authority,
    reveal: hexOf(index),
    nextCommitment: undefined,
    pool: frozen,
    tree,
  });
}

/** As many hashes as the tree has inner nodes, of texts as long as theirs, and nothing else. */
function hashesOf(count: number): void {
  const text = JSON.stringify(['sortition/2/node', hexOf(0), '1000000', hexOf(1), '1000000']);
  for (let node = 1; node < count; node++) hash('sha256', text);
}

export const draws: Group = {
  name: 'draws',
  async *run(): AsyncGenerator<Finding> {
    for (const validators of [10, 1000, 10_000, 100_000]) {
      const pool = poolOf(candidatesWith(Array.from({ length: validators }, (_, place) => BigInt(place + 1))));
      const repeats = Math.max(1, 100_000 / validators);
      const { ratio, spread, ours } = await compare(
        {
          ours: () => timed(() => repeat(repeats, (index) => draw(pool, index))),
          bare: () => timed(() => repeat(repeats, () => hashesOf(validators))),
        },
        7,
      );
      const note = `${(ours / repeats).toPrecision(2)} ms a draw`;
      yield {
        what: `a draw among ${validators} validators`,
        against: 'the hashes of its tree alone',
        ratio,
        spread,
        note,
      };
    }
    const [rich, poor] = [10n ** 15n, 1n].map((stake) => poolOf(candidatesWith(Array(10_000).fill(stake))));
    if (rich === undefined || poor === undefined) throw new Error('no pools');
    const { ratio, spread } = await compare(
      {
        ours: () => timed(() => repeat(5, (index) => draw(rich, index))),
        bare: () => timed(() => repeat(5, (index) => draw(poor, index))),
      },
      9,
    );
    yield {
      what: 'a draw among 10000 stakes of 10^15',
      against: 'the same draw with stakes of 1',
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.2 },
    };
  },
};

function repeat(times: number, work: (time: number) => void): void {
  for (let time = 1; time <= times; time++) work(time);
}
