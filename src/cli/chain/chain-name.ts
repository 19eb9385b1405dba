import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { UsageError } from '../command-error.ts';
import type { OptionForm, Options } from '../options.ts';

/** Names a data directory, as it does for a server. */
export const dataDirForm: OptionForm = { name: 'data-dir', example: 'data' };

/**
 * The one chain that a person named by a word or by --data-dir; undefined for none. Throws a UsageError for more; `taken` says what the verb
 * takes.
 */
export function readChainName({ positionals, values }: Options, taken: string): string | undefined {
  const directory = values.get(dataDirForm.name);
  const [name, another] = directory === undefined ? positionals : [directory, ...positionals];
  if (another !== undefined) throw new UsageError(`${taken}, and "${escapeForDisplay(another)}" is one more`);
  return name;
}
