import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { withThousands } from '../../base/formatting.ts';
import { UsageError } from '../command-error.ts';
import { type Config, readConfig } from '../config/config.ts';
import { limits } from './limits.ts';
import type { Script } from './script.ts';

/** Where nothing is said, a scenario is still the same each time. */
export const usualSeed = 'scenario';

/** The settings that mean something where there is no machine: no ports, directories, threads, beacons, peers. */
export const settable: readonly string[] = [
  'lottery-interval-ms',
  'chain-broadcast-interval-ms',
  'max-stake',
  'slash-after',
  'max-lines-per-second',
  'rejoin-grace-ms',
  'consensus',
  'ledger',
  'difficulty',
  'work-interval-ms',
  'faucet-grant',
  'reward',
];

/** The settings that the file names; throws a UsageError that names the line. */
export function readSettings({ settings, steps }: Script, name: string, version: string): Config {
  const words: string[] = [];
  for (const { line, words: more } of settings) {
    words.push(...more);
    const why = findSettingFault(more) ?? findConfigFault(words, version);
    if (why !== undefined) throw new UsageError(`${name}: line ${line}: ${why}`);
  }
  const config = configOf(words, version);
  const shortestMs = Math.min(config.lotteryIntervalMs, config.chainBroadcastIntervalMs);
  const late = steps.find(({ atMs }) => atMs / shortestMs > limits.roundsMax);
  if (late === undefined) return config;
  throw new UsageError(
    `${name}: line ${late.line}: ${late.atMs} ms are more than ${withThousands(limits.roundsMax)} times the ${shortestMs} ms of a round or a broadcast, and that is the most: choose an earlier moment, for example at ${shortestMs}ms`,
  );
}

/** A setting that means nothing here; undefined where there is none. */
function findSettingFault(words: readonly string[]): string | undefined {
  const other = words.find((word) => word.startsWith('-') && !settable.includes(word.replace(/^--|=.*$/g, '')));
  if (other === undefined) return undefined;
  const known = settable.map((option) => `--${option}`).join(', ');
  return `"${escapeForDisplay(other)}" is not understood: with takes ${known}. For example: with --lottery-interval-ms 5s`;
}

function findConfigFault(words: readonly string[], version: string): string | undefined {
  try {
    configOf(words, version);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

/** The seed that is given, or the usual one. Throws a UsageError. */
export function readSeed(given: string | undefined, version: string): string {
  return configOf(given === undefined ? [] : ['--seed', given], version).seed ?? usualSeed;
}

/** The settings of a server with these words on its command line, and nothing else. Throws a UsageError. */
function configOf(words: readonly string[], version: string): Config {
  const read = readConfig({ args: words, environment: {}, envFile: undefined, version });
  if (read.kind === 'serve') return read.config;
  throw new UsageError(read.kind === 'wrong' ? read.why : 'this asks for no scenario');
}
