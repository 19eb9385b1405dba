import { readFileSync } from 'node:fs';
import { messageOf } from '../../base/error-message.ts';
import { onOneLine } from '../../base/one-line.ts';
import type { CommandIo } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { type ConfigResult, readConfig, readDataDirectory } from './config.ts';

/** The settings as a server takes them that is started here and now with these words: from the words, the environment, .env. Throws a UsageError. */
export function readCurrentConfig(
  args: readonly string[],
  { environment, version }: Pick<CommandIo, 'environment' | 'version'>,
): ConfigResult {
  const envFile = readEnvFile();
  if (envFile instanceof Error) return { kind: 'wrong', why: envFile.message };
  return readConfig({ args, environment, envFile, version });
}

/** The data directory of a server that is started here. Throws a UsageError when that setting is wrong; the others do not matter. */
export function readCurrentDataDirectory({ environment }: Pick<CommandIo, 'environment'>): string {
  const envFile = readEnvFile();
  if (envFile instanceof Error) throw envFile;
  const directory = readDataDirectory({ environment, envFile });
  if (directory !== undefined) return directory;
  throw new UsageError('DATA_DIR must be the path of a directory, for example DATA_DIR=data');
}

/** What is in .env, undefined when there is none. One that cannot be read is none either, but what stands in it was meant to count. */
function readEnvFile(): string | undefined | UsageError {
  try {
    return readFileSync('.env', 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return new UsageError(`the settings in .env cannot be read: ${onOneLine(messageOf(error))}`);
  }
}
