import { percent, withThousands } from '../../../base/formatting.ts';
import { runToEnd } from '../../../base/run-to-end.ts';
import { bandDeviations, winsDeviation } from '../../../base/statistics/expected-wins.ts';
import { type SimulationSettings, simulate } from '../../simulate/simulation.ts';
import type { Attack, Measure } from './attack.ts';
import { Prng } from './prng.ts';

const rounds = 20_000;
/** Mallory has 40 of 100 tokens; the other two 30 each. */
const mallory = 40;
const others = [30, 30] as const;
const share = mallory / 100;
const splits = [1, 2, 10, 40] as const;

/** A stake in many pieces: it pays where weight and stake are not the same thing. */
export const split: Attack = {
  name: 'split',
  title: 'a stake split over many names: does it pay?',
  flaw: 'To be kind to the poor, a lottery weighs a validator by the square root of its stake. But nobody knows who is who: Mallory comes under many names with a token each, and every name gets its kindness. One vote for each name is the same mistake, only worse.',
  cure: 'The weight must be the stake itself, so that the sum of the parts is the whole: a token is a ticket, whoever holds it, and there is nothing to gain from names. That the rich win more often is the price; a lottery without proof of identity cannot take it away.',
  run(seed) {
    const band = (bandDeviations * winsDeviation(share, rounds, Number.POSITIVE_INFINITY)) / rounds;
    return {
      flawed: splits.map((pieces) => measure(pieces, flawedWins(seed, pieces))),
      ours: [
        ...splits.map((pieces) => measure(pieces, ourWins(seed, pieces))),
        { what: 'a fair share, 95 of 100 times', value: `${percent(share - band)} to ${percent(share + band)}` },
      ],
    };
  },
};

function measure(pieces: number, wins: number): Measure {
  const names = pieces === 1 ? 'one name' : `${withThousands(pieces)} names`;
  return { what: `Mallory's wins with 40 of 100 tokens, under ${names}`, value: percent(wins / rounds) };
}

function flawedWins(seed: string, pieces: number): number {
  const prng = new Prng(seed, `split ${pieces}`);
  const fine = 1_000_000;
  const weightOf = (stake: number): number => Math.round(Math.sqrt(stake) * fine);
  const own = pieces * weightOf(mallory / pieces);
  const all = others.reduce((total, stake) => total + weightOf(stake), own);
  let wins = 0;
  for (let round = 0; round < rounds; round++) if (prng.below(all) < own) wins += 1;
  return wins;
}

function ourWins(seed: string, pieces: number): number {
  const players = [mallory, ...others].map((stake, place) => ({ name: String(place), stake: BigInt(stake) }));
  const setting: SimulationSettings = { players, rounds, reward: 0n, seed };
  return runToEnd(simulate(setting, { player: 0, pieces })).wins[0] ?? 0;
}
