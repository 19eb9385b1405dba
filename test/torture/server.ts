import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { program } from '../program.ts';

interface Readiness {
  readonly port: number;
  /** The height of the chain when the server was ready. */
  readonly height: number;
}

/** The real program, to be killed at any moment of its life. */
export class Server {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  /** Resolves when it is ready for people, rejects when it ends before that. */
  readonly ready: Promise<Readiness>;

  constructor(dataDir: string, roundMs: number) {
    const words = ['--port', '0', '--host', '127.0.0.1', '--dashboard-port', '0', '--data-dir', dataDir];
    const rules = ['--lottery-interval-ms', String(roundMs), '--rejoin-grace-ms', '60000'];
    this.#child = spawn(process.execPath, [program, ...words, ...rules], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.ready = this.#readBanner();
    // A server that is killed while it starts is never ready, and nobody has to wait for it.
    this.ready.catch(() => undefined);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Kills it, suspended or not: what the system has not written to the disk yet is still written. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #readBanner(): Promise<Readiness> {
    let text = '';
    return new Promise((resolve, reject) => {
      this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        if (text.length > 10_000) return;
        text += chunk;
        const found = /(?:(\d+) blocks|only its genesis)[\s\S]*\nnc \S+ (\d+)\n/.exec(text);
        if (found !== null) resolve({ port: Number(found[2]), height: Number(found[1] ?? 1) - 1 });
      });
      this.#child.once('exit', (code) => reject(new Error(`the server did not start: ${code} ${text}`)));
    });
  }
}
