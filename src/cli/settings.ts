import { readFileSync } from 'node:fs';
import { type Command, readCommand } from '../config.ts';

/** The settings as a server would take them that is started here and now with these words: from the words, the environment, .env. */
export function settingsHere(words: readonly string[], version: string): Command {
  return readCommand({ words, environment: process.env, envFile: readIfThere('.env'), version });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
