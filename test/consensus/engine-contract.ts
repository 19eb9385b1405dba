import { expect, it } from 'vitest';
import { SearchTurns } from '../../src/cli/scenario/search-turns.ts';
import type { ChainKind, Engine, Proposal, StoredBlock } from '../../src/consensus/engine.ts';
import { findFault } from '../../src/consensus/verifier.ts';
import { InProcessSearch } from '../../src/consensus/work/search/in-process-search.ts';
import { Chain } from '../../src/node/chain.ts';
import { EventHub } from '../../src/node/event-hub.ts';
import { makeGenesis, type NewChain, openEngine } from '../../src/node/open-engine.ts';
import { ChainError, type CommittedEvent, type NodeEvent, StoreError } from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { hexOf, verifySignature } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { SimulatedSecrets } from '../sim/simulated-secrets.ts';

const intervalMs = 1000;

/** What engines differ in, as far as this suite sees it. */
interface Traits {
  readonly newChain: NewChain | undefined;
  readonly stake: bigint;
  /** How a candidate is answered that comes during a pause. */
  readonly answerInPause: Proposal['kind'];
  /** A block that is asked for is made although nothing waits. */
  readonly sealsNothing: boolean;
  /** Only the server that began the chain can make it longer. */
  readonly hasSecrets: boolean;
}

const allTraits: Readonly<Record<ChainKind, Traits>> = {
  lottery: { newChain: undefined, stake: 10n, answerInPause: 'accepted', sealsNothing: false, hasSecrets: true },
  // At the difficulty 1 every nonce holds.
  work: {
    newChain: { kind: 'work', difficulty: 1n, intervalMs },
    stake: 0n,
    answerInPause: 'queued',
    sealsNothing: true,
    hasSecrets: false,
  },
  instant: { newChain: { kind: 'instant' }, stake: 0n, answerInPause: 'paused', sealsNothing: false, hasSecrets: true },
};

/** A memory store that waits with a block until it is told to go on, or refuses it. */
class HeldStore extends MemoryStore {
  isHeld = false;
  isBroken = false;
  release: () => void = () => undefined;

  override async append(...stored: readonly StoredBlock[]): Promise<void> {
    if (this.isBroken) throw new StoreError('the disk refuses');
    if (this.isHeld) {
      await new Promise<void>((resolve) => {
        this.release = resolve;
      });
    }
    await super.append(...stored);
  }
}

/** An engine on a chain in memory, without people. */
class Bench {
  readonly clock = new SimulatedClock();
  readonly store: HeldStore;
  readonly events: NodeEvent[] = [];
  readonly stopping = new AbortController();
  readonly engine: Engine;
  readonly running: Promise<unknown>;

  private constructor(store: HeldStore, clock: SimulatedClock, events: NodeEvent[], engine: Engine) {
    this.store = store;
    this.clock = clock;
    this.events = events;
    this.engine = engine;
    this.running = engine.run(this.stopping.signal).then(
      () => 'ended',
      (error: unknown) => error,
    );
  }

  /** Throws a ChainError when the secrets of this seed did not begin the chain in the store. */
  static async open(kind: ChainKind, store: HeldStore = new HeldStore(), seed = 1): Promise<Bench> {
    const { newChain, stake } = allTraits[kind];
    const clock = new SimulatedClock();
    const events: NodeEvent[] = [];
    const hub = new EventHub((error) => {
      throw error;
    });
    hub.subscribe({ onEvent: (event) => void events.push(event) });
    const secrets = new SimulatedSecrets(1, seed);
    const open = async (): Promise<Engine> => {
      const chain = await Chain.open({ clock, store, listener: hub, verifySignature });
      const tip = chain.tip ?? (await chain.found(await makeGenesis({ clock, secrets }, newChain, 4)));
      const { engine } = await openEngine(tip, {
        clock,
        secrets,
        chain,
        stakes: { stakeOf: () => stake },
        events: hub,
        intervalMs,
        mining: { nonces: new InProcessSearch(new SearchTurns(clock, 0)), mine: 'waiting' },
        candidatesTaken: () => undefined,
        blockSettled: () => undefined,
      });
      return engine;
    };
    const [engine] = await Promise.all([open(), clock.pass(0)]);
    return new Bench(store, clock, events, engine);
  }

  get committed(): readonly CommittedEvent[] {
    return this.events.flatMap((event) => (event.kind === 'committed' ? [event] : []));
  }

  /** Lets a round pass: whatever waits is made into blocks. */
  async pass(rounds = 1): Promise<void> {
    await this.clock.pass(rounds * intervalMs);
  }

  async stop(): Promise<unknown> {
    this.stopping.abort();
    await this.clock.pass(0);
    return this.running;
  }

  /** The first fault of the stored chain. */
  async fault(): Promise<unknown> {
    const texts = await this.store.blockRange(0, this.store.height);
    return findFault(
      texts.map((text): unknown => JSON.parse(text)),
      verifySignature,
    );
  }
}

/** What every engine promises, however it makes its blocks. */
export function describesAnEngine(kind: ChainKind): void {
  const { stake, answerInPause, sealsNothing, hasSecrets } = allTraits[kind];

  it('begins a chain of its kind, and makes no blocks while nothing is proposed', async () => {
    const bench = await Bench.open(kind);
    await bench.pass(3);
    expect(bench.engine.status()).toMatchObject({ kind, candidates: 0, isPaused: false, isDrawing: false });
    expect(bench.store.height).toBe(0);
    expect(await bench.fault()).toBeUndefined();
    expect(await bench.stop()).toBe('ended');
  });

  it('makes a block of what is proposed, which holds, and tells it once', async () => {
    const bench = await Bench.open(kind);
    bench.engine.propose(hexOf('ada'), 72);
    expect(bench.events).toContainEqual({
      kind: 'proposed',
      candidate: expect.objectContaining({ validator: hexOf('ada'), stake, payload: 72 }),
      index: 1,
    });
    await bench.pass();
    expect(bench.committed).toMatchObject([{ block: { Index: 1, BPM: 72, Validator: hexOf('ada') } }]);
    expect(bench.committed[0]?.text).toBe(await bench.store.block(1));
    expect(bench.engine.isWaiting(hexOf('ada'))).toBe(false);
    expect(await bench.fault()).toBeUndefined();
    await bench.stop();
  });

  it('tells nothing of a block before it is stored, and takes candidates meanwhile', async () => {
    const store = new HeldStore();
    const bench = await Bench.open(kind, store);
    store.isHeld = true;
    bench.engine.propose(hexOf('ada'), 72);
    await bench.pass();
    bench.engine.propose(hexOf('ben'), 73);
    expect(bench.committed).toEqual([]);
    expect(bench.engine.status().isDrawing).toBe(true);
    store.isHeld = false;
    store.release();
    await bench.pass(2);
    expect(bench.committed).toMatchObject([{ block: { BPM: 72 } }, { block: { BPM: 73 } }]);
    expect(bench.engine.status().isDrawing).toBe(false);
    await bench.stop();
  });

  it('leaves out what was withdrawn in time, and nothing else', async () => {
    const store = new HeldStore();
    const bench = await Bench.open(kind, store);
    store.isHeld = true;
    bench.engine.propose(hexOf('ada'), 72);
    await bench.pass();
    // What is being stored cannot be withdrawn any more; what waits behind it can.
    bench.engine.propose(hexOf('eve'), 1);
    bench.engine.propose(hexOf('ben'), 73);
    expect(bench.engine.isWaiting(hexOf('eve'))).toBe(true);
    bench.engine.withdraw(hexOf('ada'));
    bench.engine.withdraw(hexOf('eve'));
    expect(bench.engine.isWaiting(hexOf('eve'))).toBe(false);
    store.isHeld = false;
    store.release();
    await bench.pass(2);
    expect(bench.committed.map(({ block }) => block.Validator)).toEqual([hexOf('ada'), hexOf('ben')]);
    await bench.stop();
  });

  it('makes no blocks while it is paused, says so once, and loses nothing that it has accepted', async () => {
    const bench = await Bench.open(kind);
    bench.engine.pause();
    bench.engine.pause();
    expect(bench.engine.propose(hexOf('ada'), 72).kind).toBe(answerInPause);
    await bench.pass(3);
    expect(bench.committed).toEqual([]);
    expect(bench.engine.status().isPaused).toBe(true);
    bench.engine.resume();
    bench.engine.resume();
    await bench.pass();
    expect(bench.committed).toHaveLength(answerInPause === 'paused' ? 0 : 1);
    const told = bench.events.map((event) => event.kind).filter((name) => name === 'paused' || name === 'resumed');
    expect(told).toEqual(['paused', 'resumed']);
    await bench.stop();
  });

  it(`seals at once when it is asked to, and ${sealsNothing ? 'also' : 'not'} where nothing waits`, async () => {
    const bench = await Bench.open(kind);
    bench.engine.sealNow();
    await bench.clock.pass(0);
    const { height } = bench.store;
    expect(height).toBe(sealsNothing ? 1 : 0);
    bench.engine.propose(hexOf('ada'), 72);
    bench.engine.sealNow();
    await bench.clock.pass(0);
    expect(bench.store.height).toBe(height + 1);
    await bench.stop();
  });

  it(`goes on with a chain of its own, and ${hasSecrets ? 'not' : 'also'} with one that was begun with other secrets`, async () => {
    const first = await Bench.open(kind);
    for (const place of [1, 2, 3, 4, 5]) {
      first.engine.propose(hexOf('ada'), place);
      await first.pass();
    }
    await first.stop();
    if (hasSecrets) await expect(Bench.open(kind, first.store, 2)).rejects.toThrow(ChainError);
    const second = await Bench.open(kind, first.store, hasSecrets ? 1 : 2);
    second.engine.propose(hexOf('ben'), 6);
    await second.pass();
    expect(second.store.height).toBe(6);
    expect(await second.fault()).toBeUndefined();
    await second.stop();
  });

  it('ends with the reason why a block could not be stored, and tells nothing of it', async () => {
    const store = new HeldStore();
    const bench = await Bench.open(kind, store);
    store.isBroken = true;
    bench.engine.propose(hexOf('ada'), 72);
    await bench.pass();
    expect(await bench.running).toEqual(new StoreError('the disk refuses'));
    expect(bench.committed).toEqual([]);
  });

  it('never lets the time of its chain go back', async () => {
    const bench = await Bench.open(kind);
    // Further back, a chain of work waits for its clock.
    bench.clock.jumpWall(-60_000);
    bench.engine.propose(hexOf('ada'), 72);
    await bench.pass();
    expect(bench.store.height).toBe(1);
    expect(await bench.fault()).toBeUndefined();
    await bench.stop();
  });
}
