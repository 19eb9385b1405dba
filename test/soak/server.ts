import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { program } from '../program.ts';

/** The real program, watched from outside. */
export class SoakedServer {
  readonly port: number;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #directory: string;
  #out: string;

  private constructor(
    child: ChildProcessByStdio<Writable, Readable, null>,
    directory: string,
    out: string,
    port: number,
  ) {
    this.#child = child;
    this.#directory = directory;
    this.#out = out;
    this.port = port;
    child.stdout.on('data', (text: string) => {
      // The end is enough to read the last stats in.
      this.#out = (this.#out + text).slice(-20_000);
    });
  }

  static async start(words: readonly string[]): Promise<SoakedServer> {
    const directory = mkdtempSync(join(tmpdir(), 'sortition-soak-'));
    const always = [
      '--port',
      '0',
      '--dashboard-port',
      '0',
      '--host',
      '127.0.0.1',
      '--data-dir',
      join(directory, 'data'),
    ];
    const child = spawn(process.execPath, [program, ...always, ...words], {
      cwd: directory,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8');
    for await (const [text] of onData(child.stdout)) {
      out += text;
      const [, port] = /\nnc \S+ (\d+)\n/.exec(out) ?? [];
      if (port !== undefined) return new SoakedServer(child, directory, out, Number(port));
    }
    throw new Error(`the server did not start: ${out}`);
  }

  /** Resident memory, MB, from Linux; NaN elsewhere. */
  get residentMB(): number {
    try {
      const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? [];
      return Number(kilobytes) / 1024;
    } catch {
      return Number.NaN;
    }
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** The lines that the console's stats print, by their labels. */
  async stats(): Promise<ReadonlyMap<string, string>> {
    this.#out = '';
    this.#child.stdin.write('stats\n');
    while (!this.#out.includes(' resident; ') && !this.hasEnded) await delay(20);
    return new Map(
      // What goes on in the next line begins below its value.
      [...this.#out.matchAll(/^ {2}([a-z][a-z ]{10}) (.+(?:\n {14}.+)*)$/gm)].map(([, label = '', value = '']) => [
        label.trim(),
        value.replaceAll(/\n +/g, ' '),
      ]),
    );
  }

  /** Stops it; returns its exit code. */
  async stop(): Promise<number | string> {
    const ended = new Promise<number | string>((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    if (this.hasEnded) return this.#child.exitCode ?? this.#child.signalCode ?? 'unknown';
    this.#child.kill('SIGTERM');
    const code = await ended;
    rmSync(this.#directory, { recursive: true, force: true });
    return code;
  }
}

async function* onData(stream: Readable): AsyncGenerator<readonly [string]> {
  while (!stream.readableEnded) {
    yield await new Promise<readonly [string]>((resolve) => stream.once('data', (text: string) => resolve([text])));
  }
}
