import type { ChalkInstance } from 'chalk';
import { exitCodes } from './exit-codes.ts';

/** Something that the program can be asked to do: `sortition <name> …`. */
export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** The whole help: usage, options, examples, exit codes. Ends with LF. */
  readonly help: string;
  /** The help of a part of it that the words after it name, where it has parts; undefined where they name none. */
  helpOn?(words: readonly string[]): string | undefined;
  /** Does it and returns the exit code. Throws a VerbError for what can be foreseen; anything else that is thrown is a fault of ours. */
  run(words: readonly string[], stage: CommandIo): Promise<number>;
}

/** Where a verb reads and writes. */
export interface CommandIo {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errors: NodeJS.WriteStream;
  /** Plain where `output` is not a terminal that has colours, or nobody wants them. */
  readonly paint: ChalkInstance;
  readonly version: string;
}

/** Why a verb cannot do what it was asked to, in one printable line without a full stop at its end, and how the program then ends. */
export abstract class CommandError extends Error {
  abstract readonly exitCode: number;
}

/** What a person got wrong on the command line. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';
  readonly exitCode: number = exitCodes.wrongUsage;
}
