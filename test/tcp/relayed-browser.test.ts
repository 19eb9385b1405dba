import { expect, it, onTestFinished } from 'vitest';
import { PlaySocket } from '../../src/http/play-socket.ts';
import { PeerError } from '../../src/node/sync/peer-network.ts';
import { Counters } from '../../src/tcp/counters.ts';
import { limits } from '../../src/tcp/limits.ts';
import { RelayedConnection } from '../../src/tcp/relayed-connection.ts';
import { seatHeaderText } from '../../src/tcp/seat-header.ts';
import { leavingMark } from '../../src/tcp/seat-socket.ts';
import { TcpServer } from '../../src/tcp/tcp-server.ts';
import { BrowserEnd } from '../http/browser-end.ts';
import { PlayedSeat } from './played-seat.ts';

/** A person in a browser at a node that follows the chain of another, which comes within reach by way of these. */
function open(
  hasChain: boolean,
  ...seats: PlayedSeat[]
): { readonly browser: BrowserEnd; readonly server: TcpServer<RelayedConnection> } {
  const browser = new BrowserEnd();
  // Waking at once lets a server that is back be found at once.
  const clock = {
    monotonicMs: () => 0,
    wakeAt: (_: number, wake: () => void) => {
      const timer = setImmediate(wake);
      return () => clearImmediate(timer);
    },
  };
  const failed = (error: unknown): void => {
    throw error;
  };
  const server = new TcpServer<RelayedConnection>({
    ...{ clock, failed, connectionsMax: 10, connectionsPerAddressMax: 0, connections: new Set() },
    serve: (socket, counts) =>
      new RelayedConnection(
        socket,
        {
          ...{ clock, failed },
          openSeat: async () => {
            const seat = seats.shift();
            if (seat === undefined) throw new PeerError('out of reach', false);
            return seat;
          },
          draw: async () => undefined,
        },
        counts ?? new Counters(),
      ),
  });
  server.receive(new PlaySocket(browser, '192.0.2.1', hasChain), '192.0.2.1');
  onTestFinished(() => server.cutOff());
  return { browser, server };
}

function seatOf(run: string): PlayedSeat {
  const seat = new PlayedSeat();
  seat.says(seatHeaderText({ Height: 4, Run: run }));
  return seat;
}

it('plays by way of the node, and has its seat again when the server was away', async () => {
  const [first, second] = [seatOf('first'), seatOf('second')];
  const { browser } = open(true, first, second);
  first.says('Enter token balance:');
  await expect.poll(() => browser.messages).toEqual(['Enter token balance:']);
  browser.says('100');
  await expect.poll(() => first.typed).toBe('100\n');
  const offer = 'To come back within 120 seconds: rejoin ABCD-EFGH-JKMN';
  const welcome = `You are validator ${'ad'.repeat(32)} with 100 tokens.\n${offer}\n\nEnter a new BPM:`;
  first.says(welcome);
  first.says('\nThe server stops now.\n');
  first.says(leavingMark);
  first.says(undefined);
  second.says(`Enter token balance:${welcome}`);
  await expect.poll(() => second.typed).toBe('rejoin ABCD-EFGH-JKMN\n');
  await expect.poll(() => browser.messages.filter((message) => message === offer).length).toBe(2);
  expect(browser.messages.at(-1)).toBe('Enter a new BPM:');
});

it.each([
  [true, 1],
  [false, 0],
])(
  'hears the chain as one message where it wants it (%s), in however many pieces it comes',
  async (hasChain, chains) => {
    const seat = seatOf('first');
    const { browser } = open(hasChain, seat);
    const chain = `[${'1,'.repeat(limits.seatTextBytesMax)}1]`;
    const text = `Enter token balance:\n${chain}\nEnter token balance:`;
    seat.says('Enter token balance:');
    for (let place = 20; place < text.length; place += limits.seatTextBytesMax)
      seat.says(text.slice(place, place + limits.seatTextBytesMax));
    await expect.poll(() => browser.messages.length).toBe(2 + chains);
    expect(browser.messages.filter((message) => message === chain).length).toBe(chains);
  },
);
