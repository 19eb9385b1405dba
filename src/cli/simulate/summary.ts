import { type ChiSquare, chiSquareTest } from '../../base/statistics/chi-square.ts';
import { decimalShareOf, isInBand as isWithinBand, winsDeviation } from '../../base/statistics/expected-wins.ts';
import { streakChance } from '../../base/statistics/streak-chance.ts';
import { limits } from './limits.ts';
import {
  type SimulationResult,
  type SimulationSettings,
  type Split,
  type Streak,
  shareDecimals,
} from './simulation.ts';

/** The wins of one player, or of several in one row, beside what was expected. */
export interface ValidatorResult {
  readonly name: string;
  readonly stake: bigint;
  /** Of all stakes at the beginning, 0 … 1. */
  readonly share: number;
  readonly wins: number;
  readonly expected: number;
  /** The standard deviation of the wins. */
  readonly deviation: number;
  /** Of all stakes in the end, 0 … 1. */
  readonly shareNow: number;
}

/** All that a report says. */
export interface Summary {
  readonly setting: SimulationSettings;
  readonly outcome: SimulationResult;
  readonly totalStake: bigint;
  readonly standings: readonly ValidatorResult[];
  /** Missing with a reward, as the rounds are not alike then, and where there is too little to test. */
  readonly chiSquare: ChiSquare | undefined;
  /** The chance of a streak at least as long as the longest one, 0 … 1. Missing with a reward. */
  readonly streakChance: number | undefined;
  readonly split: { readonly split: Split; readonly standing: ValidatorResult } | undefined;
}

/** A second run of the same rounds in which one player's stake was split. */
interface SplitRun {
  readonly split: Split;
  readonly outcome: SimulationResult;
}

/** Compares the result with what was expected. */
export function summarise(
  setting: SimulationSettings,
  outcome: SimulationResult,
  splitRun: SplitRun | undefined,
): Summary {
  const { players, rounds, reward } = setting;
  const totalStake = players.reduce((total, { stake }) => total + stake, 0n);
  const standings = resultsOf(setting, outcome, totalStake);
  const standing = splitRun && resultsOf(setting, splitRun.outcome, totalStake)[splitRun.split.player];
  const observed = standings.map(({ wins }) => wins);
  const expected = standings.map((one) => one.expected);
  return {
    setting,
    outcome,
    totalStake,
    standings,
    chiSquare: reward > 0n ? undefined : chiSquareTest(observed, expected),
    streakChance: reward > 0n ? undefined : chanceOf(standings, rounds, outcome.streak),
    split: splitRun && standing && { split: splitRun.split, standing },
  };
}

/** True when the wins are inside of the band that holds 95 of 100 fair results. */
export function isInBand({ wins, expected, deviation }: ValidatorResult): boolean {
  return isWithinBand(wins, expected, deviation);
}

/** Whether the validators are too many for a row each. */
export function isGrouped({ standings }: Summary): boolean {
  return standings.length > limits.glanceRowsMax;
}

/** The standings as a person can take them in: where they are many, neighbours by stake stand together, named by their ranks from 1. */
export function glanceResults(summary: Summary): readonly ValidatorResult[] {
  const { setting, standings } = summary;
  if (!isGrouped(summary)) return standings;
  const byStake = [...standings].sort((a, b) => (a.stake < b.stake ? -1 : a.stake > b.stake ? 1 : 0));
  return Array.from({ length: limits.glanceRowsMax }, (_, row) => {
    const first = Math.floor((row * byStake.length) / limits.glanceRowsMax);
    const members = byStake.slice(first, Math.floor(((row + 1) * byStake.length) / limits.glanceRowsMax));
    const last = first + members.length;
    return together(setting, members.length === 1 ? `${last}` : `${first + 1}-${last}`, members);
  });
}

function resultsOf(
  setting: SimulationSettings,
  { wins, stakes }: SimulationResult,
  totalStake: bigint,
): readonly ValidatorResult[] {
  const { players, rounds, reward } = setting;
  const urn = urnOf(setting, totalStake);
  const totalNow = totalStake + reward * BigInt(rounds);
  return players.map(({ name, stake }, player) => {
    const share = decimalShareOf(stake, totalStake, shareDecimals);
    return {
      name,
      stake,
      share,
      wins: wins[player] ?? 0,
      expected: rounds * share,
      deviation: winsDeviation(share, rounds, urn),
      shareNow: decimalShareOf(stakes[player] ?? 0n, totalNow, shareDecimals),
    };
  });
}

function together(setting: SimulationSettings, name: string, members: readonly ValidatorResult[]): ValidatorResult {
  const total = (part: (member: ValidatorResult) => number): number =>
    members.reduce((sum, member) => sum + part(member), 0);
  const totalStake = setting.players.reduce((sum, { stake }) => sum + stake, 0n);
  const share = total((member) => member.share);
  return {
    name,
    stake: members.reduce((sum, { stake }) => sum + stake, 0n),
    share,
    wins: total((member) => member.wins),
    expected: total((member) => member.expected),
    deviation: winsDeviation(share, setting.rounds, urnOf(setting, totalStake)),
    shareNow: total((member) => member.shareNow),
  };
}

function urnOf({ reward }: SimulationSettings, totalStake: bigint): number {
  return reward > 0n ? Number(totalStake) / Number(reward) : Number.POSITIVE_INFINITY;
}

function chanceOf(standings: readonly ValidatorResult[], rounds: number, streak: Streak): number {
  return streakChance(
    standings.map(({ share }) => share),
    rounds,
    streak.length,
  );
}
