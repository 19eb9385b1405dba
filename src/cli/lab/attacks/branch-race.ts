import { limits } from '../../../consensus/work/limits.ts';
import type { Prng } from './prng.ts';
import { type DifficultyRule, firstDifficulty, hashesPerMs, WorkBranch } from './work-branch.ts';

const racesUsual = 500;
/** Mallory gives up when she is so many blocks behind, or their weight. */
const hopeless = 20;

/** How much a branch is: of two, nodes take the one that is more, and among equals the one that they knew first. */
export type Weigh = (branch: WorkBranch) => number;

export const byBlocks: Weigh = ({ blocks }) => blocks;
/** In blocks of the first difficulty. */
export const byWork: Weigh = ({ work }) => Number(work) / Number(firstDifficulty);

/** The Timestamp of a block of Mallory's, ms, before it is kept from going back. */
export type Stamp = (nowMs: number) => number;

export const trueTime: Stamp = (nowMs) => nowMs;
export const asLateAsAllowed: Stamp = (nowMs) => nowMs + limits.futureMaxMs;
export const standingStill: Stamp = () => 0;

/** A race of Mallory's branch against the one that all others work on, from the block on that she wants to replace. */
export interface Race {
  /** What of all work is hers. */
  readonly share: number;
  /** How many blocks the others put first, before anything is done that she wants undone. */
  readonly confirmations: number;
  readonly weigh: Weigh;
  readonly stamp: Stamp;
  /** The difficulties of both branches; those of SPEC 7 where it is left out. */
  readonly rule?: DifficultyRule;
  /** True where nodes take a branch that is as much as theirs, and not only one that is more. */
  readonly isLevelEnough?: boolean;
  /** How often it is run; more often for smaller chances. */
  readonly races?: number;
}

/**
 * The chance that a miner with this share of all work ever comes level with a chain that has put `blocks` on top of a block of its own (Nakamoto,
 * "Bitcoin: A Peer-to-Peer Electronic Cash System", section 11).
 */
export function catchUpChance(share: number, blocks: number): number {
  const odds = share / (1 - share);
  if (odds >= 1) return 1;
  const mean = blocks * odds;
  let poisson = Math.exp(-mean);
  let never = 0;
  for (let found = 0; found <= blocks; found++) {
    never += poisson * (1 - odds ** (blocks - found));
    poisson *= mean / (found + 1);
  }
  return 1 - never;
}

/**
 * The same chance where the others find their blocks with luck, too, as they do: the number of hers while they find `blocks` has a negative binomial
 * distribution (Rosenfeld, "Analysis of hashrate-based double-spending").
 */
export function levelChance(share: number, blocks: number): number {
  const others = 1 - share;
  if (share >= others) return 1;
  let [never, ways] = [0, 1];
  for (let hers = 0; hers <= blocks; hers++) {
    never += ways * (others ** blocks * share ** hers - others ** hers * share ** blocks);
    ways *= (hers + blocks) / (hers + 1);
  }
  return 1 - never;
}

/** What of many races Mallory wins. */
export function raceOften(prng: Prng, terms: Race): number {
  const { races = racesUsual } = terms;
  let won = 0;
  for (let time = 0; time < races; time++) if (race(prng, terms)) won += 1;
  return won / races;
}

/** True when Mallory's branch is taken, at the earliest when the block to be replaced has all its confirmations. */
function race(prng: Prng, { share, confirmations, weigh, stamp, rule, isLevelEnough = false }: Race): boolean {
  const honest = WorkBranch.fromSteadyChain(rule);
  const hers = WorkBranch.fromSteadyChain(rule);
  let nowMs = 0;
  for (;;) {
    // Blocks found in a millisecond.
    const honestRate = ((1 - share) * hashesPerMs) / Number(honest.difficulty);
    const herRate = (share * hashesPerMs) / Number(hers.difficulty);
    nowMs -= Math.log(1 - prng.fraction()) / (honestRate + herRate);
    if (prng.fraction() * (honestRate + herRate) < herRate) hers.add(Math.max(hers.lastMs, stamp(nowMs)));
    else honest.add(nowMs);
    if (honest.blocks < confirmations) continue;
    const lead = weigh(hers) - weigh(honest);
    if (lead > 0 || (isLevelEnough && lead === 0)) return true;
    if (lead <= -hopeless) return false;
  }
}
