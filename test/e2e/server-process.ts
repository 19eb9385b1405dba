import { Client } from '../client.ts';
import { program } from '../program.ts';
import { temporaryDirectory } from '../temporary.ts';
import { WatchedProcess } from '../watched-process.ts';

export interface ProcessOptions {
  /** A new directory where none is given. */
  readonly dataDir?: string;
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that runs the one that follows it, such as strace; it must not outlive or outwit its signals. */
  readonly through?: readonly string[];
}

/** The server in a process of its own, with a quick round, on a free port. */
export class ServerProcess extends WatchedProcess {
  readonly dataDir: string;

  constructor({ dataDir = temporaryDirectory(), words = [], environment = {}, through = [] }: ProcessOptions = {}) {
    const always = ['--port', '0', '--data-dir', dataDir, '--dashboard-port', '0', '--lottery-interval-ms', '400'];
    super([...through, process.execPath, program, ...always, ...words], { environment });
    this.dataDir = dataDir;
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
}
