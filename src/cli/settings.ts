import { readFileSync } from 'node:fs';
import { type Command, readCommand, readDataDirectory } from '../config.ts';
import { UsageError } from './verb.ts';

/** The settings as a server would take them that is started here and now with these words: from the words, the environment, .env. */
export function settingsHere(words: readonly string[], version: string): Command {
  return readCommand({ words, environment: process.env, envFile: readIfThere('.env'), version });
}

/** The data directory of a server that is started here. Throws a UsageError when that setting is wrong; the others do not matter. */
export function dataDirectoryHere(): string {
  const directory = readDataDirectory({ environment: process.env, envFile: readIfThere('.env') });
  if (directory !== undefined) return directory;
  throw new UsageError('DATA_DIR must be the path of a directory, for example DATA_DIR=data');
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
