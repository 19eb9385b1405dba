import { randomBytes } from 'node:crypto';
import { parseDigits } from '../../base/amount.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { withThousands } from '../../base/formatting.ts';
import { limits as lotteryLimits } from '../../consensus/lottery/limits.ts';
import { UsageError } from '../command-error.ts';
import { type OptionForm, readOptions, readWhole } from '../options.ts';
import { limits } from './limits.ts';
import type { Player, Split } from './simulation.ts';

/** What a person asked to be simulated. */
export interface SimulationOptions {
  /** Either stakes, or the data directory of the chain whose last pool has them. */
  readonly players: readonly Player[] | { readonly fork: string };
  readonly rounds: number;
  readonly reward: bigint;
  readonly seed: string;
  readonly split: Split | undefined;
  readonly output: 'text' | 'csv' | 'json';
  /** A file for a picture. */
  readonly svg: string | undefined;
}

const forms: readonly OptionForm[] = [
  { name: 'stakes', example: '50,30,20' },
  { name: 'validators', example: '100' },
  { name: 'fork', example: 'data' },
  { name: 'rounds', example: '100000' },
  { name: 'seed', example: 'monday' },
  { name: 'split', example: '0:10' },
  { name: 'reward', example: '1' },
  { name: 'svg', example: 'picture.svg' },
  { name: 'csv' },
  { name: 'json' },
];

/** Reads the arguments after `simulate`. Throws a UsageError. */
export function readSimulationOptions(words: readonly string[]): SimulationOptions {
  const { positionals: others, values } = readOptions(words, forms);
  const [other] = others;
  if (other !== undefined) {
    throw new UsageError(
      `"${escapeForDisplay(other)}" is not understood: simulate takes options only, such as --stakes 50,30,20`,
    );
  }
  if (values.has('csv') && values.has('json')) throw new UsageError('--csv and --json do not go together: choose one');
  const fork = values.get('fork');
  if (fork !== undefined && (values.has('stakes') || values.has('validators'))) {
    throw new UsageError('--fork takes the stakes of a chain: leave --stakes and --validators out');
  }
  return {
    players: fork === undefined ? readPlayers(values.get('stakes') ?? '50,30,20', values.get('validators')) : { fork },
    rounds: Number(
      readWhole(forms, 'rounds', values.get('rounds') ?? '100000', [1n, BigInt(limits.simulatedRoundsMax)]),
    ),
    reward: readWhole(forms, 'reward', values.get('reward') ?? '0', [0n, lotteryLimits.stakeCeiling]),
    seed: values.get('seed') ?? randomBytes(8).toString('hex'),
    split: values.has('split') ? readSplit(values.get('split') ?? '') : undefined,
    output: values.has('json') ? 'json' : values.has('csv') ? 'csv' : 'text',
    svg: values.get('svg'),
  };
}

/** A stake for each of so many validators; without a number, for as many as the stakes are. */
function readPlayers(stakes: string, validators: string | undefined): readonly Player[] {
  const sizeMax = BigInt(lotteryLimits.poolSizeMax);
  const count =
    validators === undefined ? undefined : Number(readWhole(forms, 'validators', validators, [1n, sizeMax]));
  const found = stakes.includes('..') ? readRange(stakes, count) : readList(stakes, count);
  return found.map((stake, place) => ({ name: String(place), stake }));
}

/** `1..1000`: every one of them, or so many evenly from the one to the other. */
function readRange(stakes: string, count: number | undefined): readonly bigint[] {
  const [first = 0n, last = 0n, ...others] = stakes.split('..').map(readStake);
  if (others.length > 0 || first < 1n || last < first) throw wrongStakes(stakes);
  const size = last - first + 1n;
  if (count === undefined && size > BigInt(lotteryLimits.poolSizeMax)) {
    throw new UsageError(
      `--stakes ${escapeForDisplay(stakes)} has ${withThousands(size)} stakes: say how many of them with --validators 100`,
    );
  }
  const length = count ?? Number(size);
  const steps = BigInt(Math.max(1, length - 1));
  return Array.from({ length }, (_, place) => first + ((last - first) * BigInt(place)) / steps);
}

/** `50,30,20`: these, over and over for more. */
function readList(stakes: string, count: number | undefined): readonly bigint[] {
  const list = stakes.split(',').map((stake) => readStake(stake.trim()) ?? 0n);
  if (list.includes(0n)) throw wrongStakes(stakes);
  if (list.length > lotteryLimits.poolSizeMax) {
    throw new UsageError(`--stakes has more than ${withThousands(lotteryLimits.poolSizeMax)} stakes`);
  }
  return Array.from({ length: count ?? list.length }, (_, place) => list[place % list.length] ?? 0n);
}

/** Undefined for what is no amount that may be staked. */
function readStake(text: string): bigint | undefined {
  const stake = parseDigits(text);
  return stake !== undefined && stake >= 1n && stake <= lotteryLimits.stakeCeiling ? stake : undefined;
}

function wrongStakes(stakes: string): UsageError {
  return new UsageError(
    `--stakes is ${escapeForDisplay(stakes)}, but must be whole numbers from 1 such as 50,30,20, or a range such as 1..1000`,
  );
}

function readSplit(text: string): Split {
  const [, player, pieces] = /^([0-9]{1,9}):([0-9]{1,9})$/.exec(text) ?? [];
  if (
    player === undefined ||
    pieces === undefined ||
    Number(pieces) < 1 ||
    Number(pieces) > lotteryLimits.poolSizeMax
  ) {
    throw new UsageError(
      `--split is ${escapeForDisplay(text)}, but must be a validator, counted from 0, and its pieces, for example --split 0:10`,
    );
  }
  return { player: Number(player), pieces: Number(pieces) };
}
