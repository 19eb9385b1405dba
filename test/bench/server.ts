import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `ours`, or a bare one: `echo` writes back each chunk, `per-line` answers each line in a write of its own, `idle` greets and listens for data. */
export type ServerKind = 'ours' | 'echo' | 'per-line' | 'idle';

/** A server in a process of its own, so that those who measure it do not share its event loop. */
export class BenchServer {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #directory: string;

  private constructor(child: ChildProcess, directory: string, port: number) {
    this.#child = child;
    this.#directory = directory;
    this.port = port;
  }

  /** @param words settings of ours, after those that every run has */
  static async start(kind: ServerKind, words: readonly string[] = []): Promise<BenchServer> {
    const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
    const child = fork(new URL('./server-child.ts', import.meta.url), [kind, directory, ...words], {
      stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
      execArgv: [...process.execArgv, '--expose-gc'],
    });
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', (message) => resolve(Number(message)));
      child.once('exit', (code) => reject(new Error(`the ${kind} server ended with ${code}`)));
    });
    return new BenchServer(child, directory, port);
  }

  /** Asks the child for a number. */
  async ask(what: 'memory'): Promise<number> {
    const answered = new Promise<number>((resolve) =>
      this.#child.once('message', (message) => resolve(Number(message))),
    );
    this.#child.send(what);
    return answered;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
