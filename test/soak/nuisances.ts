import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** Somebody who means harm, or knows no better. None of them has a candidate, so the ledger of the others stays true. */
type Nuisance = (socket: Socket) => void;

export const nuisances: Readonly<Record<string, Nuisance>> = {
  deaf: (socket) => socket.pause(),
  slow: (socket) => {
    socket.on('data', () => {
      socket.pause();
      setTimeout(() => socket.resume(), 20);
    });
  },
  dribbler: (socket) => {
    socket.resume();
    const timer = setInterval(() => socket.write('1'), 1000);
    socket.on('close', () => clearInterval(timer));
  },
  flooder: (socket) => {
    socket.resume().write('1\n');
    const flood = (): void => {
      while (!socket.destroyed && socket.write('\n'.repeat(10_000)));
    };
    socket.on('drain', flood);
    flood();
  },
  fuzzer: (socket) => {
    socket.resume().write(Buffer.concat([Buffer.from('.'), randomBytes(3000)]));
  },
  endless: (socket) => socket.resume().write('x'.repeat(1_000_000)),
  resetter: (socket) => socket.resetAndDestroy(),
  tainter: (socket) => socket.resume().write('5\nseventy\n'),
  browser: (socket) => socket.resume().write('GET / HTTP/1.1\r\n\r\n'),
  tls: (socket) => socket.resume().write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0])),
  watcher: (socket) => socket.resume(),
};

/** Connects one of a kind; it stays until it is thrown out, or for so long. */
export function annoy(port: number, kind: string, lifeMs: number): void {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.on('connect', () => nuisances[kind]?.(socket));
  const timer = setTimeout(() => socket.destroy(), lifeMs);
  socket.on('close', () => clearTimeout(timer));
}
