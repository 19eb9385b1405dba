import { escapeForDisplay, onOneLine } from '../base/escape-for-display.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Why a command cannot do what it was asked to do. The message is one printable line without a full stop at its end; the exit code says how
 * the program then ends.
 */
export abstract class CommandError extends Error {
  abstract readonly exitCode: number;
}

/** What a person got wrong on the command line or in a setting. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
  readonly exitCode: number = exitCodes.wrongUsage;
}

/** What was asked for could not be done, and not for wrong usage. */
export class FailedError extends CommandError {
  override readonly name = 'FailedError';
  readonly exitCode: number = exitCodes.failed;
}

/** Another program listens where this one should. */
export class PortInUseError extends CommandError {
  override readonly name = 'PortInUseError';
  readonly exitCode: number = exitCodes.portInUse;
}

/** A chain, or a file, cannot be read from where it should be. The message may have any text in it, such as a path. */
export class UnreadableError extends CommandError {
  override readonly name = 'UnreadableError';
  readonly exitCode: number = exitCodes.unreadable;

  constructor(message: string) {
    super(onOneLine(message));
  }
}

/** Something cannot be written to where it was wanted. */
export class UnwritableError extends CommandError {
  override readonly name = 'UnwritableError';
  readonly exitCode: number = exitCodes.unwritable;

  /** `why` is what the system says. */
  constructor(place: string, why: string) {
    super(`${escapeForDisplay(place)} cannot be written: ${onOneLine(why)}`);
  }
}
