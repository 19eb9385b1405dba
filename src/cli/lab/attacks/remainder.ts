import { hash } from 'node:crypto';
import { percent } from '../../../base/formatting.ts';
import { chiSquareTest } from '../../../base/statistics/chi-square.ts';
import { drawAttempts, drawSeed } from '../../../core/draw.ts';
import type { Attack, Measure } from './attack.ts';
import { ChainBuilder } from './chain-builder.ts';

const rounds = 20_000;
/** Three validators with a billion tokens each: a total that 32 bits hold one time and a bit. */
const stake = 1_000_000_000;
const total = 3 * stake;

/** A random number folded by a remainder: the first tickets come more often. */
export const remainder: Attack = {
  name: 'remainder',
  title: 'a random number cut by a remainder: be first in the list',
  flaw: 'To get a ticket from a random number one takes the remainder: random % total. But 32 bits give 4,294,967,296 numbers, and they do not divide evenly among 3,000,000,000 tickets: the last 1,294,967,296 numbers are folded onto the first tickets, which so come up twice as often. Three validators with a billion tokens each are not equal any more, and the one whose address sorts first is rich.',
  cure: 'Take as many bits as the total needs, and when the number is not below the total, throw it away and draw again. Every ticket is then equally likely, and on average fewer than two attempts are needed, however large the total is.',
  run(seed) {
    const builder = new ChainBuilder(seed, 1);
    const flawed = [0, 0, 0];
    const ours = [0, 0, 0];
    let attempts = 0;
    for (let round = 1; round <= rounds; round++) {
      const random = Number.parseInt(hash('sha256', `${seed} ${round}`).slice(0, 8), 16);
      count(flawed, random % total);
      for (const { value } of drawAttempts(drawSeed(builder.genesis.Hash, round, builder.reveal(1)), BigInt(total))) {
        attempts += 1;
        if (value < BigInt(total)) count(ours, Number(value));
      }
    }
    const attemptsText = { what: 'attempts for a ticket, on average', value: (attempts / rounds).toFixed(2) };
    return { flawed: measures(flawed), ours: [...measures(ours), attemptsText] };
  },
};

function count(wins: number[], ticket: number): void {
  const holder = Math.floor(ticket / stake);
  wins[holder] = (wins[holder] ?? 0) + 1;
}

function measures(wins: readonly number[]): readonly Measure[] {
  const names = ['first', 'second', 'third'];
  const chance =
    chiSquareTest(
      wins,
      wins.map(() => rounds / wins.length),
    )?.chance ?? 1;
  return [
    ...wins.map((won, place) => ({
      what: `wins of the ${names[place]} of three equals`,
      value: percent(won / rounds),
    })),
    { what: 'chance that a fair draw is so far off', value: chance < 1e-9 ? 'none' : percent(chance) },
  ];
}
