import { randomBytes } from 'node:crypto';
import { parseDigits } from '../../core/amount.ts';
import { limits } from '../../core/limits.ts';
import { printable } from '../../protocol/printable.ts';
import { type OptionForm, readOptions, readWhole } from '../options.ts';
import { UsageError } from '../verb.ts';
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

/** Reads the words after `sortition simulate`; throws a UsageError for what is wrong with them. */
export function readSimulationOptions(words: readonly string[]): SimulationOptions {
  const { words: others, values } = readOptions(words, forms);
  const [other] = others;
  if (other !== undefined) {
    throw new UsageError(
      `"${printable(other)}" is not understood: simulate takes options only, such as --stakes 50,30,20`,
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
    reward: readWhole(forms, 'reward', values.get('reward') ?? '0', [0n, limits.stakeCeiling]),
    seed: values.get('seed') ?? randomBytes(8).toString('hex'),
    split: values.has('split') ? readSplit(values.get('split') ?? '') : undefined,
    output: values.has('json') ? 'json' : values.has('csv') ? 'csv' : 'text',
    svg: values.get('svg'),
  };
}

/** `50,30,20`, over and over for more validators; `1..1000`, every one of them, or evenly from the one to the other. */
function readPlayers(stakes: string, validators: string | undefined): readonly Player[] {
  const sizeMax = BigInt(limits.poolSizeMax);
  const count =
    validators === undefined ? undefined : Number(readWhole(forms, 'validators', validators, [1n, sizeMax]));
  const ends = stakes.split('..');
  if (ends.length > 1) {
    const [first, last] = ends.map(parseDigits);
    if (
      ends.length > 2 ||
      first === undefined ||
      last === undefined ||
      first < 1n ||
      last < first ||
      last > limits.stakeCeiling
    ) {
      throw wrongStakes(stakes);
    }
    const size = last - first + 1n;
    if (count === undefined && size > sizeMax) {
      throw new UsageError(
        `--stakes ${printable(stakes)} has ${size} stakes: say how many of them with --validators 100`,
      );
    }
    const steps = BigInt((count ?? Number(size)) - 1);
    return playersWith(count ?? Number(size), (place) =>
      steps === 0n ? first : first + ((last - first) * BigInt(place)) / steps,
    );
  }
  const list = stakes.split(',').map((stake) => {
    const tokens = parseDigits(stake.trim());
    if (tokens === undefined || tokens < 1n || tokens > limits.stakeCeiling) throw wrongStakes(stakes);
    return tokens;
  });
  if (list.length > limits.poolSizeMax) throw new UsageError(`--stakes has more than ${limits.poolSizeMax} stakes`);
  return playersWith(count ?? list.length, (place) => list[place % list.length] ?? 0n);
}

function playersWith(count: number, stakeOf: (place: number) => bigint): readonly Player[] {
  return Array.from({ length: count }, (_, place) => ({ name: String(place), stake: stakeOf(place) }));
}

function wrongStakes(stakes: string): UsageError {
  return new UsageError(
    `--stakes is ${printable(stakes)}, but must be whole numbers from 1 such as 50,30,20, or a range such as 1..1000`,
  );
}

function readSplit(text: string): Split {
  const [, player, pieces] = /^([0-9]{1,9}):([0-9]{1,9})$/.exec(text) ?? [];
  if (player === undefined || pieces === undefined || Number(pieces) < 1 || Number(pieces) > limits.poolSizeMax) {
    throw new UsageError(
      `--split is ${printable(text)}, but must be a validator, counted from 0, and its pieces, for example --split 0:10`,
    );
  }
  return { player: Number(player), pieces: Number(pieces) };
}
