import { settingsHere } from '../settings.ts';
import { type Stage, UsageError } from '../verb.ts';
import type { ChainSource } from './chain-source.ts';
import { openSource } from './open-source.ts';

/** Opens what a person named, or the data directory of a server that is started here. Throws an UnreadableError or a UsageError. */
export async function openHere(word: string | undefined, { input, errors, version }: Stage): Promise<ChainSource> {
  if (word === '-' && input.isTTY) {
    errors.write(
      'Paste the chain, then press Ctrl-D. Terminals cut lines at 4095 characters: save a longer one to a file.\n',
    );
  }
  return openSource(word ?? dataDirectory(version), input);
}

/** The data directory of a server that is started here. Throws a UsageError when the settings are wrong. */
export function dataDirectory(version: string): string {
  const command = settingsHere([], version);
  if (command.kind === 'wrong') throw new UsageError(command.why);
  return command.kind === 'serve' ? command.config.dataDir : 'data';
}
