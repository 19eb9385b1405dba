import { percent, withThousands } from '../../../base/formatting.ts';
import { drawSeed, drawTicket } from '../../../core/draw.ts';
import type { Attack, Measure } from './attack.ts';
import { ChainBuilder } from './chain-builder.ts';

const rounds = 1000;
/** The tokens of nine others, who hold the first tickets, and all that Mallory has; Mallory comes last. */
const others = 90;
const mallory = 10;

/** Which ticket is drawn in a round when there are so many; what Mallory believes, or what comes out. */
type Oracle = (round: number, tickets: number) => number;

/** A draw seeded by the clock can be predicted with a clock. */
export const clock: Attack = {
  name: 'clock',
  title: 'a draw seeded by the clock: predict it',
  flaw: 'Many tutorials seed their random numbers with the time: rand.Seed(time.Now().Unix()). The numbers look random, but everybody has a clock. Rounds end every 30 seconds, so Mallory knows the second of the draw, draws along before it happens, and enters with just so many of her 10 tokens that the winning ticket is hers.',
  cure: 'The randomness must be fixed before the round and known to nobody but its keeper: block 0 publishes the hash of a secret, each block opens the next envelope, and time enters nowhere. Mallory, who has the clock, every earlier reveal and the whole source code, can only guess.',
  run(seed) {
    const builder = new ChainBuilder(seed, rounds);
    const ourTicket = (reveal: string, round: number, tickets: number): number =>
      Number(drawTicket(drawSeed(builder.genesis.Hash, round, reveal), BigInt(tickets)));
    const start = Number.parseInt(builder.genesis.Hash.slice(0, 7), 16);
    const flawed: Oracle = (round, tickets) => firstNumberOf(start + round * 30) % tickets;
    const ours: Oracle = (round, tickets) => ourTicket(builder.reveal(round), round, tickets);
    // The best that is known before the draw: the rule, and the link that was opened in the round before.
    const guess: Oracle = (round, tickets) => ourTicket(builder.reveal(round - 1), round, tickets);
    return { flawed: measure(play(flawed, flawed)), ours: measure(play(guess, ours)) };
  },
};

interface Result {
  readonly predicted: number;
  readonly wins: number;
}

function play(belief: Oracle, truth: Oracle): Result {
  let predicted = 0;
  let wins = 0;
  for (let round = 1; round <= rounds; round++) {
    const all = others + mallory;
    if (Math.floor(belief(round, all) / mallory) === Math.floor(truth(round, all) / mallory)) predicted += 1;
    const stake = bestStake((tickets) => belief(round, tickets));
    if (truth(round, others + stake) >= others) wins += 1;
  }
  return { predicted, wins };
}

/** The most tokens with which Mallory believes to win, all of them when she believes to lose anyway. */
function bestStake(believedTicket: (tickets: number) => number): number {
  for (let stake = mallory; stake > 0; stake--) if (believedTicket(others + stake) >= others) return stake;
  return mallory;
}

function measure({ predicted, wins }: Result): readonly Measure[] {
  return [
    {
      what: 'winner known before the draw (by luck: 1 of 10)',
      value: `${withThousands(predicted)} of ${withThousands(rounds)}`,
    },
    { what: "Mallory's wins with at most 10 of 100 tokens", value: percent(wins / rounds) },
  ];
}

/** The first number of a small random number generator (mulberry32): as good as another one, when its seed is secret. */
function firstNumberOf(seed: number): number {
  const state = (seed + 0x6d2b79f5) | 0;
  const mixed = Math.imul(state ^ (state >>> 15), state | 1);
  const more = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
  return (more ^ (more >>> 14)) >>> 0;
}
