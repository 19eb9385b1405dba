import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { program } from '../program.ts';

/** The real program, to be killed. */
export class Server {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly port: number;
  /** The height of the chain when it was ready. */
  readonly height: number;

  private constructor(child: ChildProcessByStdio<null, Readable, null>, port: number, height: number) {
    this.#child = child;
    this.port = port;
    this.height = height;
  }

  /** Resolves when it is ready for people. */
  static async start(dataDir: string, roundMs: number): Promise<Server> {
    const words = ['--port', '0', '--host', '127.0.0.1', '--dashboard-port', '0', '--data-dir', dataDir];
    const child = spawn(process.execPath, [program, ...words, '--lottery-interval-ms', String(roundMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    const banner = await new Promise<RegExpExecArray>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        if (text.length > 10_000) return;
        text += chunk;
        const found = /(?:(\d+) blocks|only its genesis)[\s\S]*\nnc \S+ (\d+)\n/.exec(text);
        if (found !== null) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`the server did not start: ${code} ${text}`)));
    });
    const [, blocks, port] = banner;
    return new Server(child, Number(port), Number(blocks ?? 1) - 1);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Kills it as a power cut would, but for the disk's own cache. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await gone;
  }
}
