import { describe, expect, it } from 'vitest';
import { type Count, Counters } from '../../src/tcp/counters.ts';
import { limits } from '../../src/tcp/limits.ts';
import { type ChainRange, SendBuffer } from '../../src/tcp/send-buffer.ts';
import { chainTextOf } from '../node/chain-text-of.ts';
import { SimulatedSocket } from '../sim/simulated-socket.ts';

function make(): { readonly socket: SimulatedSocket; readonly buffer: SendBuffer; readonly counted: () => number } {
  const socket = new SimulatedSocket();
  socket.isReading = false;
  const counters = new Counters<Count>();
  return { socket, buffer: new SendBuffer(socket, counters), counted: () => counters.of('bytes out') };
}

/** A chain whose line has so many bytes before its closing bracket, in blocks of 100, read already. */
async function rangeOf(bytes: number, pieceBytes = 1_000_000): Promise<ChainRange> {
  const count = bytes / 100;
  const texts = Array.from({ length: count }, (_, index) => 'x'.repeat(index === 0 ? 98 : 99));
  const chain = chainTextOf(texts, count, bytes);
  await chain.slice(0);
  return { chain, first: 0, end: count, pieceBytes };
}

const unread = (): void => {
  throw new Error('all blocks were read before');
};

describe('what waits for a reader', () => {
  it('is the words behind a chain, and not the last piece of it that all share', async () => {
    const { socket, buffer } = make();
    buffer.beginChain(await rangeOf(500_000, 1_000_000), '');
    buffer.sendPiece(unread);
    expect(socket.writableLength).toBeGreaterThan(limits.pendingBytesMax);
    expect(buffer.send('x'.repeat(100))).toBe(true);
    expect(buffer.waitingBytes).toBe(100 + ']\n'.length);
  });

  it('is bounded to the byte, however large the piece before it', async () => {
    const { buffer } = make();
    buffer.beginChain(await rangeOf(500_000, 1_000_000), '');
    buffer.sendPiece(unread);
    expect(buffer.send('x'.repeat(limits.pendingBytesMax - 2))).toBe(true);
    expect(buffer.send('x')).toBe(false);
  });

  it('is less as soon as the reader takes some of it', async () => {
    const { socket, buffer } = make();
    buffer.beginChain(await rangeOf(2000, 1_000_000), '');
    buffer.sendPiece(unread);
    buffer.send('x'.repeat(998));
    socket.take(2000);
    expect(buffer.waitingBytes).toBe(1000);
    socket.take(400);
    expect(buffer.waitingBytes).toBe(600);
  });
});

describe('the bytes out', () => {
  it('are those that the socket is handed, each once', async () => {
    const { socket, buffer, counted } = make();
    buffer.send('hello');
    socket.take(5);
    buffer.beginChain(await rangeOf(3000, 990), 'prompt');
    buffer.sendPiece(unread);
    buffer.send('behind');
    expect(counted()).toBe(5 + 1000);
    buffer.sendPiece(unread);
    buffer.sendPiece(unread);
    buffer.send('after');
    expect(counted()).toBe(5 + 3000 + ']\npromptbehindafter'.length);
    buffer.end('bye');
    expect(counted()).toBe(5 + 3000 + ']\npromptbehindafterbye'.length);
  });

  it('are not those that are given up', async () => {
    const { buffer, counted } = make();
    buffer.beginChain(await rangeOf(3000, 990), '');
    buffer.sendPiece(unread);
    buffer.send('never');
    buffer.cut('bye');
    expect(counted()).toBe(1000 + 'bye'.length);
  });
});
