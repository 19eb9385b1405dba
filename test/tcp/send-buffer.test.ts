import { describe, expect, it } from 'vitest';
import { type Count, Counters } from '../../src/tcp/counters.ts';
import { EncodedChain } from '../../src/tcp/encoded-chain.ts';
import { limits } from '../../src/tcp/limits.ts';
import { SendBuffer } from '../../src/tcp/send-buffer.ts';
import { SimulatedSocket } from '../sim/simulated-socket.ts';

function make(): { readonly socket: SimulatedSocket; readonly buffer: SendBuffer; readonly counted: () => number } {
  const socket = new SimulatedSocket();
  socket.isReading = false;
  const counters = new Counters<Count>();
  return { socket, buffer: new SendBuffer(socket, counters), counted: () => counters.of('bytes out') };
}

function bodyOf(bytes: number): EncodedChain {
  const body = new EncodedChain(1000);
  body.append('x'.repeat(bytes - 2));
  return body;
}

describe('what waits for a reader', () => {
  it('is the words behind a chain, and not the last piece of it that all share', () => {
    const { socket, buffer } = make();
    buffer.beginChain(bodyOf(500_000), 500_000, 1_000_000, '');
    buffer.sendPiece();
    expect(socket.writableLength).toBeGreaterThan(limits.pendingBytesMax);
    expect(buffer.send('x'.repeat(100))).toBe(true);
    expect(buffer.waitingBytes).toBe(100 + ']\n'.length);
  });

  it('is bounded to the byte, however large the piece before it', () => {
    const { buffer } = make();
    buffer.beginChain(bodyOf(500_000), 500_000, 1_000_000, '');
    buffer.sendPiece();
    expect(buffer.send('x'.repeat(limits.pendingBytesMax - 2))).toBe(true);
    expect(buffer.send('x')).toBe(false);
  });

  it('is less as soon as the reader takes some of it', () => {
    const { socket, buffer } = make();
    buffer.beginChain(bodyOf(2000), 2000, 1_000_000, '');
    buffer.sendPiece();
    buffer.send('x'.repeat(998));
    socket.take(2000);
    expect(buffer.waitingBytes).toBe(1000);
    socket.take(400);
    expect(buffer.waitingBytes).toBe(600);
  });
});

describe('the bytes out', () => {
  it('are those that the socket is handed, each once', () => {
    const { socket, buffer, counted } = make();
    buffer.send('hello');
    socket.take(5);
    buffer.beginChain(bodyOf(3000), 3000, 1000, 'prompt');
    buffer.sendPiece();
    buffer.send('behind');
    expect(counted()).toBe(5 + 1000);
    buffer.sendPiece();
    buffer.sendPiece();
    buffer.send('after');
    expect(counted()).toBe(5 + 3000 + ']\npromptbehindafter'.length);
    buffer.end('bye');
    expect(counted()).toBe(5 + 3000 + ']\npromptbehindafterbye'.length);
  });

  it('are not those that are given up', () => {
    const { buffer, counted } = make();
    buffer.beginChain(bodyOf(3000), 3000, 1000, '');
    buffer.sendPiece();
    buffer.send('never');
    buffer.cut('bye');
    expect(counted()).toBe(1000 + 'bye'.length);
  });
});
