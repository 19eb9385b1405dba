import { readFileSync } from 'node:fs';
import { messageOf } from '../../base/error-message.ts';
import { onOneLine } from '../../base/escape-for-display.ts';
import type { CommandIo } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { type ConfigResult, type PagePlace, readConfig, readDataDirectory, readPagePlace } from './config.ts';

/** The settings of a server that is started now in this directory: from the arguments, the environment and .env. Throws a UsageError. */
export function readCurrentConfig(
  args: readonly string[],
  { environment, version }: Pick<CommandIo, 'environment' | 'version'>,
): ConfigResult {
  const envFile = readEnvFile();
  if (envFile instanceof Error) return { kind: 'wrong', why: envFile.message };
  return readConfig({ args, environment, envFile, version });
}

/** Where such a server has its page. Throws a UsageError when that setting is wrong; the others do not matter. */
export function readCurrentPage({ environment }: Pick<CommandIo, 'environment'>): PagePlace {
  const envFile = readEnvFile();
  if (envFile instanceof Error) throw envFile;
  const page = readPagePlace({ environment, envFile });
  if ('why' in page) throw new UsageError(page.why);
  return page;
}

/** The data directory of such a server. Throws a UsageError when that setting is wrong; the others do not matter. */
export function readCurrentDataDirectory({ environment }: Pick<CommandIo, 'environment'>): string {
  const envFile = readEnvFile();
  if (envFile instanceof Error) throw envFile;
  const directory = readDataDirectory({ environment, envFile });
  if (directory !== undefined) return directory;
  throw new UsageError('DATA_DIR must be the path of a directory, for example DATA_DIR=data');
}

/** The text of .env, undefined when that file does not exist. A file that cannot be read is an error, as its settings were meant to count. */
function readEnvFile(): string | undefined | UsageError {
  try {
    return readFileSync('.env', 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return new UsageError(`the settings in .env cannot be read: ${onOneLine(messageOf(error))}`);
  }
}
