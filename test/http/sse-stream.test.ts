import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/http/limits.ts';
import { type SseSocket, SseStream } from '../../src/http/sse-stream.ts';

/** The sending side of a watcher who takes everything, or nothing from some moment on. */
class Wire implements SseSocket {
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

function feedFor(watchersMax = 10, run = 'run'): SseStream {
  return new SseStream({ run, turn: () => turn(), watchersMax, cut: (wire) => wire.destroy() });
}

const snapshot = (): string => '{"all":1}';

describe('the feed', () => {
  it('begins with everything, then tells what happens, in the form of server-sent events', async () => {
    const feed = feedFor();
    const wire = new Wire();
    feed.add(wire, undefined, snapshot);
    feed.tell('pool', '{"a":1}');
    await turn();
    expect(wire.text).toBe(
      'retry: 2000\n\nid: run-0\nevent: snapshot\ndata: {"all":1}\n\nid: run-1\nevent: pool\ndata: {"a":1}\n\n',
    );
  });

  it('gives whoever comes back what it has missed, then how things stand now, and nothing twice', async () => {
    const feed = feedFor();
    const before = new Wire();
    feed.add(before, undefined, snapshot);
    feed.tell('one', '1');
    await turn();
    feed.remove(before);
    feed.tell('two', '2');
    feed.tell('three', '3');
    const after = new Wire();
    feed.add(after, before.lastId, snapshot);
    feed.tell('four', '4');
    await turn();
    expect(after.events).toEqual(['two', 'three', 'snapshot', 'four']);
  });

  it('gives everything to whoever was away too long, comes from another run, or says something else', () => {
    const feed = feedFor();
    for (let count = 0; count <= limits.eventsKeptMax; count++) feed.tell('one', '1');
    for (const id of ['run-0', 'other-5', 'run-999999', 'run--1', 'run-x', '', 'run-1\n', `run-${'9'.repeat(400)}`]) {
      const wire = new Wire();
      feed.add(wire, id, snapshot);
      expect(wire.events).toEqual(['snapshot']);
    }
    const wire = new Wire();
    feed.add(wire, 'run-1', snapshot);
    expect(wire.events).toHaveLength(limits.eventsKeptMax + 1);
  });

  it('drops whoever takes nothing, and nobody else', async () => {
    const feed = feedFor();
    const frozen = new Wire();
    frozen.isFrozen = true;
    const quick = new Wire();
    feed.add(frozen, undefined, snapshot);
    feed.add(quick, undefined, snapshot);
    for (let count = 0; count < 20; count++) feed.tell('big', JSON.stringify('x'.repeat(8000)));
    await turn();
    expect(frozen.destroyed).toBe(true);
    expect(frozen.writableLength).toBeLessThan(limits.watcherPendingBytesMax + 8100);
    expect(quick.events).toHaveLength(21);
    expect(feed.watchers).toBe(1);
  });

  it('tells many in turns, each in order', async () => {
    const feed = feedFor(1000);
    const wires = Array.from({ length: 350 }, () => new Wire());
    for (const wire of wires) feed.add(wire, undefined, snapshot);
    feed.tell('one', '1');
    feed.tell('two', '2');
    expect(wires.at(-1)?.events).toEqual(['snapshot']);
    for (let count = 0; count < 10; count++) await turn();
    for (const wire of wires) expect(wire.events).toEqual(['snapshot', 'one', 'two']);
  });

  it('is full at its bound, and ends everybody when it closes', () => {
    const feed = feedFor(1);
    expect(feed.isFull).toBe(false);
    const wire = new Wire();
    feed.add(wire, undefined, snapshot);
    expect(feed.isFull).toBe(true);
    feed.close('{"why":"asked"}');
    expect(wire.text).toMatch(/\n\nevent: stopped\ndata: \{"why":"asked"\}\n\n$/);
    expect(wire.hasEnded).toBe(true);
    expect(feed.watchers).toBe(0);
  });

  it('beats in between, which is nothing that a page could miss', async () => {
    const feed = feedFor();
    const wire = new Wire();
    feed.add(wire, undefined, snapshot);
    feed.beat();
    await turn();
    expect(wire.text).toMatch(/\n\nevent: beat\ndata: \{\}\n\n$/);
    expect(wire.lastId).toBe('run-0');
  });
});
