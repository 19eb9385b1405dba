import { onOneLine } from '../../base/one-line.ts';
import { CommandError } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { cureText } from '../start-command.ts';
import type { ChainEntry } from './entry.ts';

/** What a source gives: chains one after the other. One that is broken does not end; one that is `damaged` on the disk ends after that. */
export type ChainEvent =
  | { readonly kind: 'begin' }
  | { readonly kind: 'entry'; readonly entry: ChainEntry }
  | { readonly kind: 'end' }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'damaged'; readonly why: string };

/** Where chains come from. */
export interface ChainSource {
  /** Its name, printable. */
  readonly name: string;
  /** How far the chain is known to have come: its last index and that block's hash. */
  readonly mark: { readonly index: number; readonly hash: string } | undefined;
  /** True for a data directory: it has one chain, and should have a mark. */
  readonly isStored: boolean;
  /** What keeps whatever is whole of it when it is damaged: a command to type. Undefined where nothing does. */
  readonly cure: string | undefined;
  /** Its chains, once. Throws an UnreadableError. */
  events(): AsyncGenerator<ChainEvent>;
  /** How much of it was read, 0 to 1, where that is known. */
  share(): number | undefined;
  close(): Promise<void>;
}

/** Why a chain of a data directory cannot be used by those who need all of it. */
export function damageError({ name, cure }: ChainSource, why: string): UnreadableError {
  return new UnreadableError(`${name} is damaged: ${why}${cure === undefined ? '' : `. ${cureText(cure)}`}`);
}

/** A chain cannot be read from where it was said to be. The message is one printable line for the person, whatever it is made of. */
export class UnreadableError extends CommandError {
  override readonly name = 'UnreadableError';
  readonly exitCode: number = exitCodes.unreadable;

  constructor(message: string) {
    super(onOneLine(message));
  }
}
