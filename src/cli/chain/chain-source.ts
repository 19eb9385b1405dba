import { exitCodes } from '../exit-codes.ts';
import { onOneLine } from '../one-line.ts';
import { VerbError } from '../verb.ts';
import type { Entry } from './entry.ts';

/** What a source gives: chains one after the other. One that is broken does not end. */
export type ChainEvent =
  | { readonly kind: 'begin' }
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'end' }
  | { readonly kind: 'broken'; readonly why: string };

/** Where chains come from. */
export interface ChainSource {
  /** Its name, printable. */
  readonly name: string;
  /** How far the chain is known to have come: its last index and that block's hash. */
  readonly mark: { readonly index: number; readonly hash: string } | undefined;
  /** True for a data directory: it has one chain, and should have a mark. */
  readonly isStored: boolean;
  /** Its chains, once. Throws an UnreadableError. */
  events(): AsyncGenerator<ChainEvent>;
  /** How much of it was read, 0 to 1, where that is known. */
  share(): number | undefined;
  close(): Promise<void>;
}

/** A chain cannot be read from where it was said to be. The message is one printable line for the person, whatever it is made of. */
export class UnreadableError extends VerbError {
  override readonly name = 'UnreadableError';
  readonly exitCode: number = exitCodes.unreadable;

  constructor(message: string) {
    super(onOneLine(message));
  }
}
