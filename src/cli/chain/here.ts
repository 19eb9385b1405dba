import { dataDirectoryHere } from '../settings.ts';
import type { Stage } from '../verb.ts';
import type { ChainSource } from './chain-source.ts';
import { openSource } from './open-source.ts';

/** Opens what a person named, or the data directory of a server that is started here. Throws an UnreadableError or a UsageError. */
export async function openHere(word: string | undefined, { input, errors }: Stage): Promise<ChainSource> {
  if (word === '-' && input.isTTY) {
    errors.write(
      'Paste the chain, then press Ctrl-D. Terminals cut lines at 4095 characters: save a longer one to a file.\n',
    );
  }
  return openSource(word ?? dataDirectoryHere(), input);
}
