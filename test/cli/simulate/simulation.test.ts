import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../../src/base/run-to-end.ts';
import {
  type SimulationResult,
  type SimulationSettings,
  type Split,
  simulate,
} from '../../../src/cli/simulate/simulation.ts';
import { summarise } from '../../../src/cli/simulate/summary.ts';
import { TicketTable } from '../../../src/cli/simulate/ticket-table.ts';
import { SumTree } from '../../../src/core/sum-tree.ts';
import { candidatesWith, frozen } from '../../core/build-chain.ts';

const players = [50n, 30n, 20n].map((stake, place) => ({ name: String(place), stake }));
const setting: SimulationSettings = { players, rounds: 20_000, reward: 0n, seed: 'test' };

function outcomeOf(changes: Partial<SimulationSettings> = {}, split?: Split): SimulationResult {
  return runToEnd(simulate({ ...setting, ...changes }, split));
}

function total(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

describe('the table of tickets', () => {
  it('finds the holder that the Merkle sum tree of a real draw finds', () => {
    const stakes = fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(stakes, fc.bigInt({ min: 0n, max: 10n ** 18n }), (list, any) => {
        const pool = frozen(candidatesWith(list));
        const tree = runToEnd(SumTree.grow(pool.leaves));
        const table = new TicketTable(pool.candidates.map(({ stake }) => stake));
        const ticket = any % table.total;
        expect(table.total).toBe(tree.root.sum);
        expect(table.holderOf(ticket)).toBe(tree.leafOf(ticket));
      }),
    );
  });

  it('finds the first and the last ticket of everybody, after stakes have grown', () => {
    const table = new TicketTable([3n, 1n, 4n]);
    table.add(1, 2n);
    expect([0n, 2n, 3n, 5n, 6n, 9n].map((ticket) => table.holderOf(ticket))).toEqual([0, 0, 1, 1, 2, 2]);
  });
});

describe('a simulation', () => {
  it('is the same for the same seed and another one for another', () => {
    expect(outcomeOf()).toEqual(outcomeOf());
    expect(outcomeOf({ seed: 'other' }).wins).not.toEqual(outcomeOf().wins);
  });

  it('gives every round to somebody, in proportion to the stakes', () => {
    const summary = summarise(setting, outcomeOf(), undefined);
    expect(total(summary.outcome.wins)).toBe(setting.rounds);
    expect(summary.standings.map(({ expected }) => expected)).toEqual([10_000, 6000, 4000]);
    expect(summary.chiSquare?.degrees).toBe(2);
    expect(summary.chiSquare?.chance).toBeGreaterThan(0.001);
  });

  it('finds p-values spread evenly over seeds, as a fair draw has them', () => {
    const chances = Array.from({ length: 100 }, (_, seed) => {
      const changed = { ...setting, rounds: 500, seed: String(seed) };
      return summarise(changed, runToEnd(simulate(changed)), undefined).chiSquare?.chance ?? 0;
    });
    const below = chances.filter((chance) => chance < 0.5).length;
    expect(below).toBeGreaterThan(30);
    expect(below).toBeLessThan(70);
  });

  it('lets the only validator win everything in one streak', () => {
    const alone = { players: players.slice(0, 1), rounds: 10 };
    expect(outcomeOf(alone).streak).toEqual({ player: 0, length: 10, last: 10 });
    expect(summarise({ ...setting, ...alone }, outcomeOf(alone), undefined).streakChance).toBe(1);
  });

  it('keeps the wins of a split stake together, and changes nothing when it is split into one', () => {
    const summary = summarise(setting, outcomeOf(), {
      split: { player: 0, pieces: 7 },
      outcome: outcomeOf({}, { player: 0, pieces: 7 }),
    });
    expect(summary.split?.standing.expected).toBe(10_000);
    expect(Math.abs((summary.split?.standing.wins ?? 0) - 10_000)).toBeLessThan(
      4 * (summary.split?.standing.deviation ?? 0),
    );
    expect(outcomeOf({}, { player: 0, pieces: 1 })).toEqual(outcomeOf());
  });

  it('adds the reward to the stake of whoever wins, and follows the richest', () => {
    const { wins, stakes, richest } = outcomeOf({ reward: 3n, rounds: 1000 });
    expect(stakes).toEqual(players.map(({ stake }, place) => stake + 3n * BigInt(wins[place] ?? 0)));
    expect(richest[0]).toEqual({ round: 0, share: 0.5 });
    expect(richest.at(-1)?.round).toBe(1000);
    expect(richest.at(-1)?.share).toBeCloseTo(Math.max(...stakes.map(Number)) / 3100, 12);
  });

  it('has no test and no odds of streaks where rewards change the odds', () => {
    const rewarded = { ...setting, reward: 1n, rounds: 100 };
    const summary = summarise(rewarded, runToEnd(simulate(rewarded)), undefined);
    expect(summary.chiSquare).toBeUndefined();
    expect(summary.streakChance).toBeUndefined();
  });

  it.each([1, 7, 59, 60, 61, 1000, 1001])('samples %d rounds from the first to the last', (rounds) => {
    const sampled = outcomeOf({ rounds }).richest.map(({ round }) => round);
    expect(sampled[0]).toBe(0);
    expect(sampled.at(-1)).toBe(rounds);
    expect(sampled).toEqual([...new Set(sampled)]);
    expect(sampled.length).toBeLessThanOrEqual(61);
  });

  it('is exact with stakes that no number can hold', () => {
    const rich = { players: [10n ** 30n, 1n].map((stake) => ({ name: '', stake })), rounds: 1000 };
    expect(outcomeOf(rich).wins).toEqual([1000, 0]);
  });
});
