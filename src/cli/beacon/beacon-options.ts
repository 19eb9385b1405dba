import { join } from 'node:path';
import { parseDigits } from '../../base/amount.ts';
import { parseDuration } from '../../base/duration.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { isBeaconName } from '../../core/beacon.ts';
import { limits as platformLimits } from '../../platform/limits.ts';
import type { CommandIo } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { readCurrentDataDirectory } from '../config/current-config.ts';
import { type OptionForm, readOptions, readWhole } from '../options.ts';
import { limits } from './limits.ts';

export interface BeaconOptions {
  readonly port: number;
  readonly host: string;
  /** Where its key is. */
  readonly keyFile: string;
  /** What a new beacon is called, and the seconds between its rounds; undefined where nothing was said. */
  readonly name: string | undefined;
  readonly period: number | undefined;
}

const forms: readonly OptionForm[] = [
  { name: 'port', example: '9003' },
  { name: 'host', example: '0.0.0.0' },
  { name: 'period', example: '3s' },
  { name: 'name', example: 'anna' },
  { name: 'data-dir', example: 'data' },
];

/** Reads the words of the command `beacon`. Throws a UsageError that says what is wrong. */
export function readBeaconOptions(args: readonly string[], io: CommandIo): BeaconOptions {
  const { positionals, values } = readOptions(args, forms);
  const [word] = positionals;
  if (word !== undefined) {
    throw new UsageError(`beacon takes options only, not "${escapeForDisplay(word)}", for example --port 9003`);
  }
  const portRange = [0n, BigInt(platformLimits.portMax)] as const;
  return {
    port: Number(readWhole(forms, 'port', values.get('port') ?? '9003', portRange)),
    host: values.get('host') ?? 'localhost',
    keyFile: join(values.get('data-dir') ?? readCurrentDataDirectory(io), 'beacon-key.json'),
    name: readName(values.get('name')),
    period: readPeriod(values.get('period')),
  };
}

function readName(text: string | undefined): string | undefined {
  if (text === undefined || isBeaconName(text)) return text;
  throw new UsageError(
    `--name is "${escapeForDisplay(text)}", but must be 1 to 32 of a-z, 0-9 and -, for example --name anna`,
  );
}

/** Whole seconds: rounds have no fraction of one. A number without a unit is seconds, as drand's own period is. */
function readPeriod(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  const seconds = parseDigits(text) ?? (ms !== undefined && ms % 1000n === 0n ? ms / 1000n : undefined);
  if (seconds !== undefined && seconds >= 1n && seconds <= limits.periodSMax) return Number(seconds);
  throw new UsageError(
    `--period is "${escapeForDisplay(text)}", but must be whole seconds from 1 to ${limits.periodSMax}, for example --period 3s`,
  );
}
