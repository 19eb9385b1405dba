import { printable } from '../protocol/printable.ts';
import { exitCodes } from './exit-codes.ts';
import { onOneLine } from './one-line.ts';
import { VerbError } from './verb.ts';

/** Something cannot be written to where it was wanted. */
export class UnwritableError extends VerbError {
  override readonly name = 'UnwritableError';
  readonly exitCode: number = exitCodes.unwritable;

  /** `why` is what the system says. */
  constructor(place: string, why: string) {
    super(`${printable(place)} cannot be written: ${onOneLine(why)}`);
  }
}
