import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/http/limits.ts';
import { type SseSocket, SseStream } from '../../src/http/sse-stream.ts';

/** The socket of a subscriber that reads everything, or nothing from some moment on. */
class Socket implements SseSocket {
  text = '';
  writableLength = 0;
  destroyed = false;
  hasEnded = false;
  isFrozen = false;

  write(data: Buffer): boolean {
    this.text += data.toString('latin1');
    if (this.isFrozen) this.writableLength += data.length;
    return true;
  }

  end(): void {
    this.hasEnded = true;
  }

  destroy(): void {
    this.destroyed = true;
  }

  get events(): readonly string[] {
    return [...this.text.matchAll(/^event: (\w+)$/gm)].map(([, name = '']) => name);
  }

  get lastId(): string {
    return [...this.text.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? '';
  }
}

function streamFor(subscribersMax = 10, run = 'run'): SseStream {
  return new SseStream({
    run,
    yieldToEventLoop: () => turn(),
    subscribersMax,
    disconnect: (socket) => socket.destroy(),
  });
}

const snapshot = (): string => '{"all":1}';

describe('the event stream', () => {
  it('begins with the snapshot, then sends what happens, in the format of server-sent events', async () => {
    const stream = streamFor();
    const socket = new Socket();
    stream.add(socket, undefined, snapshot);
    stream.publish('pool', '{"a":1}');
    await turn();
    expect(socket.text).toBe(
      'retry: 2000\n\nid: run-0\nevent: snapshot\ndata: {"all":1}\n\nid: run-1\nevent: pool\ndata: {"a":1}\n\n',
    );
  });

  it('sends a returning subscriber what it has missed, then the current state, and nothing twice', async () => {
    const stream = streamFor();
    const before = new Socket();
    stream.add(before, undefined, snapshot);
    stream.publish('one', '1');
    await turn();
    stream.remove(before);
    stream.publish('two', '2');
    stream.publish('three', '3');
    const after = new Socket();
    stream.add(after, before.lastId, snapshot);
    stream.publish('four', '4');
    await turn();
    expect(after.events).toEqual(['two', 'three', 'snapshot', 'four']);
  });

  it('sends only the snapshot after too long an absence, another run, or an invalid id', () => {
    const stream = streamFor();
    for (let count = 0; count <= limits.eventsKeptMax; count++) stream.publish('one', '1');
    for (const id of ['run-0', 'other-5', 'run-999999', 'run--1', 'run-x', '', 'run-1\n', `run-${'9'.repeat(400)}`]) {
      const socket = new Socket();
      stream.add(socket, id, snapshot);
      expect(socket.events).toEqual(['snapshot']);
    }
    const socket = new Socket();
    stream.add(socket, 'run-1', snapshot);
    expect(socket.events).toHaveLength(limits.eventsKeptMax + 1);
  });

  it('disconnects a subscriber that reads nothing, and no other', async () => {
    const stream = streamFor();
    const frozen = new Socket();
    frozen.isFrozen = true;
    const quick = new Socket();
    stream.add(frozen, undefined, snapshot);
    stream.add(quick, undefined, snapshot);
    for (let count = 0; count < 20; count++) stream.publish('big', JSON.stringify('x'.repeat(8000)));
    await turn();
    expect(frozen.destroyed).toBe(true);
    expect(frozen.writableLength).toBeLessThan(limits.subscriberPendingBytesMax + 8100);
    expect(quick.events).toHaveLength(21);
    expect(stream.size).toBe(1);
  });

  it('sends to many in turns, to each in order', async () => {
    const stream = streamFor(1000);
    const sockets = Array.from({ length: 350 }, () => new Socket());
    for (const socket of sockets) stream.add(socket, undefined, snapshot);
    stream.publish('one', '1');
    stream.publish('two', '2');
    expect(sockets.at(-1)?.events).toEqual(['snapshot']);
    for (let count = 0; count < 10; count++) await turn();
    for (const socket of sockets) expect(socket.events).toEqual(['snapshot', 'one', 'two']);
  });

  it('is full at its bound, and ends all streams when it closes', () => {
    const stream = streamFor(1);
    expect(stream.isFull).toBe(false);
    const socket = new Socket();
    stream.add(socket, undefined, snapshot);
    expect(stream.isFull).toBe(true);
    stream.close('{"why":"asked"}');
    expect(socket.text).toMatch(/\n\nevent: stopped\ndata: \{"why":"asked"\}\n\n$/);
    expect(socket.hasEnded).toBe(true);
    expect(stream.size).toBe(0);
  });

  it('sends heartbeats without an id, so that a page cannot miss one', async () => {
    const stream = streamFor();
    const socket = new Socket();
    stream.add(socket, undefined, snapshot);
    stream.sendHeartbeat();
    await turn();
    expect(socket.text).toMatch(/\n\nevent: beat\ndata: \{\}\n\n$/);
    expect(socket.lastId).toBe('run-0');
  });
});
