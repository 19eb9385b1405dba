import { connect, type Socket } from 'node:net';

/** A seat that was lost: its validator has heard that it is slashed. */
export class SlashedSeat {
  readonly #code: string;

  private constructor(code: string) {
    this.#code = code;
  }

  /** Joins, waits until its seat is on the disk, and is slashed. Resolves with the first bytes of that word. Others have to propose meanwhile. */
  static async lose(port: number): Promise<SlashedSeat> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    try {
      socket.write('100\n');
      const [, code = ''] = await hears(socket, /seconds: rejoin (\S+)\n/);
      // A seat is synced with the block behind it, and the first block may have been on its way before.
      await hears(socket, /winning validator: [\s\S]*winning validator: /);
      socket.write('x\n');
      await hears(socket, /Slashed/);
      return new SlashedSeat(code);
    } finally {
      socket.destroy();
    }
  }

  /** Whether a server gives this seat back. */
  async comesBack(port: number): Promise<boolean> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    try {
      socket.write(`rejoin ${this.#code}\n`);
      const [, refusal] = await hears(socket, /You are validator|(is not the code of a seat)/);
      return refusal === undefined;
    } finally {
      socket.destroy();
    }
  }
}

/** Resolves when text that has come since now matches. */
async function hears(socket: Socket, pattern: RegExp): Promise<RegExpExecArray> {
  let text = '';
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const found = pattern.exec(text);
      if (found === null) return;
      socket.off('data', listen);
      resolve(found);
    };
    socket.on('data', listen);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`${pattern} was not said, only ${JSON.stringify(text)}`)));
  });
}
