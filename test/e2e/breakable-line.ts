import { connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a port of this machine that can be cut, like a network. */
export class BreakableLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(port: number) {
    this.#server = createServer((near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = connect({ host: '127.0.0.1', port });
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        // Said by 'close'.
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
    });
  }

  static async open(port: number): Promise<BreakableLine> {
    const line = new BreakableLine(port);
    await new Promise<void>((resolve) => line.#server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    onTestFinished(() => {
      line.cut();
      line.#server.close();
    });
    return line;
  }

  /** The address at the near end, without a slash at its end. */
  get base(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the line is closed');
    return `http://127.0.0.1:${address.port}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }
}
