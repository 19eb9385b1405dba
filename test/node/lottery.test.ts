import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { limits } from '../../src/consensus/lottery/limits.ts';
import { findFault } from '../../src/consensus/verifier.ts';
import { type BlockStore, ChainError, DiskFullError, StoreError } from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { verifySignature } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { World, type WorldOptions } from '../sim/world.ts';

const intervalMs = 1000;

async function open(changes: Partial<WorldOptions> = {}): Promise<World> {
  return World.open({
    seed: 1,
    clock: new SimulatedClock(),
    store: new MemoryStore(),
    intervalMs,
    broadcastIntervalMs: 60_000,
    linksPerChain: 4,
    stakeMax: 1_000_000n,
    slashAfter: 1,
    linesPerSecond: 0,
    ...changes,
  });
}

/** A memory store whose `append` waits until it is told to go on, or fails. */
class HeldStore extends MemoryStore {
  release: () => void = () => undefined;
  refusal: Error | undefined;

  override async append(...stored: readonly StoredBlock[]): Promise<void> {
    if (this.height >= 0) {
      await new Promise<void>((resolve) => {
        this.release = resolve;
      });
    }
    if (this.refusal !== undefined) throw this.refusal;
    await super.append(...stored);
  }
}

/** A memory store whose chain may be gone. */
class MovableStore extends MemoryStore {
  isGone = false;

  override async verifyPlace(): Promise<void> {
    if (this.isGone) throw new ChainError('gone');
  }
}

/** A memory store on a disk that may be full. */
class FullStore extends MemoryStore {
  isFull = false;
  /** The texts of all blocks that were to be stored. */
  readonly attempts: string[] = [];

  override async append(...stored: readonly StoredBlock[]): Promise<void> {
    this.attempts.push(...stored.map(({ text }) => text));
    if (this.isFull) throw new DiskFullError('no space left');
    await super.append(...stored);
  }
}

/** A store that gives the blocks of another as `change` makes them. */
class ChangedStore extends MemoryStore {
  readonly #original: BlockStore;
  readonly #change: (text: string) => string;

  constructor(original: BlockStore, change: (text: string) => string) {
    super();
    this.#original = original;
    this.#change = change;
  }

  override async *blocks(): AsyncGenerator<readonly string[]> {
    for await (const batch of this.#original.blocks()) yield batch.map(this.#change);
  }
}

async function chainOf(store: BlockStore): Promise<readonly unknown[]> {
  const chain: unknown[] = [];
  for await (const batch of store.blocks()) chain.push(...batch.map((text): unknown => JSON.parse(text)));
  return chain;
}

describe('a round', () => {
  it('draws one of its candidates at its end, and no earlier', async () => {
    const world = await open();
    const address = world.service.join(10n);
    expect(world.service.propose(address, 72)).toMatchObject({ kind: 'accepted', index: 1 });
    await world.clock.pass(intervalMs - 1);
    expect(world.drawn()).toEqual([]);
    await world.clock.pass(1);
    expect(world.drawn()).toMatchObject([{ Index: 1, Validator: address, BPM: 72 }]);
  });

  it('without candidates makes no block, and says only that it is over', async () => {
    const world = await open();
    await world.clock.pass(3 * intervalMs);
    expect(world.service.status().height).toBe(0);
    expect(world.events.map(({ kind }) => kind)).toEqual(['loaded', 'empty', 'empty', 'empty']);
  });

  it('takes one candidate of a validator, and the next one in the next round', async () => {
    const world = await open();
    const address = world.service.join(10n);
    world.service.propose(address, 72);
    expect(world.service.propose(address, 73)).toEqual({ kind: 'already', index: 1, round: 0 });
    await world.clock.pass(intervalMs);
    expect(world.drawn()).toMatchObject([{ BPM: 72 }]);
    expect(world.service.propose(address, 73)).toMatchObject({ kind: 'accepted', index: 2 });
  });

  it('keeps a candidate whose validator hung up, and forgets the validator afterwards', async () => {
    const world = await open();
    const address = world.service.join(10n);
    world.service.propose(address, 72);
    world.service.leave(address);
    await world.clock.pass(0);
    expect(world.service.status()).toMatchObject({ validators: 0, candidates: 1 });
    await world.clock.pass(intervalMs);
    expect(world.drawn()).toMatchObject([{ Validator: address }]);
    expect(() => world.service.propose(address, 73)).toThrow('nobody is registered');
  });

  it('drops the candidate of a slashed validator, in the pool and still in the queue', async () => {
    const world = await open();
    const [early, late, honest] = [world.service.join(10n), world.service.join(10n), world.service.join(10n)];
    world.service.propose(early, 1);
    world.service.propose(honest, 2);
    await world.clock.pass(10);
    world.service.slash(early, { text: 'x', problem: 'not a number', max: 9 });
    world.service.propose(late, 3);
    world.service.slash(late, { text: 'x', problem: 'not a number', max: 9 });
    await world.clock.pass(intervalMs);
    expect(world.drawn()).toMatchObject([{ Validator: honest, Draw: { PoolSize: 1, TotalStake: '10' } }]);
  });

  it('has in it what was proposed in the very moment of its end', async () => {
    const world = await open();
    const address = world.service.join(10n);
    await world.clock.pass(10);
    world.service.propose(address, 72);
    world.service.sealNow();
    await world.clock.pass(0);
    expect(world.drawn()).toMatchObject([{ Index: 1, Validator: address }]);
  });

  it('is drawn once, late, after a stall of several rounds', async () => {
    const world = await open();
    const address = world.service.join(10n);
    world.service.propose(address, 72);
    world.clock.stall(5 * intervalMs + 300);
    await world.clock.pass(0);
    expect(world.drawn()).toHaveLength(1);
    world.service.propose(address, 73);
    await world.clock.pass(699);
    expect(world.drawn()).toHaveLength(1);
    await world.clock.pass(1);
    expect(world.drawn()).toHaveLength(2);
  });

  it('is said to be as late as it is, by however many rounds, and not at all when the operator asked for it', async () => {
    const world = await open();
    const late = (): readonly (number | undefined)[] =>
      world.events.flatMap((event) => (event.kind === 'committed' ? [event.lateMs] : []));
    const address = world.service.join(10n);
    world.service.propose(address, 72);
    await world.clock.pass(intervalMs);
    expect(late()).toEqual([0]);
    world.service.propose(address, 72);
    world.clock.stall(5 * intervalMs + 300);
    await world.clock.pass(0);
    expect(late()).toEqual([0, 4 * intervalMs + 300]);
    world.service.propose(address, 72);
    await world.clock.pass(100);
    world.service.sealNow();
    await world.clock.pass(0);
    expect(late()).toEqual([0, 4 * intervalMs + 300, undefined]);
    // What the operator did changes nothing for the next one on the grid.
    world.service.propose(address, 72);
    await world.clock.pass(600);
    expect(late().at(-1)).toBe(0);
  });

  it('never has an earlier time than the one before, whatever the wall clock does', async () => {
    const store = new MemoryStore();
    const world = await open({ store });
    const address = world.service.join(10n);
    for (const jumpMs of [0, -86_400_000, 1000]) {
      world.clock.jumpWall(jumpMs);
      world.service.propose(address, 72);
      await world.clock.pass(intervalMs);
    }
    const [first, second, third] = world.drawn().map(({ Timestamp }) => Timestamp);
    expect(second).toBe(first);
    expect(third).toBe(first);
    expect(findFault(await chainOf(store), verifySignature)).toBeUndefined();
  });
});

describe('the outlook of a new candidate', () => {
  /** What somebody reads of it: of the last candidate. */
  const read = (seen: string): string | undefined => seen.split('\n').findLast((line) => line.includes(' you hold '));

  it('is the time until the draw, its stake, and that of all candidates of its round so far', async () => {
    const world = await open({ intervalMs: 30_000 });
    const [first, second, third] = [world.connect(), world.connect(), world.connect()];
    first.type('10\n72\n');
    expect(read(first.seen)).toBe('The draw is in 30 s; you hold 10 of 10 tickets so far.');
    // Still in the queue, and then in the pool.
    second.type('20\n72\n');
    expect(read(second.seen)).toBe('The draw is in 30 s; you hold 20 of 30 tickets so far.');
    await world.clock.pass(29_000);
    third.type('3\n72\n');
    expect(read(third.seen)).toBe('The draw is in 1 s; you hold 3 of 33 tickets so far.');
    await world.clock.pass(1000);
    first.type('72\n');
    expect(read(first.seen)).toBe('The draw is in 30 s; you hold 10 of 10 tickets so far.');
  });

  it('counts those who hung up, and not those who were slashed, whether in the queue or in the pool', async () => {
    const world = await open();
    const [gone, early, late, last] = [world.connect(), world.connect(), world.connect(), world.connect()];
    gone.type('1\n72\nquit\n');
    early.type('10\n72\n');
    await world.clock.pass(1);
    early.type('x\n');
    late.type('100\n72\nx\n');
    last.type('1000\n72\n');
    expect(read(last.seen)).toContain('you hold 1000 of 1001 tickets so far.');
  });

  it('is of the next round while a draw is under way, also when somebody of the frozen pool is slashed', async () => {
    const store = new HeldStore();
    const world = await open({ store });
    const [first, second, third] = [world.connect(), world.connect(), world.connect()];
    first.type('10\n72\n');
    third.type('5\n72\n');
    await world.clock.pass(intervalMs + 100);
    first.type('73\n');
    expect(first.seen).toMatch(/block 2: BPM 73\.\nThe draw is in 1 s; you hold 10 of 10 tickets so far\.\n/);
    third.type('x\n');
    // This round's end has passed, too: it is drawn as soon as the one before it.
    await world.clock.pass(intervalMs);
    second.type('20\n74\n');
    expect(second.seen).toMatch(/block 2: BPM 74\.\nThe draw is in 0 s; you hold 20 of 30 tickets so far\.\n/);
  });

  it('has no time while draws are paused', async () => {
    const world = await open();
    const person = world.connect();
    world.service.pause();
    person.type('10\n72\n');
    expect(read(person.seen)).toBe('Draws are paused; you hold 10 of 10 tickets so far.');
  });

  it('adds up stakes of any size exactly', async () => {
    const world = await open({ stakeMax: 10n ** 40n });
    const [first, second] = [world.connect(), world.connect()];
    first.type(`${10n ** 40n}\n72\n`);
    second.type('1\n72\n');
    expect(read(second.seen)).toContain(`you hold 1 of 1${'0'.repeat(39)}1 tickets so far.`);
  });
});

describe('a draw that is under way', () => {
  it('takes nothing more in: what is proposed meanwhile is for the block after it', async () => {
    const store = new HeldStore();
    const world = await open({ store });
    const [first, second] = [world.service.join(10n), world.service.join(10n)];
    world.service.propose(first, 1);
    await world.clock.pass(intervalMs);
    expect(world.service.propose(second, 2)).toMatchObject({ kind: 'accepted', index: 2 });
    expect(world.service.propose(first, 3)).toMatchObject({ kind: 'accepted', index: 2 });
    store.release();
    await world.clock.pass(0);
    expect(world.drawn()).toMatchObject([{ Index: 1, Draw: { PoolSize: 1 } }]);
    expect(world.service.propose(first, 4)).toEqual({ kind: 'already', index: 2, round: 1 });
  });

  it('is announced only when its block is stored', async () => {
    const store = new HeldStore();
    const world = await open({ store });
    const watcher = world.connect();
    world.service.propose(world.service.join(10n), 1);
    await world.clock.pass(intervalMs * 1.5);
    expect(watcher.seen).toBe('Enter token balance:');
    store.release();
    await world.clock.pass(0);
    expect(watcher.seen).toContain('winning validator: ');
    expect(await chainOf(store)).toHaveLength(2);
  });

  it('that takes longer than two rounds is followed by one late draw', async () => {
    const store = new HeldStore();
    const world = await open({ store });
    const address = world.service.join(10n);
    world.service.propose(address, 1);
    await world.clock.pass(intervalMs);
    world.service.propose(address, 2);
    await world.clock.pass(intervalMs * 2.5);
    store.release();
    await world.clock.pass(0);
    store.release();
    await world.clock.pass(0);
    expect(world.drawn().map(({ Index }) => Index)).toEqual([1, 2]);
    expect(world.events.filter(({ kind }) => kind === 'committed')).toMatchObject([
      { lateMs: 2.5 * intervalMs },
      { lateMs: 1.5 * intervalMs },
    ]);
    expect(world.events.filter(({ kind }) => kind === 'empty')).toEqual([]);
  });

  it('waits while the disk is full: everybody is told once, and the very same block is announced when there is room', async () => {
    const store = new FullStore();
    const world = await open({ store });
    const [person, watcher] = [world.connect(), world.connect()];
    person.type('10\n72\n');
    store.isFull = true;
    await world.clock.pass(5 * intervalMs);
    expect(watcher.seen).toMatch(/^Enter token balance:\nThe draw of this round waits: [ -~]+\nEnter token balance:$/);
    expect(world.service.status()).toMatchObject({ isDiskFull: true, isDrawing: true, height: 0 });
    person.type('73\n');
    expect(person.seen).toContain('Candidate for block 2: BPM 73.');

    store.isFull = false;
    await world.clock.pass(intervalMs);
    expect(new Set(store.attempts.slice(1, -1)).size).toBe(1);
    // The rounds that ended meanwhile make one late draw behind it.
    expect(watcher.seen.match(/winning validator/g)).toHaveLength(2);
    expect(world.drawn().map((block) => JSON.stringify(block))).toEqual([store.attempts[1], store.attempts.at(-1)]);
    expect(world.drawn()).toMatchObject([{ BPM: 72 }, { BPM: 73 }]);
    expect(world.events.map(({ kind }) => kind).filter((kind) => kind.startsWith('disk'))).toEqual([
      'disk-full',
      'disk-free',
    ]);
    expect(world.service.status()).toMatchObject({ isDiskFull: false, isDrawing: false, height: 2 });
    expect(findFault(await chainOf(store), verifySignature)).toBeUndefined();
  });

  it('that waits for the disk is given up when the lottery is stopped, and nobody has heard of it', async () => {
    const store = new FullStore();
    const world = await open({ store });
    const person = world.connect();
    person.type('10\n72\n');
    store.isFull = true;
    await world.clock.pass(2 * intervalMs);
    await world.stop();
    expect(world.faults).toMatchObject([{ name: 'DiskFullError' }]);
    expect(person.seen).not.toContain('winning validator');
    expect(await chainOf(store)).toHaveLength(1);
  });

  it('that the disk refuses is announced to nobody, and ends the lottery', async () => {
    const store = new HeldStore();
    const world = await open({ store });
    const watcher = world.connect();
    world.service.propose(world.service.join(10n), 1);
    await world.clock.pass(intervalMs);
    store.refusal = new StoreError('no space left');
    store.release();
    await world.clock.pass(intervalMs * 3);
    expect(world.faults).toEqual([store.refusal]);
    expect(watcher.seen).toBe('Enter token balance:');
    expect(await chainOf(store)).toHaveLength(1);
  });
});

describe('a late draw', () => {
  const late = '\nThe draw of block 1 is late. No candidate is lost; the winner comes as soon as it is drawn.\n';

  it('is told to everybody once, with the prompt, when it is more than a second late', async () => {
    const store = new HeldStore();
    const world = await open({ store, intervalMs: 60_000 });
    const [person, watcher] = [world.connect(), world.connect()];
    person.type('10\n72\n');
    const before = person.seen;
    await world.clock.pass(60_000 + limits.lateDrawMs);
    expect(watcher.seen).toBe('Enter token balance:');
    await world.clock.pass(1);
    expect(watcher.seen).toBe(`Enter token balance:${late}Enter token balance:`);
    expect(person.seen).toBe(`${before}${late}\nEnter a new BPM:`);
    await world.clock.pass(30_000);
    store.release();
    await world.clock.pass(0);
    expect(person.seen.split(late)).toHaveLength(2);
    expect(person.seen).toContain('You won block 1.');
  });

  it('is not told when it comes within the second', async () => {
    const store = new HeldStore();
    const world = await open({ store, intervalMs: 60_000 });
    const person = world.connect();
    person.type('10\n72\n');
    await world.clock.pass(60_000 + limits.lateDrawMs);
    store.release();
    await world.clock.pass(10_000);
    expect(person.seen).toContain('You won block 1.');
    expect(person.seen).not.toContain('late');
  });

  it('is told before its winner after a stall, and nothing is told of rounds without candidates', async () => {
    const world = await open();
    const person = world.connect();
    world.clock.stall(5 * intervalMs);
    await world.clock.pass(0);
    expect(person.seen).toBe('Enter token balance:');
    person.type('10\n72\n');
    world.clock.stall(5 * intervalMs);
    await world.clock.pass(0);
    const [, after = ''] = person.seen.split('tickets so far.\n\nEnter a new BPM:');
    expect(after.startsWith(`${late}\nEnter a new BPM:\nwinning validator: `)).toBe(true);
    expect(person.seen.split(late)).toHaveLength(2);
  });

  it('is told with its own block when a stall ends as that is stored', async () => {
    const store = new HeldStore();
    const world = await open({ store, intervalMs: 60_000 });
    const person = world.connect();
    person.type('10\n72\n');
    await world.clock.pass(60_000);
    world.clock.stall(5000);
    store.release();
    // The block is stored before the timer that looks has a turn.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(world.drawn()).toHaveLength(1);
    expect(world.events.flatMap((event) => (event.kind === 'late' ? [event.index] : []))).toEqual([1]);
    await world.clock.pass(0);
    expect(person.seen.split(late)).toHaveLength(2);
  });

  it('is told of each round whose end passes meanwhile, once it has a candidate', async () => {
    const store = new HeldStore();
    const world = await open({ store });
    const person = world.connect();
    const told = (): readonly number[] => world.events.flatMap((event) => (event.kind === 'late' ? [event.index] : []));
    person.type('10\n72\n');
    await world.clock.pass(5 * intervalMs);
    expect(told()).toEqual([1]);
    person.type('73\n');
    expect(told()).toEqual([1, 2]);
    await world.clock.pass(5 * intervalMs);
    store.release();
    await world.clock.pass(0);
    store.release();
    await world.clock.pass(0);
    expect(world.drawn().map(({ Index }) => Index)).toEqual([1, 2]);
    expect(told()).toEqual([1, 2]);
  });

  it('that the operator asked for is late from when they did', async () => {
    const store = new HeldStore();
    const world = await open({ store, intervalMs: 60_000 });
    const watcher = world.connect();
    world.service.propose(world.service.join(10n), 1);
    await world.clock.pass(5000);
    world.service.sealNow();
    await world.clock.pass(limits.lateDrawMs);
    expect(watcher.seen).toBe('Enter token balance:');
    await world.clock.pass(1);
    expect(watcher.seen).toContain(late);
  });

  it('is told by what the disk says when it is full, and by that alone', async () => {
    const store = new FullStore();
    const world = await open({ store, intervalMs: 60_000, broadcastIntervalMs: 1_000_000 });
    const watcher = world.connect();
    world.service.propose(world.service.join(10n), 1);
    store.isFull = true;
    await world.clock.pass(70_000);
    store.isFull = false;
    await world.clock.pass(2000);
    expect(watcher.seen).toMatch(
      /^Enter token balance:\nThe draw of this round waits: [ -~]+\nEnter token balance:\nwinning validator: [0-9a-f]{64}\nEnter token balance:$/,
    );
  });

  it('is not told any more when the lottery is stopped', async () => {
    const store = new HeldStore();
    const world = await open({ store });
    const watcher = world.connect();
    world.service.propose(world.service.join(10n), 1);
    await world.clock.pass(intervalMs);
    await world.stop();
    expect(watcher.seen).toBe('Enter token balance:');
  });
});

describe('the operator', () => {
  it('draws now, and the grid of rounds stays', async () => {
    const world = await open();
    const address = world.service.join(10n);
    world.service.propose(address, 1);
    await world.clock.pass(400);
    world.service.sealNow();
    await world.clock.pass(0);
    expect(world.drawn()).toHaveLength(1);
    expect(world.service.status().remainingMs).toBe(600);
  });

  it('is heard by everybody, once, with the prompt, when they pause and resume', async () => {
    const world = await open({ intervalMs: 30_000 });
    const [person, watcher] = [world.connect(), world.connect()];
    person.type('10\n');
    const before = person.seen;
    world.service.resume();
    for (const _ of [1, 2]) world.service.pause();
    await world.clock.pass(40_500);
    const paused = '\nDraws are paused: no round ends until the operator resumes them. No candidate is lost.\n';
    expect(person.seen).toBe(`${before}${paused}\nEnter a new BPM:`);
    expect(watcher.seen).toBe(`Enter token balance:${paused}Enter token balance:`);
    for (const _ of [1, 2]) world.service.resume();
    await world.clock.pass(0);
    const resumed = '\nDraws are resumed: this round ends in 20 s.\n';
    expect(watcher.seen).toBe(`Enter token balance:${paused}Enter token balance:${resumed}Enter token balance:`);
  });

  it('pauses the rounds, in which people go on proposing, and resumes them', async () => {
    const world = await open();
    world.service.pause();
    world.service.propose(world.service.join(10n), 1);
    await world.clock.pass(5 * intervalMs);
    expect(world.drawn()).toEqual([]);
    expect(world.service.status()).toMatchObject({ isPaused: true, candidates: 1 });
    world.service.resume();
    await world.clock.pass(intervalMs);
    expect(world.drawn()).toHaveLength(1);
  });
});

describe('a chain that is removed from the disk', () => {
  it.each([false, true])(
    'ends the lottery at the next end of a round, without a draw (paused: %s)',
    async (isPaused) => {
      const store = new MovableStore();
      const world = await open({ store });
      if (isPaused) world.service.pause();
      await world.clock.pass(2 * intervalMs);
      expect(world.faults).toEqual([]);
      store.isGone = true;
      await world.clock.pass(intervalMs);
      expect(world.faults).toEqual([new ChainError('gone')]);
    },
  );
});

describe('a validator', () => {
  it('must stake at least 1', async () => {
    const { service } = await open();
    expect(() => service.join(0n)).toThrow(RangeError);
    expect(service.join(1n)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('who leaves without a candidate is forgotten at once', async () => {
    const { service } = await open();
    const address = service.join(1n);
    service.leave(address);
    expect([...service.validators()]).toEqual([]);
    expect(() => service.leave(address)).toThrow('nobody is registered');
  });
});

describe('the chain that is due', () => {
  it('when a round ends comes after the announcement, with the new block in it', async () => {
    const world = await open({ broadcastIntervalMs: intervalMs });
    const watcher = world.connect();
    const address = world.service.join(10n);
    world.service.propose(address, 72);
    await world.clock.pass(intervalMs);
    const [announced, chain] = [watcher.seen.indexOf('winning validator: '), watcher.seen.indexOf('[{"Index":0')];
    expect(announced).toBeGreaterThan(0);
    expect(chain).toBeGreaterThan(announced);
    expect(watcher.seen.slice(chain)).toContain(`"Validator":"${address}"`);
  });

  it('less often than rounds end comes in the middle of one, so that the winner stays on the screen', async () => {
    const world = await open({ broadcastIntervalMs: 2 * intervalMs });
    const watcher = world.connect();
    const chains = (): number => watcher.seen.split('[{"Index":0').length - 1;
    await world.clock.pass(1.5 * intervalMs - 1);
    expect(chains()).toBe(0);
    await world.clock.pass(1);
    expect(chains()).toBe(1);
    await world.clock.pass(2 * intervalMs - 1);
    expect(chains()).toBe(1);
    await world.clock.pass(1);
    expect(chains()).toBe(2);
  });

  it.each([
    [1.4, 1.4],
    [1.5, 1],
    [1, 1],
    [0.5, 0.5],
  ])('every %f rounds comes first after %f: not before the first draw for that', async (every, first) => {
    const world = await open({ broadcastIntervalMs: every * intervalMs });
    const watcher = world.connect();
    await world.clock.pass(first * intervalMs - 1);
    expect(watcher.seen).not.toContain('[{"Index":0');
    await world.clock.pass(1);
    expect(watcher.seen).toContain('[{"Index":0');
  });

  it('comes on its own clock while the rounds are paused', async () => {
    const world = await open({ broadcastIntervalMs: 2 * intervalMs });
    const watcher = world.connect();
    world.service.pause();
    await world.clock.pass(4 * intervalMs);
    expect(watcher.seen.split('[{"Index":0')).toHaveLength(3);
  });
});

describe('a chain', () => {
  it('goes on where it was when the server is started again, through many chains of secrets', async () => {
    const store = new MemoryStore();
    const clock = new SimulatedClock();
    for (let run = 0; run < 6; run++) {
      const world = await open({ store, clock, seed: run, secretsSeed: 1 });
      const address = world.service.join(10n);
      for (let round = 0; round < 3; round++) {
        world.service.propose(address, round);
        await clock.pass(intervalMs);
      }
      expect(world.service.status().height).toBe((run + 1) * 3);
      await world.stop();
    }
    const chain = await chainOf(store);
    expect(findFault(chain, verifySignature)).toBeUndefined();
    expect(chain.filter((block) => JSON.stringify(block).includes('NextCommitment'))).toHaveLength(4);
  });

  it('is not continued with another master secret', async () => {
    const store = new MemoryStore();
    const world = await open({ store, secretsSeed: 1 });
    await world.stop();
    await expect(open({ store, secretsSeed: 2 })).rejects.toThrow(ChainError);
    await expect(open({ store, secretsSeed: 2 })).rejects.toThrow('master secret');
  });

  it('is not continued when a stored block was changed, and the fault names block and rule', async () => {
    const store = new MemoryStore();
    const world = await open({ store });
    world.service.propose(world.service.join(10n), 72);
    await world.clock.pass(intervalMs);
    await world.stop();
    const damaged = new ChangedStore(store, (text) => text.replace('"BPM":72', '"BPM":73'));
    await expect(open({ store: damaged })).rejects.toThrow('block 1 of the stored chain breaks the rule "hash"');
  });

  it('is not continued when its text is not the one that its blocks have', async () => {
    const store = new MemoryStore();
    await (await open({ store })).stop();
    const padded = new ChangedStore(store, (text) => `${text} `);
    await expect(open({ store: padded })).rejects.toThrow('block 0 of the stored chain breaks the rule "form"');
  });
});
