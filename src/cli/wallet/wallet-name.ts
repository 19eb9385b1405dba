import { UsageError } from '../command-error.ts';
import type { Options } from '../options.ts';
import { commandLine } from '../start-command.ts';

/** The wallet that is meant. Throws a UsageError where none or more than one is named. */
export function readName({ positionals: [name, another] }: Options, action: string): string {
  if (name !== undefined && another === undefined) return name;
  const example = commandLine('wallet', action, 'alice');
  throw new UsageError(
    `wallet ${action} needs the NAME of one wallet, for example: ${example}. wallet list names them`,
  );
}
