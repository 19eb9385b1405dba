import { beforeEach, describe, expect, it, vi } from 'vitest';
import { PeerError } from '../../src/node/sync/peer-network.ts';
import { Counters } from '../../src/tcp/counters.ts';
import { RelayedConnection } from '../../src/tcp/relayed-connection.ts';
import { seatHeaderText } from '../../src/tcp/seat-header.ts';
import { leavingMark } from '../../src/tcp/seat-socket.ts';
import type { SocketLike } from '../../src/tcp/send-buffer.ts';
import { PlayedSeat } from './played-seat.ts';

const lost = new PeerError('the connection was lost', false);
const address = 'ad'.repeat(32);
const away =
  '\nThe server that makes the blocks is out of reach. You can stay: you go on here by yourself when it is back. What is typed meanwhile is not taken.\n';
const back = '\nThe server that makes the blocks is back.\n';
const welcome = `You are validator ${address} with 100 tokens.\nTo come back within 120 seconds: rejoin ABCD-EFGH-JKMN\n\nEnter a new BPM:`;

describe('a person who takes part by way of another node', () => {
  let read: string;
  let hasEnded: boolean;
  let reachable: PlayedSeat[];
  let connection: RelayedConnection;

  const socket: SocketLike = {
    writableLength: 0,
    writableNeedDrain: false,
    write: (text) => {
      read += String(text);
      return true;
    },
    end: (lastWords) => {
      read += lastWords;
      hasEnded = true;
    },
    destroy: () => undefined,
    resetAndDestroy: () => undefined,
    cork: () => undefined,
    uncork: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  };

  beforeEach(() => {
    read = '';
    hasEnded = false;
    reachable = [];
    connection = new RelayedConnection(
      socket,
      {
        // Waking at once lets a server that is back be found at once.
        clock: {
          monotonicMs: () => 0,
          wakeAt: (_, wake) => {
            const timer = setImmediate(wake);
            return () => clearImmediate(timer);
          },
        },
        openSeat: async () => {
          const seat = reachable.shift();
          if (seat === undefined) throw new PeerError('out of reach', false);
          return seat;
        },
        draw: async (index) => ({ winner: `winner of ${index}`, isInPool: () => index === 7 }),
        failed: (error) => {
          throw error;
        },
      },
      new Counters(),
    );
  });

  /** The server comes within reach. */
  function reach(Height: number, Run: string): PlayedSeat {
    const seat = new PlayedSeat();
    seat.says(seatHeaderText({ Height, Run }));
    reachable.push(seat);
    return seat;
  }

  /** The person comes when the server is within reach. */
  function comeTo(Height: number, Run: string): PlayedSeat {
    const seat = reach(Height, Run);
    connection.greetSoon();
    return seat;
  }

  async function sees(text: string): Promise<void> {
    await vi.waitFor(() => expect(read).toBe(text));
  }

  it('has what was typed before the server was reached passed on, and its end too', async () => {
    connection.receive(Buffer.from('100\n7'));
    connection.finish();
    const seat = comeTo(4, 'first');
    await vi.waitFor(() => expect(seat.hasEnded).toBe(true));
    expect(seat.typed).toBe('100\n7');
    seat.says('Enter token balance:');
    await sees('Enter token balance:');
  });

  it('is told at once when the server is away from the beginning, and can leave', async () => {
    connection.greetSoon();
    await sees(away);
    connection.receive(Buffer.from('100\n\nquit\n'));
    await sees(
      `${away}The server that makes the blocks is still out of reach, so this was not taken. To leave, type quit or exit.\nGoodbye. A candidate that was accepted stays in its draw.\n`,
    );
    expect(hasEnded).toBe(true);
    expect(connection.lost(false)).toBe('quit');
  });

  it('hears each winner once, from the server or from this node, and gets its seat back', async () => {
    const first = comeTo(4, 'first');
    first.says('Enter token balance:');
    first.says(welcome);
    first.says('\nwinning validator: x\nTick');
    first.says('et 1 of 2 was drawn; yours were 0 to 1.\n\nEnter a new BPM:');
    first.says(lost);
    const before = `Enter token balance:${welcome}\nwinning validator: x\nTicket 1 of 2 was drawn; yours were 0 to 1.\n\nEnter a new BPM:${away}`;
    await sees(before);
    // Block 5 was heard; 6 and 7 were not.
    const second = reach(7, 'first');
    await vi.waitFor(() => expect(second.typed).toBe('rejoin ABCD-EFGH-JKMN\n'));
    second.says(`Enter token balance:${welcome}`);
    await sees(`${before}${back}\nwinning validator: winner of 6\n\nwinning validator: winner of 7\n${welcome}`);
  });

  it.each([
    { of: 7, run: 'first', isTold: false, why: 'the server did not start anew' },
    { of: 7, run: 'second', isTold: false, why: 'it was in the draw' },
    { of: 5, run: 'second', isTold: false, why: 'its draw was heard' },
    { of: 6, run: 'second', isTold: true, why: 'another draw was made in its place' },
    { of: 8, run: 'second', isTold: true, why: 'the server started anew before the draw' },
  ])('is told of a candidate for block $of that it is lost: $isTold, since $why', async ({ of, run, isTold }) => {
    const first = comeTo(4, 'first');
    first.says(`${welcome}Candidate for block ${of}: BPM 72.\n\nEnter a new BPM:`);
    first.says('\nwinning validator: x\n');
    first.says(lost);
    await vi.waitFor(() => expect(read).toContain(away));
    const second = reach(7, run);
    await vi.waitFor(() => expect(second.typed).toBe('rejoin ABCD-EFGH-JKMN\n'));
    expect(read.includes(`Your candidate for block ${of} is in no draw`)).toBe(isTold);
  });

  it('hears what the operator of this node says, between two lines and with the prompt behind it', async () => {
    const seat = comeTo(4, 'first');
    seat.says(welcome);
    await sees(welcome);
    connection.say('\nThe operator says: hello\n');
    const hello = `\nThe operator says: hello\n\nEnter a new BPM:`;
    await sees(`${welcome}${hello}`);
    seat.says('\n[{"Index":0,');
    await sees(`${welcome}${hello}\n[{"Index":0,`);
    connection.say('\nThe operator says: again\n');
    expect(read).toBe(`${welcome}${hello}\n[{"Index":0,`);
    seat.says('"BPM":0}]\n\nEnter a new BPM:');
    const chain = '\n[{"Index":0,"BPM":0}]\n\nEnter a new BPM:';
    await sees(`${welcome}${hello}${chain}\nThe operator says: again\n\nEnter a new BPM:`);
    seat.says(undefined);
    await vi.waitFor(() => expect(hasEnded).toBe(true));
    const before = read;
    connection.say('\nThe operator says: too late\n');
    expect(read).toBe(before);
  });

  it('ends when the server ends the connection, and stays when the server stops', async () => {
    const first = comeTo(0, 'first');
    first.says('\nThe server stops now.\n');
    first.says(leavingMark);
    first.says(undefined);
    await sees(`\nThe server stops now.\n${away}`);
    const second = reach(0, 'second');
    second.says('Goodbye.\n');
    second.says(undefined);
    await sees(`\nThe server stops now.\n${away}${back}Goodbye.\n`);
    await vi.waitFor(() => expect(hasEnded).toBe(true));
    expect(connection.lost(false)).toBe('left');
  });

  it('can be sent away while it has no validator, and not after that', async () => {
    const seat = comeTo(0, 'first');
    seat.says(welcome);
    await sees(welcome);
    expect(connection.evict()).toBe(false);
    seat.says(undefined);
    await vi.waitFor(() => expect(hasEnded).toBe(true));
  });
});
