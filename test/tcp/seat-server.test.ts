import { expect, it, onTestFinished, vi } from 'vitest';
import { PeerError } from '../../src/node/sync/peer-network.ts';
import type { SeatStream } from '../../src/node/sync/seat-network.ts';
import { limits } from '../../src/tcp/limits.ts';
import { parseSeatHeader } from '../../src/tcp/seat-header.ts';
import { SeatServer } from '../../src/tcp/seat-server.ts';
import { leavingMark, type SeatSocket } from '../../src/tcp/seat-socket.ts';

/** What the other side of a stream hears and says. */
class OtherSide implements SeatStream {
  readonly heard: string[] = [];
  hasEnded = false;
  aborted: Error | undefined;
  #say: (text: string | undefined) => void = () => undefined;
  #next = new Promise<string | undefined>((resolve) => {
    this.#say = resolve;
  });

  /** Says something, or that no more comes. */
  says(text: string | undefined): void {
    this.#say(text);
  }

  async read(signal: AbortSignal): Promise<string | undefined> {
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new PeerError('over', false)), { once: true });
    });
    const text = await Promise.race([this.#next, stopped]);
    this.#next = new Promise((resolve) => {
      this.#say = resolve;
    });
    return text;
  }

  async write(text: string): Promise<void> {
    this.heard.push(text);
  }

  async end(): Promise<void> {
    this.hasEnded = true;
  }

  abort(reason: Error): void {
    this.aborted = reason;
  }
}

interface Taken {
  readonly server: SeatServer;
  readonly sockets: SeatSocket[];
  /** The last block, and what ends a telling that is under way. */
  readonly world: { height: number; told: () => void };
}

function serve(): Taken {
  const sockets: SeatSocket[] = [];
  const world = { height: 7, told: (): void => undefined };
  const server = new SeatServer({
    run: 'this one',
    height: () => world.height,
    settled: () =>
      new Promise<void>((resolve) => {
        world.told = resolve;
      }),
    serve: (socket) => {
      socket.on('error', () => undefined);
      sockets.push(socket);
    },
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { server, sockets, world };
}

it('says after which block a person came, when all before it has been told to the others', async () => {
  const { server, sockets, world } = serve();
  const person = new OtherSide();
  const taking = server.take(person, '127.0.0.1');
  // A block is announced while they wait: they would hear it or not, as it happens.
  world.height = 8;
  world.told();
  await vi.waitFor(() => expect(sockets).toEqual([]));
  await Promise.resolve();
  world.told();
  await taking;
  expect(sockets).toHaveLength(1);
  await vi.waitFor(() => expect(person.heard).toHaveLength(1));
  expect(parseSeatHeader(person.heard[0] ?? '')).toEqual({ value: { Height: 8, Run: 'this one' } });
});

async function takeOne(): Promise<Taken & { readonly person: OtherSide; readonly socket: SeatSocket }> {
  const taken = serve();
  const person = new OtherSide();
  const taking = taken.server.take(person, '192.0.2.1');
  taken.world.told();
  await taking;
  const [socket] = taken.sockets;
  if (socket === undefined) throw new Error('nobody was taken');
  return { ...taken, person, socket };
}

it('passes bytes on unchanged in both directions, in texts that fit', async () => {
  const { person, socket } = await takeOne();
  expect(socket.remoteAddress).toBe('192.0.2.1');
  const bytes = Buffer.from(Array.from({ length: limits.seatTextBytesMax + 1 }, (_, place) => place % 256));
  socket.write(bytes);
  await vi.waitFor(() => expect(person.heard).toHaveLength(3));
  const [, first = '', second = ''] = person.heard;
  expect(first).toHaveLength(limits.seatTextBytesMax);
  expect(Buffer.from(first + second, 'latin1').equals(bytes)).toBe(true);
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  person.says('\xff7\xb32\n');
  await vi.waitFor(() => expect(Buffer.concat(received)).toEqual(Buffer.from([0xff, 0x37, 0xb3, 0x32, 0x0a])));
  const ended = new Promise((resolve) => socket.on('end', resolve));
  person.says(undefined);
  await ended;
});

it('says behind its last words that people are to wait, when the server stops, and takes nobody any more', async () => {
  const { server, person, socket, world } = await takeOne();
  server.leave();
  socket.end('Goodbye.\n', 'latin1');
  await vi.waitFor(() => expect(person.hasEnded).toBe(true));
  expect(person.heard.slice(1)).toEqual(['Goodbye.\n', leavingMark]);
  const late = new OtherSide();
  const taking = server.take(late, '192.0.2.1');
  world.told();
  await taking;
  expect(late.aborted).toBeDefined();
  const closed = server.closed();
  socket.destroy();
  await closed;
});
