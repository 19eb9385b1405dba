import { createReadStream, existsSync, statSync } from 'node:fs';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { ChainError, DamageError } from '../../node/ports.ts';
import { ReadOnlyStore } from '../../storage/read-only-store.ts';
import type { CommandIo } from '../command.ts';
import { UnreadableError } from '../command-error.ts';
import { readCurrentDataDirectory } from '../config/current-config.ts';
import { cureText, repairLine } from '../start-command.ts';
import type { ChainSource } from './chain-source.ts';
import { DirectorySource } from './directory-source.ts';
import { TextSource } from './text-source.ts';

/** Opens what a person named: a data directory, a file, or `-` for `input`. Throws an UnreadableError. */
export async function openSource(word: string, input: NodeJS.ReadableStream): Promise<ChainSource> {
  if (word === '-') return new TextSource('standard input', input, undefined);
  const name = escapeForDisplay(word);
  if (!existsSync(word)) throw new UnreadableError(`there is no ${name}: name a data directory, a file, or -`);
  const stats = statSync(word);
  if (!stats.isDirectory()) return new TextSource(name, createReadStream(word), stats.size);
  return new DirectorySource(word, await openStored(word));
}

/** Opens what a person named, or without a name the data directory that the settings name. Throws an UnreadableError or a UsageError. */
export async function openDefaultSource(word: string | undefined, io: CommandIo): Promise<ChainSource> {
  const { input, errors } = io;
  if (word === '-' && input.isTTY) {
    errors.write(
      'Paste the chain, then press Ctrl-D. Terminals cut lines at 4095 characters: save a longer one to a file.\n',
    );
  }
  return openSource(word ?? readCurrentDataDirectory(io), input);
}

/** Opens the chain of a data directory, also while its server runs. Throws an UnreadableError. */
export async function openStored(directory: string): Promise<ReadOnlyStore> {
  if (!ReadOnlyStore.isAt(directory)) {
    const name = escapeForDisplay(directory);
    throw new UnreadableError(`there is no chain in ${name}: name the DATA_DIR of a server, for example data`);
  }
  try {
    return await ReadOnlyStore.open(directory);
  } catch (error) {
    if (error instanceof DamageError) throw new UnreadableError(`${error.message}. ${cureText(repairLine(directory))}`);
    if (error instanceof ChainError) throw new UnreadableError(error.message);
    throw error;
  }
}
