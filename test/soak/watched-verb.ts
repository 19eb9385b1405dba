import { type ChildProcess, spawn } from 'node:child_process';
import { program } from '../program.ts';

/** `sortition <words>` in a process of its own, whose output is kept and waited for. */
export class WatchedVerb {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | string>;
  #out = '';
  #heard: () => void = () => undefined;

  constructor(words: readonly string[], directory: string) {
    this.#child = spawn(process.execPath, [program, ...words], { cwd: directory, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#out += text;
        this.#heard();
      });
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        resolve(code ?? signal ?? 'unknown');
        this.#heard();
      });
    });
  }

  /** All that it has printed. */
  get out(): string {
    return this.#out;
  }

  /** Resolves with what matches in the output; throws an Error where it ends before. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#out);
      if (found !== null) return found;
      if (this.#child.exitCode !== null) throw new Error(`it ended with ${this.#child.exitCode}: ${this.#out}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Sends a signal, and resolves with its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.#child.kill(signal);
    return this.#ended;
  }
}
