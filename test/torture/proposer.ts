import { connect, type Socket } from 'node:net';

/** Somebody at a node that mines, with one candidate, which becomes a block of its own. */
export class Proposer {
  /** Whose block it will be. */
  readonly address: string;
  readonly #socket: Socket;

  private constructor(socket: Socket, address: string) {
    this.#socket = socket;
    this.address = address;
  }

  /** Resolves when the node has taken the candidate, undefined where the connection ends before that. */
  static async propose(port: number, host: string): Promise<Proposer | undefined> {
    const socket = connect({ port, host, noDelay: true });
    socket.on('error', () => undefined);
    socket.once('connect', () => socket.write('72\n'));
    let text = '';
    return new Promise((resolve) => {
      socket.once('close', () => resolve(undefined));
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        text += chunk;
        const [, address] = /You are validator ([0-9a-f]{64}) /.exec(text) ?? [];
        // An answer stands behind the prompt; what is told of others stands on lines of its own.
        const isTaken = /^Enter a new BPM:(?:Searching for block|Candidate for block) \d+/m.test(text);
        if (address !== undefined && isTaken) resolve(new Proposer(socket, address));
      });
    });
  }

  leave(): void {
    this.#socket.destroy();
  }
}
