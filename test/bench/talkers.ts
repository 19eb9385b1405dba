import { connect, type Socket } from 'node:net';
import type { ServerKind } from './server.ts';

/** What the server of ours answers a second BPM of a round with, and the bare `per-line` answers every line with. */
export const answer = 'Already in the draw for block 1: one candidate a round.\n\nEnter a new BPM:';

const line = '72\n';

/** People who type lines as fast as they are answered. They count bytes only, so that they are not what is measured. */
export class Talkers {
  readonly #sockets: readonly Socket[];
  readonly #answerBytes: number;

  private constructor(sockets: readonly Socket[], answerBytes: number) {
    this.#sockets = sockets;
    this.#answerBytes = answerBytes;
  }

  static async connect(port: number, people: number, kind: ServerKind): Promise<Talkers> {
    const sockets = await Promise.all(Array.from({ length: people }, () => open(port)));
    // Everybody has a stake and a candidate: from now on each line has the same answer.
    if (kind === 'ours') {
      await Promise.all(sockets.map((socket) => exchange(socket, '100\n72\n', 'tickets so far.\n\nEnter a new BPM:')));
    }
    return new Talkers(sockets, kind === 'echo' ? line.length : answer.length);
  }

  /** Everybody types `lines` lines, never with more than `inFlight` unanswered. Milliseconds until all are answered. */
  async talk(inFlight: number, lines: number): Promise<number> {
    const startMs = performance.now();
    await Promise.all(this.#sockets.map((socket) => talk(socket, inFlight, lines, this.#answerBytes)));
    return performance.now() - startMs;
  }

  async leave(): Promise<void> {
    await Promise.all(
      this.#sockets.map((socket) => {
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.resetAndDestroy();
        return closed;
      }),
    );
  }
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve();
    });
  });
  return socket;
}

async function exchange(socket: Socket, words: string, end: string): Promise<void> {
  let text = '';
  socket.write(words);
  await new Promise<void>((resolve) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (!text.endsWith(end)) return;
      socket.removeListener('data', look);
      resolve();
    };
    socket.on('data', look);
  });
}

async function talk(socket: Socket, inFlight: number, lines: number, answerBytes: number): Promise<void> {
  let sent = Math.min(inFlight, lines);
  let bytes = 0;
  const all = lines * answerBytes;
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes >= all) resolve();
      const more = Math.min(lines, Math.floor(bytes / answerBytes) + inFlight) - sent;
      if (more <= 0) return;
      sent += more;
      socket.write(line.repeat(more));
    });
    socket.write(line.repeat(sent));
  });
}
