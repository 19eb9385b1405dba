import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { Change } from './change.ts';
import { type AtEnd, temporaryDirectory } from './temporary.ts';

export interface WatchedOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** How standard output is read. */
  readonly encoding?: 'utf8' | 'latin1';
  /** Ends it; the end of the test does where it is not given. */
  readonly atEnd?: AtEnd;
}

/** A process of a test, away from this machine's settings; it ends with the test. Whoever waits here waits for words, never for time. */
export class WatchedProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  out = '';
  err = '';
  #hasEnded = false;
  /** Something was printed, or it has ended. */
  readonly #change = new Change();

  constructor(
    command: readonly string[],
    { environment = {}, encoding = 'utf8', atEnd = onTestFinished }: WatchedOptions = {},
  ) {
    const [file = '', ...words] = command;
    this.child = spawn(file, words, {
      // Not here: a .env of this directory is for whoever works in it.
      cwd: temporaryDirectory(atEnd),
      env: { PATH: process.env['PATH'], ...environment },
    });
    this.child.stdin.on('error', () => undefined);
    this.child.stdout.setEncoding(encoding).on('data', (text: string) => {
      this.out += text;
      this.#change.tell();
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
      this.#change.tell();
    });
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        this.#hasEnded = true;
        resolve(code ?? signal ?? 'unknown');
        this.#change.tell();
      });
    });
    atEnd(async () => {
      this.child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** Resolves when standard output matches, from some place on. */
  async prints(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.out.slice(from));
      if (found !== null) return found;
      if (this.#hasEnded) throw new Error(`ended without ${pattern}: ${this.out}${this.err}`);
      await this.#change.next();
    }
  }

  /** Types a line. */
  type(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }
}
