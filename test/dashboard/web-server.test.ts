import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebServer } from '../../src/dashboard/web-server.ts';

/** A connection that sends half a request, and all that it ever says. */
async function slowly(port: number): Promise<{ readonly socket: Socket; readonly closed: Promise<unknown> }> {
  const socket = connect({ host: '127.0.0.1', port }).on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.resume().write('GET / HTTP/1.1\r\nHost: localhost\r\n');
  return { socket, closed };
}

describe('the web server', () => {
  it('takes no more connections from an address than it has places, and gives each place back', async () => {
    let left = 2;
    const neighbours = {
      enter: () => {
        if (left === 0) return undefined;
        left -= 1;
        return () => {
          left += 1;
        };
      },
    };
    const server = new WebServer((_, response) => response.end('hello'), { connectionsMax: 100, neighbours });
    onTestFinished(() => server.close());
    const port = await server.listen(['127.0.0.1'], 0);
    const [first] = [await slowly(port), await slowly(port)];
    await expect.poll(() => left).toBe(0);
    await (await slowly(port)).closed;
    first.socket.destroy();
    await expect.poll(() => left).toBe(1);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
  });
});
