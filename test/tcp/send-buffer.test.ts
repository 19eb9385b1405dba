import { describe, expect, it } from 'vitest';
import { type Count, Counters } from '../../src/tcp/counters.ts';
import { EncodedChain } from '../../src/tcp/encoded-chain.ts';
import { limits } from '../../src/tcp/limits.ts';
import { SendBuffer } from '../../src/tcp/send-buffer.ts';
import { SimulatedWire } from '../sim/simulated-wire.ts';

function make(): { readonly wire: SimulatedWire; readonly outbox: SendBuffer; readonly counted: () => number } {
  const wire = new SimulatedWire();
  wire.isReading = false;
  const tally = new Counters<Count>();
  return { wire, outbox: new SendBuffer(wire, tally), counted: () => tally.of('bytes out') };
}

function bodyOf(bytes: number): EncodedChain {
  const body = new EncodedChain(1000);
  body.append('x'.repeat(bytes - 2));
  return body;
}

describe('what waits for a reader', () => {
  it('is the words behind a chain, and not the last piece of it that all share', () => {
    const { wire, outbox } = make();
    outbox.beginChain(bodyOf(500_000), 500_000, 1_000_000, '');
    outbox.sendPiece();
    expect(wire.writableLength).toBeGreaterThan(limits.pendingBytesMax);
    expect(outbox.send('x'.repeat(100))).toBe(true);
    expect(outbox.waitingBytes).toBe(100 + ']\n'.length);
  });

  it('is bounded to the byte, however large the piece before it', () => {
    const { outbox } = make();
    outbox.beginChain(bodyOf(500_000), 500_000, 1_000_000, '');
    outbox.sendPiece();
    expect(outbox.send('x'.repeat(limits.pendingBytesMax - 2))).toBe(true);
    expect(outbox.send('x')).toBe(false);
  });

  it('is less as soon as the reader takes some of it', () => {
    const { wire, outbox } = make();
    outbox.beginChain(bodyOf(2000), 2000, 1_000_000, '');
    outbox.sendPiece();
    outbox.send('x'.repeat(998));
    wire.take(2000);
    expect(outbox.waitingBytes).toBe(1000);
    wire.take(400);
    expect(outbox.waitingBytes).toBe(600);
  });
});

describe('the bytes out', () => {
  it('are those that the socket is handed, each once', () => {
    const { wire, outbox, counted } = make();
    outbox.send('hello');
    wire.take(5);
    outbox.beginChain(bodyOf(3000), 3000, 1000, 'prompt');
    outbox.sendPiece();
    outbox.send('behind');
    expect(counted()).toBe(5 + 1000);
    outbox.sendPiece();
    outbox.sendPiece();
    outbox.send('after');
    expect(counted()).toBe(5 + 3000 + ']\npromptbehindafter'.length);
    outbox.end('bye');
    expect(counted()).toBe(5 + 3000 + ']\npromptbehindafterbye'.length);
  });

  it('are not those that are given up', () => {
    const { outbox, counted } = make();
    outbox.beginChain(bodyOf(3000), 3000, 1000, '');
    outbox.sendPiece();
    outbox.send('never');
    outbox.cut('bye');
    expect(counted()).toBe(1000 + 'bye'.length);
  });
});
