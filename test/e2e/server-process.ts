import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { Client } from '../client.ts';
import { temporaryDirectory } from '../temporary.ts';

const program = new URL('../../dist/main.js', import.meta.url).pathname;

export interface ProcessOptions {
  /** A new directory where none is given. */
  readonly dataDir?: string;
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that runs the one that follows it, such as strace; it must not outlive or outwit its signals. */
  readonly through?: readonly string[];
}

/** The real program in a process of its own, with a quick round, on a free port, away from this machine's settings. */
export class ServerProcess {
  readonly dataDir: string;
  readonly child: ChildProcessWithoutNullStreams;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  out = '';
  err = '';
  #hasEnded = false;
  #look: () => void = () => undefined;

  constructor({ dataDir = temporaryDirectory(), words = [], environment = {}, through = [] }: ProcessOptions = {}) {
    this.dataDir = dataDir;
    const always = ['--port', '0', '--data-dir', dataDir, '--dashboard-port', '0', '--lottery-interval-ms', '400'];
    const [command = process.execPath, ...rest] = [...through, process.execPath, program, ...always, ...words];
    this.child = spawn(command, rest, {
      // Not here: a .env of this directory is for whoever works in it.
      cwd: temporaryDirectory(),
      env: { PATH: process.env['PATH'], ...environment },
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.out += text;
      this.#look();
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
      this.#look();
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

  /** A process that is ready for people. */
  static async start(options: ProcessOptions = {}): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    await server.prints(/\nnc \S+ \d+\n$/);
    return server;
  }

  get port(): number {
    const [, port] = /\nnc \S+ (\d+)\n/.exec(this.out) ?? [];
    if (port === undefined) throw new Error(`the server is not ready: ${this.out}${this.err}`);
    return Number(port);
  }

  connect(host?: string): Client {
    return new Client(this.port, host);
  }

  /** Resolves when the console matches. */
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

  /** The operator types a command. */
  type(command: string): void {
    this.child.stdin.write(`${command}\n`);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }
}
