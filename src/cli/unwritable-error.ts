import { escapeForDisplay } from '../base/escape-for-display.ts';
import { onOneLine } from '../base/one-line.ts';
import { CommandError } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** Something cannot be written to where it was wanted. */
export class UnwritableError extends CommandError {
  override readonly name = 'UnwritableError';
  readonly exitCode: number = exitCodes.unwritable;

  /** `why` is what the system says. */
  constructor(place: string, why: string) {
    super(`${escapeForDisplay(place)} cannot be written: ${onOneLine(why)}`);
  }
}
