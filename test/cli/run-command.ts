import { Readable, Writable } from 'node:stream';
import { main } from '../../src/cli/cli.ts';
import type { ProcessIo } from '../../src/cli/command.ts';
import { temporaryDirectory } from '../temporary.ts';

export interface RunOptions {
  /** All that is typed, or a stream of it that stays open. */
  readonly input?: string | Buffer | Readable;
  readonly environment?: Readonly<Record<string, string>>;
  /** The working directory; a new one where none is given. */
  readonly directory?: string;
  /** How many columns the terminal has that is written to. It is a pipe where none are given. */
  readonly columns?: number;
}

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Collects what is written. */
class Capture extends Writable {
  readonly #pieces: Buffer[] = [];

  override _write(data: Buffer, _: BufferEncoding, done: () => void): void {
    this.#pieces.push(data);
    done();
  }

  get text(): string {
    return Buffer.concat(this.#pieces).toString();
  }
}

function streamOf(input: string | Buffer | Readable): Readable {
  return input instanceof Readable ? input : Readable.from([Buffer.from(input)]);
}

/**
 * Runs `sortition <words>` to its end in the process of the test, away from this machine's settings: for every command but a server that
 * starts, which needs a process of its own. The working directory belongs to the process, so that only one may run at a time.
 */
export async function runCommand(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return runMain((io) => main(words, io), options);
}

/** The same with something else than the whole program. */
export async function runMain(
  run: (io: ProcessIo) => Promise<number>,
  { input = '', environment = {}, directory = temporaryDirectory(), columns }: RunOptions = {},
): Promise<Finished> {
  const output = columns === undefined ? new Capture() : Object.assign(new Capture(), { isTTY: true, columns });
  const errors = new Capture();
  const before = process.cwd();
  process.chdir(directory);
  try {
    const code = await run({ input: streamOf(input), output, errors, environment });
    return { code, out: output.text, err: errors.text };
  } finally {
    process.chdir(before);
  }
}
