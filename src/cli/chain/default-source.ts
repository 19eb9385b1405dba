import type { CommandIo } from '../command.ts';
import { dataDirectoryHere } from '../config/current-config.ts';
import type { ChainSource } from './chain-source.ts';
import { openSource } from './open-source.ts';

/** Opens what a person named, or the data directory of a server that is started here. Throws an UnreadableError or a UsageError. */
export async function openDefaultSource(word: string | undefined, io: CommandIo): Promise<ChainSource> {
  const { input, errors } = io;
  if (word === '-' && input.isTTY) {
    errors.write(
      'Paste the chain, then press Ctrl-D. Terminals cut lines at 4095 characters: save a longer one to a file.\n',
    );
  }
  return openSource(word ?? dataDirectoryHere(io), input);
}
