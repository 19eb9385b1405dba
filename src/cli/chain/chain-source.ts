import { UnreadableError } from '../command-error.ts';
import { cureText } from '../start-command.ts';
import type { ChainEntry } from './chain-entry.ts';

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
  /** The command to type that saves the undamaged part. Undefined for what is no data directory. */
  readonly cure: string | undefined;
  /** Its chains, once. Throws an UnreadableError. */
  events(): AsyncGenerator<ChainEvent>;
  /** How much of it was read, 0 to 1, where that is known. */
  share(): number | undefined;
  close(): Promise<void>;
}

/** The error for a command that needs a whole chain where its data directory is damaged. */
export function damageError({ name, cure }: ChainSource, why: string): UnreadableError {
  return new UnreadableError(`${name} is damaged: ${why}${cure === undefined ? '' : `. ${cureText(cure)}`}`);
}
