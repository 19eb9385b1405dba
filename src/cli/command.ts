import type { Readable, Writable } from 'node:stream';
import type { ChalkInstance } from 'chalk';

/** What is known of a command before it is asked for: `sortition <name> …`. */
export interface Verb {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** Imports the command. Starting one command costs nothing for the others. */
  load(): Promise<Command>;
}

/** Something that the program can be asked to do. */
export interface Command {
  /** The whole help: usage, options, examples, exit codes. Ends with LF. */
  readonly help: string;
  /** The help of the part that the arguments name, for a command that has parts. Undefined where they name no part. */
  helpOn?(args: readonly string[]): string | undefined;
  /** Runs the command and returns the exit code. Throws a CommandError for what can be foreseen; anything else that is thrown is a fault of ours. */
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** A pipe, a file, or a terminal, which says so. */
export type CommandInput = Readable & { readonly isTTY?: boolean };

/** A pipe, a file, or a terminal, which says so and how large it is. */
export type CommandOutput = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** What the process that runs a command gives it. Names of files are taken from the working directory, which is the process's own. */
export interface ProcessIo {
  readonly input: CommandInput;
  readonly output: CommandOutput;
  readonly errors: CommandOutput;
  /** The environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What a command reads and writes. */
export interface CommandIo extends ProcessIo {
  /** Adds no colour where `output` is not a terminal that has colours, or NO_COLOR is set. */
  readonly paint: ChalkInstance;
  readonly version: string;
}
