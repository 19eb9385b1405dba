import { Client } from '../client.ts';
import { program } from '../program.ts';
import { type AtEnd, temporaryDirectory } from '../temporary.ts';
import { WatchedProcess } from '../watched-process.ts';
import { withShortSeries } from './preload.ts';

export interface ProcessOptions {
  /** A new directory where none is given. */
  readonly dataDir?: string;
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** A command that runs the one that follows it, such as strace; it must not outlive or outwit its signals. */
  readonly through?: readonly string[];
  /** Ends it; the end of the test does where it is not given. */
  readonly atEnd?: AtEnd;
}

/** The server in a process of its own, with a quick round, on a free port. */
export class ServerProcess extends WatchedProcess {
  readonly dataDir: string;

  constructor({ dataDir, words = [], environment = {}, through = [], atEnd }: ProcessOptions = {}) {
    const directory = dataDir ?? temporaryDirectory(atEnd);
    const always = ['--port', '0', '--data-dir', directory, '--dashboard-port', '0', '--lottery-interval-ms', '400'];
    super([...through, process.execPath, program, ...always, ...words], {
      environment: { ...withShortSeries(), ...environment },
      ...(atEnd === undefined ? {} : { atEnd }),
    });
    this.dataDir = directory;
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

  connect(host?: string, atEnd?: AtEnd): Client {
    return new Client(this.port, host, atEnd);
  }
}
