import { once } from 'node:events';
import type { SeatStream } from '../node/sync/seat-network.ts';
import { seatHeaderText } from './seat-header.ts';
import { SeatSocket } from './seat-socket.ts';

export interface SeatServerPorts {
  /** Serves a person like one who has connected here. */
  readonly serve: (socket: SeatSocket, address: string) => void;
  /** The index of the last block that people hear of. */
  readonly height: () => number;
  /** Resolves when what was to be told before has been told. */
  readonly settled: () => Promise<void>;
  /** Tells this run of the server from others: what was not stored does not outlast it. */
  readonly run: string;
}

/** Takes the people who come by way of peers. */
export class SeatServer {
  readonly #ports: SeatServerPorts;
  readonly #sockets = new Set<SeatSocket>();
  #isLeaving = false;

  constructor(ports: SeatServerPorts) {
    this.#ports = ports;
  }

  /**
   * Serves a person. The first text says after which block they came: of that and all before they hear nothing here, of all behind it exactly once. So
   * the node where they sit knows which ones to tell itself.
   */
  async take(stream: SeatStream, address: string): Promise<void> {
    const { serve, height, settled, run } = this.#ports;
    let after: number;
    do {
      after = height();
      await settled();
    } while (after !== height());
    if (this.#isLeaving) {
      stream.abort(new Error('the server stops'));
      return;
    }
    const socket = new SeatSocket(stream, address);
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.write(seatHeaderText({ Height: after, Run: run }));
    serve(socket, address);
  }

  /** Resolves when all of them have left. */
  async closed(): Promise<void> {
    await Promise.all([...this.#sockets].map(async (socket) => once(socket, 'close').catch(() => undefined)));
  }

  /** The server stops: those people are to wait for it. */
  leave(): void {
    this.#isLeaving = true;
    for (const socket of this.#sockets) socket.leave();
  }
}
