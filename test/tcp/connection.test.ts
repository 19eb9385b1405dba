import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { limits } from '../../src/tcp/limits.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { World, type WorldOptions } from '../sim/world.ts';

const intervalMs = 1000;

async function open(changes: Partial<WorldOptions> = {}): Promise<World> {
  return World.open({
    seed: 1,
    clock: new SimulatedClock(),
    store: new MemoryStore(),
    intervalMs,
    broadcastIntervalMs: 1_000_000,
    linksPerChain: 64,
    stakeMax: 1000n,
    slashAfter: 1,
    linesPerSecond: 0,
    ...changes,
  });
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe('a connection that sends faster than it may', () => {
  it('is read more slowly, and every line is answered in the end', async () => {
    const world = await open({ linesPerSecond: 10 });
    const person = world.connect();
    person.type(`10\n${'\n'.repeat(99)}`);
    expect(count(person.seen, '\nEnter a new BPM:')).toBe(20);
    expect(person.socket.isPaused).toBe(true);
    await world.clock.pass(1000);
    expect(count(person.seen, '\nEnter a new BPM:')).toBe(30);
    await world.clock.pass(7100);
    expect(count(person.seen, '\nEnter a new BPM:')).toBe(100);
    expect(person.socket.isPaused).toBe(false);
  });

  it('still hears every winner on time', async () => {
    const world = await open({ linesPerSecond: 1 });
    const person = world.connect();
    person.type(`10\n72\n${'\n'.repeat(50)}`);
    await world.clock.pass(intervalMs);
    expect(person.seen).toContain('winning validator: ');
  });

  it('is not kept waiting in the pause of a line that is not complete', async () => {
    const world = await open({ linesPerSecond: 10 });
    const person = world.connect();
    person.type('1');
    expect(person.socket.isPaused).toBe(false);
  });
});

describe('a connection that does not read', () => {
  it('is not read either while its answers wait, and goes on when it reads again', async () => {
    const world = await open();
    const person = world.connect();
    person.socket.isReading = false;
    person.type(`10\n${'\n'.repeat(100_000)}`);
    expect(person.socket.isPaused).toBe(true);
    expect(person.socket.writableLength).toBeLessThan(2 * limits.repliesWaitingBytesMax);
    person.socket.isReading = true;
    while (person.socket.isPaused) person.read(Number.POSITIVE_INFINITY);
    expect(count(person.seen, '\nEnter a new BPM:')).toBe(100_001);
  });

  it('is disconnected when too much waits for it, and told so; no other connection is touched', async () => {
    const world = await open();
    const other = world.connect();
    other.type('10\n');
    const person = world.connect();
    person.socket.isReading = false;
    let draws = 0;
    while (!person.socket.hasEnded && draws < 10_000) {
      other.type('72\n');
      await world.clock.pass(intervalMs);
      draws += 1;
    }
    expect(person.socket.writableLength).toBeGreaterThan(limits.pendingBytesMax);
    expect(person.socket.writableLength).toBeLessThan(limits.pendingBytesMax + 1000);
    person.socket.isReading = true;
    person.read(Number.POSITIVE_INFINITY);
    expect(person.closeReason).toBe('slow-reader');
    expect(person.seen).toMatch(
      /\nError: [ -~]+ wait for you to read them, so the server closes this connection[ -~]+\n$/,
    );
    expect(count(other.seen, 'winning validator: ')).toBe(draws);
  });

  it('is reset soon after it has taken its last words and does not hang up: nc goes away then', async () => {
    const world = await open();
    const person = world.connect();
    person.socket.isReading = false;
    person.type('10\nx\n');
    person.socket.take(Number.POSITIVE_INFINITY);
    await world.clock.pass(limits.resetDelayMs - 1);
    expect(person.socket.isDestroyed).toBe(false);
    await world.clock.pass(1);
    expect(person.socket.isReset).toBe(true);
  });

  it('is torn down when it does not even take its last words', async () => {
    const world = await open();
    const person = world.connect();
    person.socket.isReading = false;
    person.type('10\nx\n');
    await world.clock.pass(limits.lingerMs - 1);
    expect(person.socket.isDestroyed).toBe(false);
    await world.clock.pass(1);
    expect(person.socket.isDestroyed).toBe(true);
    person.flow();
    expect(person.closeReason).toBe('slashed');
  });

  it('skips the chains that are due while it takes one, but no announcement', async () => {
    const world = await open({ broadcastIntervalMs: intervalMs });
    const other = world.connect();
    const person = world.connect();
    other.type('10\n');
    for (let round = 0; round < 5; round++) {
      other.type('72\n');
      await world.clock.pass(intervalMs);
    }
    const before = person.seen.length;
    person.socket.isReading = false;
    for (let round = 0; round < 5; round++) {
      other.type('72\n');
      await world.clock.pass(intervalMs);
    }
    person.socket.isReading = true;
    for (let turn = 0; turn < 20; turn++) {
      person.read(Number.POSITIVE_INFINITY);
      await world.clock.pass(0);
    }
    const missed = person.seen.slice(before);
    expect(count(missed, 'winning validator: ')).toBe(5);
    expect(count(missed, '[{"Index":0')).toBeLessThanOrEqual(1);
  });
});

describe('the newest blocks in place of the whole chain', () => {
  /** The indexes of the blocks in the chains that a person was sent. */
  function chainsIn(seen: string): readonly (readonly number[])[] {
    const chains = [...seen.matchAll(/\n(\[\{.*\}\])\n/g)].map(([, line = '']): unknown => JSON.parse(line));
    return chains.map((chain) => (Array.isArray(chain) ? chain.map(({ Index }) => Number(Index)) : []));
  }

  it.each([
    [
      'who asks for them',
      0,
      'chain tail 2\n',
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    ],
    [
      'where the setting says so',
      2,
      '',
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
      ],
    ],
    [
      'but all to those who want all',
      2,
      'chain all\n',
      [
        [0, 1],
        [0, 1, 2],
        [0, 1, 2, 3],
        [0, 1, 2, 3, 4],
      ],
    ],
    [
      'and all of a shorter chain',
      0,
      'chain tail 4\n',
      [
        [0, 1],
        [0, 1, 2],
        [0, 1, 2, 3],
        [1, 2, 3, 4],
      ],
    ],
  ])('go to those %s', async (_, chainTail, line, expected) => {
    const world = await open({ broadcastIntervalMs: intervalMs, chainTail });
    const person = world.connect();
    person.type(`10\n${line}`);
    for (let round = 0; round < 4; round++) {
      person.type('72\n');
      await world.clock.pass(intervalMs);
    }
    await world.clock.pass(1);
    expect(chainsIn(person.seen)).toEqual(expected);
  });
});

describe('a connection whose side is closed', () => {
  it('hears the result of its round and is then closed politely', async () => {
    const world = await open();
    const person = world.connect();
    person.type('10\n72');
    person.closeSide();
    expect(person.isConnected).toBe(true);
    await world.clock.pass(intervalMs);
    person.flow();
    expect(person.seen).toContain('You won block 1.');
    expect(person.closeReason).toBe('left');
    expect(person.socket.hasEnded).toBe(true);
  });

  it.each(['', 'x\n', '10\n', '10'])('is closed at once when it has no candidate to wait for: %j', async (typed) => {
    const world = await open();
    const person = world.connect();
    person.type(typed);
    person.closeSide();
    expect(person.closeReason).toBe('left');
    expect(person.seen).toMatch(/^Enter token balance:/);
    if (typed.startsWith('1'))
      expect(person.seen).toMatch(/You are validator [0-9a-f]{64} with 10 tokens\.\n\nEnter a new BPM:$/);
  });

  it('has its lines answered first, however slowly they may be taken', async () => {
    const world = await open({ linesPerSecond: 1, intervalMs: 10_000 });
    const person = world.connect();
    person.type('10\n\n\n\n72\n');
    person.closeSide();
    await world.clock.pass(5000);
    person.flow();
    expect(person.seen).toContain('Candidate for block 1: BPM 72.');
    await world.clock.pass(5000);
    person.flow();
    expect(person.seen).toContain('You won block 1.');
    expect(person.closeReason).toBe('left');
  });
});

describe('a person who types quit', () => {
  it('reads one line, nothing of what they typed behind it, and is closed; their candidate stays in the draw', async () => {
    const world = await open();
    const [person, other] = [world.connect(), world.connect()];
    person.type('10\n72\nquit\nx\n73\nhelp\n');
    expect(person.seen).toMatch(/BPM:Goodbye\. Your candidate stays in the draw\.\n$/);
    expect(person.closeReason).toBe('quit');
    expect(world.service.status().validators).toBe(0);
    await world.clock.pass(intervalMs);
    expect(other.seen).toContain('winning validator: ');
    expect(world.events.filter(({ kind }) => kind === 'slashed')).toEqual([]);
  });
});

describe('the close reason of a connection', () => {
  it.each([
    ['left', '', 'closes'],
    ['reset', '10\n', 'breaks'],
    ['quit', '10\n72\nquit\n', ''],
    ['quit', 'exit', 'closes'],
    ['no-balance', 'x\nx\nx\n', ''],
    ['slashed', '10\nx\n', ''],
    ['line-too-long', 'x'.repeat(limits.lineBytesMax + 1), ''],
  ])('is named: %s', async (closeReason, typed, deed) => {
    const world = await open();
    const person = world.connect();
    person.type(typed);
    if (deed === 'closes') person.closeSide();
    if (deed === 'breaks') person.reset();
    await world.clock.pass(intervalMs);
    person.flow();
    expect(person.closeReason).toBe(closeReason);
  });

  it('is "stopped" when the server says goodbye, with last words', async () => {
    const world = await open();
    const person = world.connect();
    person.connection.stop('\nGoodbye.\n');
    person.flow();
    expect(person.closeReason).toBe('stopped');
    expect(person.seen).toBe('Enter token balance:\nGoodbye.\n');
  });

  it('is "fault" when we fail while serving it: it is told, we hear of it, and everybody else goes on', async () => {
    const world = await open();
    const person = world.connect();
    const other = world.connect();
    const address = /validator ([0-9a-f]{64})/;
    person.type('10\n');
    // The registry loses a validator that is still connected: that cannot happen, which is why it is a fault.
    world.service.slash(address.exec(person.seen)?.[1] ?? '', { text: 'x', problem: 'not a number', max: 9 });
    person.type('72\n');
    person.flow();
    expect(person.closeReason).toBe('fault');
    expect(person.seen).toMatch(/something went wrong in the server/);
    expect(String(world.faults[0])).toContain('nobody is registered as');
    other.type('10\n73\n');
    await world.clock.pass(intervalMs);
    expect(other.seen).toContain('You won block 1.');
  });
});
