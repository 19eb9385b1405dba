import { decimalShareOf } from '../../base/statistics/expected-wins.ts';
import { drawSeed, drawTicket } from '../../core/draw.ts';
import { taggedHash } from '../../core/hash.ts';
import { limits } from './limits.ts';
import { TicketTable } from './ticket-table.ts';

/** Decimals of a share of the stakes: all that a number holds of a share that is not tiny. */
export const shareDecimals = 15;

/** A simulated validator: its name in the report, and its stake. */
export interface Player {
  readonly name: string;
  readonly stake: bigint;
}

/** What is simulated. The same setting gives the same outcome. */
export interface SimulationSettings {
  readonly players: readonly Player[];
  readonly rounds: number;
  /** Tokens that every win adds to the winner's stake. */
  readonly reward: bigint;
  readonly seed: string;
}

/** A player whose stake is spread over several validators; each has a whole number of tokens, as equal as can be. */
export interface Split {
  readonly player: number;
  readonly pieces: number;
}

/** Wins of one player without another's in between. `last` is the round of the last of them, from 1. */
export interface Streak {
  readonly player: number;
  readonly length: number;
  readonly last: number;
}

/** The share of all stakes that the richest player had after `round` rounds, 0 … 1. */
export interface Sample {
  readonly round: number;
  readonly share: number;
}

export interface SimulationResult {
  /** Wins of each player. */
  readonly wins: readonly number[];
  /** What each player has in the end. */
  readonly stakes: readonly bigint[];
  /** The longest streak; the first one of that length. */
  readonly streak: Streak;
  /** From round 0 to the last one, at even distances. */
  readonly richest: readonly Sample[];
}

const samples = 60;

/**
 * Draws `rounds` rounds with the draw of SPEC 3, whose links come from the seed by hashing. Yields the rounds done now and then, so
 * that a caller can show them. Cost of a round: the hashes of its draw, and a search that grows with the logarithm of the players.
 */
export function* simulate(setting: SimulationSettings, split?: Split): Generator<number, SimulationResult> {
  const { players, rounds, reward, seed } = setting;
  const holders = holdersOf(setting, split);
  const table = new TicketTable(holders.map(({ stake }) => stake));
  const wins = new Array<number>(players.length).fill(0);
  const stakes = players.map(({ stake }) => stake);
  const genesisHash = taggedHash('genesis', 'simulation', seed);
  const richest: Sample[] = [];
  let most = stakes.reduce((a, b) => (b > a ? b : a), 0n);
  let streak: Streak = { player: 0, length: 0, last: 0 };
  let run = { player: -1, length: 0 };

  for (let round = 0; ; round++) {
    if (round * samples >= richest.length * rounds) {
      richest.push({ round, share: decimalShareOf(most, table.total, shareDecimals) });
    }
    if (round === rounds) return { wins, stakes, streak, richest };
    if (round % limits.simulatedRoundsPerStep === 0) yield round;
    const ticket = drawTicket(drawSeed(genesisHash, round + 1, taggedHash('link', seed, round + 1)), table.total);
    const place = table.holderOf(ticket);
    const player = holders[place]?.player ?? 0;
    const stake = (stakes[player] ?? 0n) + reward;
    wins[player] = (wins[player] ?? 0) + 1;
    if (reward > 0n) {
      stakes[player] = stake;
      table.add(place, reward);
      if (stake > most) most = stake;
    }
    run = { player, length: player === run.player ? run.length + 1 : 1 };
    if (run.length > streak.length) streak = { ...run, last: round + 1 };
  }
}

interface Holder {
  readonly player: number;
  readonly address: string;
  readonly stake: bigint;
}

/** All holders of tickets, in drawing order: by an address that comes from the seed. */
function holdersOf({ players, seed }: SimulationSettings, split: Split | undefined): readonly Holder[] {
  const holders = players.flatMap(({ stake }, player) => {
    const pieces = split?.player === player ? split.pieces : 1;
    const [each, rest] = [stake / BigInt(pieces), Number(stake % BigInt(pieces))];
    return Array.from({ length: pieces }, (_, piece) => ({
      player,
      address: taggedHash('leaf', 'simulation', seed, player, piece),
      stake: piece < rest ? each + 1n : each,
    }));
  });
  return holders.sort((a, b) => (a.address < b.address ? -1 : 1));
}
