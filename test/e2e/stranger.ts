import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A raw socket to the server that nobody is polite on. It is connected when this resolves; it reads only when somebody lets it. */
export async function stranger(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  // Being cut off is what strangers must expect.
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
    socket.once('close', () => resolve());
  });
  return socket;
}

/** As many of them, a few at a time on their way. */
export async function strangers(port: number, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const group = Array.from({ length: Math.min(100, count - sockets.length) }, () => stranger(port));
    sockets.push(...(await Promise.all(group)));
  }
  return sockets;
}

/** Reads on, and resolves with all that came when the connection is over. */
export async function readToEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('end', () => socket.end());
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return text;
}
