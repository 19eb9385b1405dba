import { parseDigits } from '../../base/amount.ts';
import { parseDuration } from '../../base/duration.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { limits as lotteryLimits } from '../../consensus/lottery/limits.ts';
import { limits as coreLimits } from '../../core/limits.ts';
import { UsageError } from '../command-error.ts';
import { limits as cliLimits } from '../limits.ts';
import { exampleOf, type OptionForm, readOptions, readWhole } from '../options.ts';
import type { Range } from './auto-player.ts';
import { limits } from './limits.ts';

/** What `sortition join` was asked to do. */
export interface JoinOptions {
  /** The arguments that name the server. */
  readonly server: readonly string[];
  /** Undefined when a person enters it. */
  readonly stake: bigint | undefined;
  /** Undefined when a person proposes. */
  readonly bpm: Range | undefined;
  /** How often to propose, ms; undefined for once a round. */
  readonly everyMs: number | undefined;
  /** Undefined for one person. */
  readonly bots: { readonly count: number; readonly stakes: Range } | undefined;
  /** After how many draws to leave; undefined for never. */
  readonly rounds: number | undefined;
  /** The server's page, which gives the signatures of sealed pools; undefined where they are not asked for. */
  readonly page: string | undefined;
}

const forms: readonly OptionForm[] = [
  { name: 'stake', example: '100' },
  { name: 'bpm', example: '60..100' },
  { name: 'every', example: '5s' },
  { name: 'bots', example: '20' },
  { name: 'stakes', example: '1..1000' },
  { name: 'rounds', example: '10' },
  { name: 'page', example: 'http://localhost:9001/' },
];

const heartRates: Range = { min: 60n, max: 100n };
const stakesOfBots: Range = { min: 1n, max: 1000n };

/** Reads the arguments after `join`. Throws a UsageError. */
export function readJoinOptions(words: readonly string[]): JoinOptions {
  const { positionals: server, values } = readOptions(words, forms);
  const every = values.get('every');
  const everyMs = every === undefined || every === 'once-per-round' ? undefined : readInterval(every);
  const bpmText = values.get('bpm');
  const isAutomatic = every !== undefined || values.has('bots');
  const bpm =
    bpmText === undefined
      ? isAutomatic
        ? heartRates
        : undefined
      : readRange('bpm', bpmText, 0n, BigInt(coreLimits.bpmMax));
  const stakeText = values.get('stake');
  const rounds = values.get('rounds');
  return {
    server,
    stake: stakeText === undefined ? undefined : readWhole(forms, 'stake', stakeText, [1n, lotteryLimits.stakeCeiling]),
    bpm,
    everyMs,
    bots: readBots(values),
    page: readPage(values.get('page')),
    rounds:
      rounds === undefined
        ? undefined
        : Number(readWhole(forms, 'rounds', rounds, [1n, BigInt(limits.joinedRoundsMax)])),
  };
}

function readBots(values: ReadonlyMap<string, string>): JoinOptions['bots'] {
  const bots = values.get('bots');
  const stakes = values.get('stakes');
  if (bots === undefined) {
    if (stakes !== undefined)
      throw new UsageError('--stakes is for bots: --bots 20 --stakes 1..1000. One stake is --stake 100');
    return undefined;
  }
  if (values.has('stake'))
    throw new UsageError('--stake is for one: bots take --stakes, for example --stakes 100 or --stakes 1..1000');
  return {
    count: Number(readWhole(forms, 'bots', bots, [1n, BigInt(limits.botsMax)])),
    stakes: stakes === undefined ? stakesOfBots : readRange('stakes', stakes, 1n, lotteryLimits.stakeCeiling),
  };
}

/** The address of a page, without a slash at its end. */
function readPage(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new UsageError(
    `--page is "${escapeForDisplay(text)}", but must be the address of a page, for example --page ${exampleOf(forms, 'page')}`,
  );
}

function readRange(name: string, text: string, min: bigint, max: bigint): Range {
  const [, first = '', last = first] = /^([0-9]+)(?:\.\.([0-9]+))?$/.exec(text) ?? [];
  const [from, to] = [parseDigits(first), parseDigits(last)];
  if (from === undefined || to === undefined || from < min || to > max || from > to) {
    throw new UsageError(
      `--${name} is "${escapeForDisplay(text)}", but must be a whole number from ${min} to ${max}, or a range of them, for example --${name} ${exampleOf(forms, name)}`,
    );
  }
  return { min: from, max: to };
}

function readInterval(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < BigInt(cliLimits.intervalMsMin) || ms > BigInt(cliLimits.intervalMsMax)) {
    throw new UsageError(
      `--every is "${escapeForDisplay(text)}", but must be once-per-round or a time from ${cliLimits.intervalMsMin}ms to a day, for example --every 5s`,
    );
  }
  return Number(ms);
}
