import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WebSocketServer } from 'ws';
import { limits } from './limits.ts';
import { PlaySocket } from './play-socket.ts';

/** Takes the people who take part in a browser. */
export class PlayDoor {
  readonly #serve: (socket: PlaySocket, address: string) => void;
  readonly #sockets = new Set<PlaySocket>();
  #handshake: Promise<WebSocketServer> | undefined;

  /** @param serve serves a person like one who has connected at nc */
  constructor(serve: (socket: PlaySocket, address: string) => void) {
    this.#serve = serve;
  }

  /**
   * Opens the WebSocket that a request asks for, and serves the person behind it. What is wrong with the request itself is answered there.
   * @param hasChain whether the chain is sent when everybody gets it
   */
  async open(request: IncomingMessage, hasChain: boolean): Promise<void> {
    this.#handshake ??= loadHandshake();
    const handshake = await this.#handshake;
    const { socket } = request;
    if (socket.destroyed) return;
    handshake.handleUpgrade(request, socket, Buffer.alloc(0), (opened) => {
      const address = socket.remoteAddress ?? '';
      const person = new PlaySocket(opened, address, hasChain);
      this.#sockets.add(person);
      person.on('close', () => this.#sockets.delete(person));
      this.#serve(person, address);
    });
  }

  /** Resolves when all of them have left. */
  async closed(): Promise<void> {
    await Promise.all([...this.#sockets].map(async (socket) => once(socket, 'close').catch(() => undefined)));
  }
}

/** Loaded when the first person comes: a server that is watched only does without. */
async function loadHandshake(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws');
  return new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.playMessageBytesMax,
    // A PlaySocket answers, as far as the answers are read.
    autoPong: false,
    // One message a turn of the event loop: a flood of them holds up nobody else.
    allowSynchronousEvents: false,
  });
}
