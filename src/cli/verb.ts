import type { ChalkInstance } from 'chalk';

/** Something that the program can be asked to do: `sortition <name> …`. */
export interface Verb {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** The whole help: usage, options, examples, exit codes. Ends with LF. */
  readonly help: string;
  /** Does it and returns the exit code. Throws UsageError for a slip of the person; anything else that is thrown is a fault of ours. */
  run(words: readonly string[], stage: Stage): Promise<number>;
}

/** Where a verb reads and writes. */
export interface Stage {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errors: NodeJS.WriteStream;
  /** Plain where `output` is not a terminal that has colours, or nobody wants them. */
  readonly paint: ChalkInstance;
  readonly version: string;
}

/** What a person got wrong on the command line, in one printable line without a full stop at its end. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
