import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { program } from './program.ts';

/** What the banner of a server says. */
export interface Banner {
  readonly port: number;
  /** The address at which other nodes dial it; undefined where none can. */
  readonly peerLine: string | undefined;
  /** From the start of the process until it takes people, ms. */
  readonly startMs: number;
}

/** The built program in a process of its own, away from the settings of this machine. */
export class NodeProcess {
  /** Resolves when it takes people, rejects when it ends before that. */
  readonly ready: Promise<Banner>;
  readonly #child: ChildProcessByStdio<null, Readable, null>;

  /** @param through a command that becomes the one that follows it */
  constructor(words: readonly string[], through: readonly string[] = []) {
    const [file = '', ...rest] = [...through, process.execPath, program, ...words];
    const bornMs = performance.now();
    this.#child = spawn(file, rest, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] },
    });
    this.ready = this.#readBanner(bornMs);
    // A process that is killed while it starts is never ready, and not everybody waits for it.
    this.ready.catch(() => undefined);
  }

  /** The resident memory, bytes; NaN where the system does not tell. */
  residentBytes(): number {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? Number.NaN) * 1024;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }

  #readBanner(bornMs: number): Promise<Banner> {
    let text = '';
    return new Promise((resolve, reject) => {
      this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        if (text.length > 10_000) return;
        text += chunk;
        const [, port] = /\nnc \S+ (\d+)\n/.exec(text) ?? [];
        if (port === undefined) return;
        const [, peerLine] = /join with --peer (\S+)\n/.exec(text) ?? [];
        resolve({ port: Number(port), peerLine, startMs: performance.now() - bornMs });
      });
      this.#child.once('error', reject);
      this.#child.once('exit', (code) => reject(new Error(`a node did not start: ${code} ${text}`)));
    });
  }
}
