import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../temporary.ts';

const program = new URL('../../dist/main.js', import.meta.url).pathname;

/** `sortition <words>` in a process of its own, away from this machine's settings. It waits for words and never for time. */
export class VerbProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  out = '';
  err = '';
  #hasEnded = false;
  #look: () => void = () => undefined;

  /** `on a terminal` needs script(1), and takes words without blanks and quotes only. */
  constructor(
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    place: 'in pipes' | 'on a terminal' = 'in pipes',
  ) {
    const command = [process.execPath, program, ...words];
    const [file = '', ...parts] =
      place === 'in pipes' ? command : ['script', '--quiet', '--return', '--command', command.join(' '), '/dev/null'];
    this.child = spawn(file, parts, {
      cwd: temporaryDirectory(),
      env: { PATH: process.env['PATH'], ...environment },
    });
    this.child.stdin.on('error', () => undefined);
    this.child.stdout.setEncoding('latin1').on('data', (text: string) => {
      this.out += text;
      this.#look();
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        this.#hasEnded = true;
        resolve(code ?? signal ?? 'unknown');
        this.#look();
      });
    });
    onTestFinished(async () => {
      this.child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** Resolves when standard output matches. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.out);
      if (found !== null) return found;
      if (this.#hasEnded) throw new Error(`ended without ${pattern}: ${this.out}${this.err}`);
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }
}
