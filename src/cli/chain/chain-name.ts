import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { UsageError } from '../command-error.ts';
import type { OptionForm, Options } from '../options.ts';

/** Names a data directory, as it does for a server. */
export const dataDirForm: OptionForm = { name: 'data-dir', example: 'data' };

/**
 * The one chain that a person named as an argument or with --data-dir; undefined when neither is given. Throws a UsageError for more than one;
 * `taken` says what the command takes.
 */
export function readChainName({ positionals, values }: Options, taken: string): string | undefined {
  const directory = values.get(dataDirForm.name);
  const [name, another] = directory === undefined ? positionals : [directory, ...positionals];
  if (another !== undefined) throw new UsageError(`${taken}, and "${escapeForDisplay(another)}" is one more`);
  return name;
}
