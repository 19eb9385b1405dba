import { percent, withThousands } from '../../../base/formatting.ts';
import { drawSeed, drawTicket } from '../../../core/draw.ts';
import { taggedHash } from '../../../core/hash.ts';
import type { Attack, Measure } from './attack.ts';
import { ChainBuilder } from './chain-builder.ts';

const rounds = 300;
/** Thirty-three honest validators with 300 tokens each, the friend with 100, and dummies with one each. */
const honest = 33;
const honestStake = 300;
const friendStake = 100;
const dummiesMax = 200;
const tokens = honest * honestStake + friendStake;

/** A seed that depends on who takes part: the operator adds dummies until it likes the result. */
export const pool: Attack = {
  name: 'pool',
  title: 'the seed is bound to the pool: roll again with dummies',
  flaw: 'Hashing the list of entrants into the seed looks safer, as nobody can know the seed before the list is closed. But the operator knows the secret and closes the list. It adds a dummy with one token, looks who would win, adds another, and stops when its friend, who has 100 of 10,000 tokens, is drawn. Every dummy is a new throw of the dice, and costs nothing.',
  cure: 'Nothing that can be chosen during a round may enter the seed: here dummies throw no dice, and whoever does not know the secret gets what the tokens are worth. That takes the dice away from the operator, but not yet its knowledge: an operator who plays itself knows the ticket, and can pick addresses so that its own tokens lie there. This is the limit that the README names. Only randomness that the operator does not know either cures it: a public beacon, mixed in after the pool is closed, as the attack operator shows.',
  run(seed) {
    const builder = new ChainBuilder(seed, rounds);
    const flawed = { tickets: 0, wins: 0 };
    const ours = { tickets: 0, blindWins: 0, placedWins: 0 };
    for (let round = 1; round <= rounds; round++) {
      const reveal = builder.reveal(round);
      const flawedTickets = ticketsByDummies((dummies) => drawSeed(listHash(dummies), round, reveal));
      flawed.tickets += new Set(flawedTickets).size;
      if (flawedTickets.some((ticket) => ticket < friendStake)) flawed.wins += 1;

      const seedOfRound = drawSeed(builder.genesis.Hash, round, reveal);
      const ourTickets = ticketsByDummies(() => seedOfRound);
      ours.tickets += new Set(ourTickets).size;
      // With all dummies, at addresses that come as they come: the friend's tickets and theirs are any 300.
      if ((ourTickets.at(-1) ?? tokens) < friendStake + dummiesMax) ours.blindWins += 1;
      if (ourTickets.some(canBePlaced)) ours.placedWins += 1;
    }
    return { flawed: flawedMeasures(flawed), ours: ourMeasures(ours) };
  },
};

/** The ticket that is drawn with 0, 1, 2 … dummies. */
function ticketsByDummies(seedOf: (dummies: number) => string): readonly number[] {
  return Array.from({ length: dummiesMax + 1 }, (_, dummies) =>
    Number(drawTicket(seedOf(dummies), BigInt(tokens + dummies))),
  );
}

/** A list of entrants with so many dummies at its end, as one hash. */
function listHash(dummies: number): string {
  return taggedHash('leaf', 'lab', 'entrants', honest, dummies);
}

/** True when the friend and so many dummies hold the ticket if their addresses stand side by side between two honest ones. */
function canBePlaced(ticket: number, dummies: number): boolean {
  return ticket % honestStake < friendStake + dummies;
}

function flawedMeasures({ tickets, wins }: { readonly tickets: number; readonly wins: number }): readonly Measure[] {
  return [
    { what: 'different tickets that 200 dummies make, in a round', value: withThousands(Math.round(tickets / rounds)) },
    { what: "the friend's wins (worth of 100 tokens: 1.00 %)", value: percent(wins / rounds) },
  ];
}

interface OurResult {
  readonly tickets: number;
  readonly blindWins: number;
  readonly placedWins: number;
}

function ourMeasures({ tickets, blindWins, placedWins }: OurResult): readonly Measure[] {
  return [
    { what: 'different tickets that 200 dummies make, in a round', value: (tickets / rounds).toFixed(2) },
    { what: 'wins of friend and dummies together (worth: 2.94 %)', value: percent(blindWins / rounds) },
    { what: 'known limit: wins if the operator also picks addresses', value: percent(placedWins / rounds) },
  ];
}
