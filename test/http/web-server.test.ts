import type { RequestListener, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebCounters } from '../../src/http/web-counters.ts';
import { WebServer } from '../../src/http/web-server.ts';

interface Talk {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  text: string;
}

/** A connection that sends these words, and all that it hears. */
async function says(port: number, words: string): Promise<Talk> {
  const socket = connect({ host: '127.0.0.1', port }).on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  const talk: Talk = { socket, closed: new Promise((resolve) => socket.once('close', resolve)), text: '' };
  socket.setEncoding('latin1').on('data', (text: string) => {
    talk.text += text;
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(words);
  return talk;
}

async function serve(listener: RequestListener): Promise<{ readonly port: number; readonly counters: WebCounters }> {
  const counters = new WebCounters();
  const connectionLimiter = { enter: () => () => undefined };
  const server = new WebServer(listener, { connectionsMax: 100, connectionLimiter, counters });
  onTestFinished(() => server.close());
  return { port: await server.listen(['127.0.0.1'], 0), counters };
}

const halfARequest = 'GET / HTTP/1.1\r\nHost: localhost\r\n';
/** The shortest there is. */
const shortest = 'GET / HTTP/1.1\r\n\r\n';

describe('the web server', () => {
  it('takes no more connections from an address than it has places, and gives each place back', async () => {
    let left = 2;
    const connectionLimiter = {
      enter: () => {
        if (left === 0) return undefined;
        left -= 1;
        return () => {
          left += 1;
        };
      },
    };
    const counters = new WebCounters();
    const server = new WebServer((_, response) => response.end('hello'), {
      connectionsMax: 100,
      connectionLimiter,
      counters,
    });
    onTestFinished(() => server.close());
    const port = await server.listen(['127.0.0.1'], 0);
    const [first] = [await says(port, halfARequest), await says(port, halfARequest)];
    await expect.poll(() => left).toBe(0);
    await (await says(port, halfARequest)).closed;
    first.socket.destroy();
    await expect.poll(() => left).toBe(1);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello');
    expect(Object.fromEntries(counters.all)).toMatchObject({ 'address-full': 1, left: 1 });
  });

  it('answers one request of a connection at a time, and reads no more than a few behind it', async () => {
    const asked: ServerResponse[] = [];
    let atOnce = 0;
    let atOnceMax = 0;
    let answered = 0;
    const { port } = await serve((_, response) => {
      asked.push(response);
      atOnce += 1;
      atOnceMax = Math.max(atOnceMax, atOnce);
      setImmediate(() => {
        atOnce -= 1;
        answered += 1;
        response.end(`${answered}!`);
      });
    });
    const talk = await says(port, shortest.repeat(3000));
    await expect.poll(() => talk.text, { timeout: 60_000 }).toContain('3000!');
    expect(atOnceMax).toBe(1);
    expect([...talk.text.matchAll(/(\d+)!/g)].map(([, number]) => Number(number))).toEqual(
      Array.from({ length: 3000 }, (_, place) => place + 1),
    );
  });

  it('takes no more from somebody whose request is not answered yet', async () => {
    let asked = 0;
    const { port } = await serve(() => {
      asked += 1;
    });
    const { socket } = await says(port, shortest.repeat(100_000));
    // All that the system takes is with the server's machine; the rest waits here.
    socket.write(shortest.repeat(1_000_000));
    await expect.poll(() => asked).toBe(1);
    // Some hundred KB fit into the system's buffers: what is beyond them stays with the sender.
    expect(socket.writableLength).toBeGreaterThan(0);
  });

  it.each([1, 2, 3, 17, 63, 64, 65, 1000])('reads requests in pieces of %d bytes as they were sent', async (size) => {
    const { port } = await serve((request, response) => response.end(`[${request.url}]`));
    const paths = ['/a', `/${'b'.repeat(300)}`, '/c'];
    const words = paths
      .map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(50)}\r\n\r\n`)
      .join('');
    const talk = await says(port, '');
    for (let from = 0; from < words.length; from += size) {
      talk.socket.write(words.slice(from, from + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => [...talk.text.matchAll(/\[(.*?)\]/g)].map(([, path]) => path)).toEqual(paths);
  });

  it('gives a request its body while it is being answered, and reads on behind it', async () => {
    let chunks = 0;
    const { port } = await serve((request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks += 1;
      });
      request.on('end', () => response.end(`<${bytes}>`));
    });
    const bytes = 300_000;
    const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`;
    const talk = await says(port, post + post + shortest);
    await expect
      .poll(() => talk.text.match(/<\d+>/g), { timeout: 20_000 })
      .toEqual([`<${bytes}>`, `<${bytes}>`, '<0>']);
    // Not in the small pieces in which requests are looked for.
    expect(chunks).toBeLessThan(bytes / 1000);
  });

  it('throws away a body that is not wanted, and answers what comes behind it', async () => {
    const { port } = await serve((request, response) => response.end(`<${request.method}>`));
    const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`;
    const talk = await says(port, post + shortest);
    await expect.poll(() => talk.text.match(/<\w+>/g), { timeout: 20_000 }).toEqual(['<POST>', '<GET>']);
  });

  it('sees that somebody left whose request is not answered yet', async () => {
    const asked: ServerResponse[] = [];
    const { port, counters } = await serve((_, response) => {
      asked.push(response);
    });
    const { socket } = await says(port, shortest);
    await expect.poll(() => asked.length).toBe(1);
    socket.destroy();
    await expect.poll(() => asked[0]?.destroyed).toBe(true);
    await expect.poll(() => Object.fromEntries(counters.all)).toMatchObject({ left: 1 });
  });
});
