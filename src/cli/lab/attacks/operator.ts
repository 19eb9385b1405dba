import { percent } from '../../../base/formatting.ts';
import { runToEnd } from '../../../base/run-to-end.ts';
import type { SealedPool } from '../../../core/beacon.ts';
import { drawSeed, drawTicket } from '../../../core/draw.ts';
import { judgeEvidence } from '../../../core/evidence.ts';
import { taggedHash } from '../../../core/hash.ts';
import { type Candidate, Pool } from '../../../core/pool.ts';
import { SumTree } from '../../../core/sum-tree.ts';
import { nativeVerifier } from '../../../platform/ed25519.ts';
import type { Attack, Measure } from './attack.ts';
import { ChainBuilder, candidateNamed } from './chain-builder.ts';

const rounds = 1000;
/** Thirty-three honest validators with 300 tokens each, and an operator who plays with 100 of its own, under any addresses. */
const honest = 33;
const honestStake = 300;
const ownStake = 100;
const tokens = honest * honestStake + ownStake;

/** Tokens that lie side by side in the order of the tickets: behind so many honest validators. */
type Place = number;

/** An operator that knows its own secret, and puts its tokens where the ticket will be. */
export const operator: Attack = {
  name: 'operator',
  title: 'the operator knows every ticket: put its own tokens there',
  flaw: 'Without a beacon the operator of this very program knows the ticket of a round before the pool is closed: it has the secret. It cannot change the ticket. But it can play itself, with 100 of 10,000 tokens, and choose the address with which it does: then its tokens lie where the ticket will be, whenever that is among the first hundred behind an honest validator. No rule is broken, and no verifier finds anything.',
  cure: 'The draw takes in what a beacon publishes at least three seconds after the pool was sealed. Then the operator has to choose before it knows, and to change the pool afterwards it must sign two pools of one block, which convicts it before everybody. What is left: an operator whose friend keeps the only beacon, and tells its rounds beforehand, wins as without one, and nothing shows it. With several beacons all of their keepers must be its friends. And a beacon keeps nobody from stopping: an operator who does not like a draw can let the chain stand still for ever, for all to see, but never draw that pool again.',
  run(seed) {
    const builder = new ChainBuilder(seed, rounds);
    const wins = { known: 0, guessed: 0, keeper: 0, friend: 0, oneFriend: 0, twoFriends: 0 };
    const moved = { pools: 0, convicted: 0 };
    for (let round = 1; round <= rounds; round++) {
      const reveal = builder.reveal(round);
      const ticketOf = (secret: string, ...published: readonly string[]): number =>
        Number(drawTicket(drawSeed(builder.genesis.Hash, round, secret, published), BigInt(tokens)));
      // What counts of a signature here is who knows it, and when.
      const [one, two] = [publishedBy(seed, 'one', round), publishedBy(seed, 'two', round)];
      const before = [publishedBy(seed, 'one', round - 1), publishedBy(seed, 'two', round - 1)] as const;
      const [plain, single, double] = [ticketOf(reveal), ticketOf(reveal, one), ticketOf(reveal, one, two)];

      if (holds(placeFor(plain), plain)) wins.known += 1;
      if (holds(placeFor(ticketOf(reveal, before[0])), single)) wins.guessed += 1;
      if (holds(placeFor(ticketOf(builder.reveal(Math.max(1, round - 1)), one)), single)) wins.keeper += 1;
      if (holds(placeFor(single), single)) wins.friend += 1;
      if (holds(placeFor(ticketOf(reveal, one, before[1])), double)) wins.oneFriend += 1;
      if (holds(placeFor(double), double)) wins.twoFriends += 1;
      if (placeFor(plain) !== placeFor(single)) moved.pools += 1;
      if (isConvicted(builder, round, placeFor(plain), placeFor(single))) moved.convicted += 1;
    }
    return { flawed: withoutBeacon(wins), ours: withBeacons(wins, moved) };
  },
};

/** A value that is not known before its time. */
function publishedBy(seed: string, beacon: string, round: number): string {
  return taggedHash('seed', 'lab', seed, 'beacon', beacon, round);
}

/** Where tokens lie best for a ticket. */
function placeFor(ticket: number): Place {
  return Math.floor(ticket / honestStake);
}

/** Whether the operator's tokens have the ticket when they lie there. */
function holds(place: Place, ticket: number): boolean {
  const first = place * honestStake;
  return ticket >= first && ticket < first + ownStake;
}

/**
 * Whether an operator is convicted that moves its tokens after its pool is sealed. Where they lay well already there is nothing to move, and
 * nothing to convict.
 */
function isConvicted(builder: ChainBuilder, index: number, sealed: Place, drawn: Place): boolean {
  const [first, second] = [sealed, drawn].map((place) => builder.seal(sealedPool(index, place)));
  if (first === undefined || second === undefined) return false;
  const Statements = [first, second] as const;
  return 'value' in judgeEvidence({ Version: 1, Genesis: builder.genesis, Statements }, nativeVerifier());
}

/** The pool with the operator's tokens at a place, as it is sealed. */
function sealedPool(index: number, place: Place): SealedPool {
  const players = Array.from({ length: honest }, (_, number) => candidateNamed(String(number), BigInt(honestStake)));
  const pool = new Pool();
  for (const candidate of [...players, ownCandidate(players, place)]) pool.add(candidate);
  const { candidates, leaves } = pool.freeze();
  const { root } = runToEnd(SumTree.grow(leaves));
  const Sealed = new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString();
  return { Index: index, Sealed, PoolRoot: root.hash, PoolSize: candidates.length, TotalStake: String(root.sum) };
}

/** A candidate whose address comes right behind those of so many others. */
function ownCandidate(players: readonly Candidate[], place: Place): Candidate {
  const sorted = players.map(({ validator }) => validator).sort();
  const before = place === 0 ? 0n : BigInt(`0x${sorted[place - 1]}`) + 1n;
  return { validator: before.toString(16).padStart(64, '0'), stake: BigInt(ownStake), payload: 70 };
}

interface Wins {
  readonly known: number;
  readonly guessed: number;
  readonly keeper: number;
  readonly friend: number;
  readonly oneFriend: number;
  readonly twoFriends: number;
}

function withoutBeacon({ known }: Wins): readonly Measure[] {
  return [{ what: 'wins of an operator with 1.00 % of the tokens', value: percent(known / rounds) }];
}

function withBeacons(
  { guessed, keeper, friend, oneFriend, twoFriends }: Wins,
  moved: { readonly pools: number; readonly convicted: number },
): readonly Measure[] {
  return [
    { what: 'one beacon: wins of the operator alone', value: percent(guessed / rounds) },
    { what: 'one beacon: wins of its keeper alone', value: percent(keeper / rounds) },
    { what: 'tokens moved after the seal: pools that convict', value: `${moved.convicted} of ${moved.pools}` },
    { what: 'known limit: operator and keeper together', value: percent(friend / rounds) },
    { what: 'two beacons: the operator and one keeper', value: percent(oneFriend / rounds) },
    { what: 'known limit: the operator and both keepers', value: percent(twoFriends / rounds) },
  ];
}
