import type { Block, DrawnBlock } from '../../core/block.ts';

/** What goes from the server to the page and to other programs, as JSON. Amounts are decimal strings, as in a chain. */

/** Where the lottery stands. */
export interface Status {
  readonly version: string;
  /** The index of the last block. */
  readonly height: number;
  readonly phase: 'open' | 'paused' | 'drawing' | 'disk-full';
  readonly intervalMs: number;
  /** Until the next draw is due. */
  readonly remainingMs: number;
  /** Candidates that were accepted in the open round, and the tokens that they stake. */
  readonly candidates: number;
  readonly totalStake: string;
  /** People with a stake. */
  readonly validators: number;
  /** People connected, with or without a stake. */
  readonly connections: number;
  /** Pages that listen to /api/events. */
  readonly watchers: number;
  /** The commands to join, one for each address of the machine. */
  readonly join: readonly string[];
  /** The addresses of the page that other machines reach; none when it is for this machine only. */
  readonly pages: readonly string[];
}

/** Neighbouring tickets of a pool in drawing order: those of one validator, or of some smaller ones together where the pool is large. */
export interface Segment {
  readonly stake: string;
  readonly count: number;
  /** Stands on the segment that a validator has for itself. */
  readonly validator?: string;
  readonly bpm?: number;
  /** Stands on the segment that the drawn ticket fell on. */
  readonly isWinner?: true;
}

/** The event `snapshot`: all that a page needs to begin with, or to go on with after it was away. */
export interface Snapshot {
  readonly status: Status;
  readonly segments: readonly Segment[];
  /** The newest blocks, the newest first. */
  readonly newest: readonly Block[];
}

/** The event `pool`: people came, went, proposed or were slashed. It replaces what was known of the open round. */
export interface PoolChange {
  readonly status: Status;
  readonly segments: readonly Segment[];
}

/** The event `drawn`: a block, and the pool that it was drawn from. */
export interface Drawn {
  readonly block: DrawnBlock;
  readonly segments: readonly Segment[];
}

/** The event `stopped`: the server ends. It was asked to, its disk refused to store a block, or its chain is not where it was on the disk. */
export interface Stopped {
  readonly why: 'asked' | 'disk-refused' | 'chain-gone';
}

/** How one validator fared in the rounds that are looked at. */
export interface ValidatorStats {
  readonly validator: string;
  /** The stake of the newest of these rounds. */
  readonly stake: string;
  readonly isConnected: boolean;
  /** In how many of these rounds it took part. */
  readonly rounds: number;
  readonly wins: number;
  /** The sum over its rounds of its share of the pool. */
  readonly expectedWins: number;
  /** Chance alone leads to fewer wins than `low` in at most 2.5 % of all lotteries, and to more than `high` in at most 2.5 %. */
  readonly low: number;
  readonly high: number;
  /** How often chance alone leads at least as far away from what is expected. */
  readonly pValue: number;
}

/** The answer of /api/validators. */
export interface FairnessAnswer {
  /** The first and the last block that were looked at; null before the first draw. */
  readonly firstBlock: number | null;
  readonly lastBlock: number | null;
  readonly rounds: number;
  /** Blocks before `firstBlock` whose pools are not looked at, although all were asked for. */
  readonly roundsLeftOut: number;
  /** Those expected to win most often first. */
  readonly validators: readonly ValidatorStats[];
  readonly validatorsLeftOut: number;
  /** How often chance alone gives some validator of this list a result as unlikely as the least likely one here; 1 before the first draw. */
  readonly pValue: number;
}

/** A round that a validator took part in. */
export interface Participation {
  readonly index: number;
  readonly stake: string;
  readonly totalStake: string;
  readonly isWinner: boolean;
}

/** The answer of /api/validators/ADDRESS. */
export interface ValidatorHistory {
  readonly validator: string;
  readonly isConnected: boolean;
  /** The first block whose pool was looked at; null before the first draw. */
  readonly firstBlock: number | null;
  /** Oldest first. */
  readonly parts: readonly Participation[];
}
