import { afterEach, describe, expect, it } from 'vitest';
import type { ChainToExtend, CommitDetails, EngineEvent, StoredBlock } from '../../../src/consensus/engine.ts';
import { ChainVerifier, type Fault, type Tip } from '../../../src/consensus/verifier.ts';
import { limits } from '../../../src/consensus/work/limits.ts';
import { MinedCandidates } from '../../../src/consensus/work/mined-candidates.ts';
import { type MiningTime, WorkEngine } from '../../../src/consensus/work/work-engine.ts';
import { type Block, isMined } from '../../../src/core/block.ts';
import { workHash } from '../../../src/core/block-hash.ts';
import { hexOf, verifySignature } from '../../core/build-chain.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';
import { describesAnEngine } from '../engine-contract.ts';
import { ManualNonces } from './manual-nonces.ts';
import { workGenesis } from './work-chain.ts';

/** A chain of work in memory, every block of which must hold. */
class WorkChain implements ChainToExtend {
  readonly hasWaited = false;
  readonly blocks: Block[] = [];
  readonly details: CommitDetails[] = [];
  looks = 0;
  /** Called when a block is stored. */
  stored: () => void = () => undefined;
  readonly #verifier = new ChainVerifier(verifySignature);

  constructor(genesis: Block) {
    this.#verifier.next(genesis);
  }

  get tip(): Tip | undefined {
    return this.#verifier.tip;
  }

  get height(): number {
    return this.tip?.index ?? -1;
  }

  making<Result>(make: () => Promise<Result>): Promise<Result> {
    return make();
  }

  async sealedPool(): Promise<undefined> {
    return undefined;
  }

  readonly kept = new Map<string, string>();

  async minedTexts(): Promise<readonly (readonly [string, string])[]> {
    return [...this.kept];
  }

  keepMined(hash: string, text: string): void {
    this.kept.set(hash, text);
  }

  forgetMined(hash: string): void {
    this.kept.delete(hash);
  }

  keepSealedPool(): Promise<never> {
    throw new Error('nothing is sealed in a chain of work');
  }

  acceptAll(): Promise<never> {
    throw new Error('blocks of work come one after the other');
  }

  async accept({ block, text }: StoredBlock, detail: () => CommitDetails): Promise<Fault | undefined> {
    const checked = this.#verifier.nextText(text);
    if ('fault' in checked) return checked.fault;
    this.blocks.push(block);
    this.details.push(detail());
    this.stored();
    return undefined;
  }

  async verifyPlace(): Promise<void> {
    this.looks += 1;
  }
}

interface Opened {
  readonly clock: SimulatedClock;
  readonly nonces: ManualNonces;
  readonly chain: WorkChain;
  readonly events: EngineEvent[];
  readonly engine: WorkEngine;
  readonly running: Promise<void>;
  readonly stop: () => void;
  /** Ends the search with a nonce. At the difficulty 1 every nonce holds. */
  find(nonce: number): Promise<void>;
}

const opened: Opened[] = [];
const miner = hexOf('miner');

async function open({
  mine = 'waiting',
  difficulty = 1n,
}: {
  mine?: MiningTime;
  difficulty?: bigint;
} = {}): Promise<Opened> {
  const clock = new SimulatedClock();
  const nonces = new ManualNonces();
  // At an interval of 1 ms the difficulty stays at 1.
  const chain = new WorkChain(workGenesis(difficulty, 1));
  const events: EngineEvent[] = [];
  const engine = new WorkEngine({
    clock,
    chain,
    nonces,
    mine,
    miner,
    mined: await MinedCandidates.open(chain),
    stakes: { stakeOf: () => 0n },
    listener: { onEvent: (event) => events.push(event) },
    candidatesTaken: () => undefined,
    blockSettled: () => undefined,
  });
  chain.stored = () => engine.tipMoved();
  const stopping = new AbortController();
  const running = engine.run(stopping.signal);
  const find = async (nonce: number): Promise<void> => {
    await clock.pass(10);
    nonces.end({ kind: 'found', nonce, hash: workHash(nonces.task.contentHash, nonce) });
    await clock.pass(0);
  };
  const result = { clock, nonces, chain, events, engine, running, stop: () => stopping.abort(), find };
  opened.push(result);
  await clock.pass(0);
  return result;
}

afterEach(async () => {
  for (const { stop, running } of opened.splice(0)) {
    stop();
    await running;
  }
});

function searched(events: readonly EngineEvent[]): readonly unknown[] {
  return events.flatMap((event) => (event.kind === 'searching' ? [`${event.index}: ${event.payload}`] : []));
}

describe('the engine of a chain of work', () => {
  describesAnEngine('work');
});

describe('a chain of work', () => {
  it('gets a block for each candidate, in the order in which they came', async () => {
    const { chain, engine, events, find } = await open();
    const [a, b] = ['a', 'b'].map(hexOf);
    expect(engine.propose(a ?? '', 1)).toEqual({ kind: 'queued', index: 1, round: 0, ahead: 0, difficulty: 1n });
    expect(engine.propose(b ?? '', 2)).toEqual({ kind: 'queued', index: 2, round: 1, ahead: 1 });
    expect(engine.propose(a ?? '', 3)).toEqual({ kind: 'queued', index: 3, round: 2, ahead: 2 });
    for (const nonce of [10, 11, 12]) await find(nonce);
    expect(chain.blocks.map(({ Validator, BPM }) => [Validator, BPM])).toEqual([
      [a, 1],
      [b, 2],
      [a, 3],
    ]);
    expect(chain.blocks.map((block) => isMined(block) && block.Work.Nonce)).toEqual([10, 11, 12]);
    expect(chain.details.map(({ round }) => round)).toEqual([0, 1, 2]);
    expect(searched(events)).toEqual(['1: 1', '2: 2', '3: 3']);
    expect(engine.status()).toMatchObject({ candidates: 0 });
    expect(engine.status().search).toBeUndefined();
  });

  it('has a candidate wait again whose block fell out, unless that block came back or its validator was slashed', async () => {
    const { chain, engine, find } = await open();
    const [a, b, c] = ['a', 'b', 'c'].map(hexOf);
    for (const [place, validator] of [a, b, c].entries()) engine.propose(validator ?? '', place + 1);
    for (const nonce of [10, 11, 12]) await find(nonce);
    const mined = chain.blocks.filter(isMined);
    engine.withdraw(c ?? '');
    engine.blocksRemoved(mined);
    expect([...engine.candidates()].map(({ payload }) => payload)).toEqual([1, 2]);
    const [first] = mined;
    if (first !== undefined) engine.blockCommitted(first);
    expect([...engine.candidates()].map(({ payload }) => payload)).toEqual([2]);
    await find(13);
    expect(chain.blocks.at(-1)).toMatchObject({ Index: 4, Validator: b, BPM: 2 });
    expect(engine.status()).toMatchObject({ candidates: 0 });
  });

  it('takes a nonce that was found outside, and tells of its block when it is stored', async () => {
    const { chain, engine, nonces } = await open();
    expect(await engine.submitNonce(hexOf('any'), 1)).toEqual({ kind: 'no search' });
    engine.propose(hexOf('a'), 72);
    const { contentHash } = nonces.task;
    expect(engine.content).toMatchObject({ index: 1, contentHash });
    const submitted = [engine.submitNonce(contentHash, 5), engine.submitNonce(contentHash, 6)];
    expect(chain.height).toBe(0);
    expect(await submitted[1]).toEqual({ kind: 'stale' });
    expect(await submitted[0]).toEqual({ kind: 'stored', block: chain.blocks.at(-1) });
    expect(chain.blocks).toMatchObject([{ Index: 1, BPM: 72, Work: { Nonce: 5 } }]);
  });

  it('says that a nonce from outside is stale when its block is given up meanwhile', async () => {
    const { chain, engine, nonces } = await open();
    engine.propose(hexOf('a'), 72);
    const submitted = engine.submitNonce(nonces.task.contentHash, 5);
    engine.withdraw(hexOf('a'));
    expect(await submitted).toEqual({ kind: 'stale' });
    expect(chain.height).toBe(0);
  });

  it('refuses a candidate that has no room, and keeps those that it accepted', async () => {
    const { engine } = await open();
    for (let count = 0; count < limits.backlogPerValidatorMax; count++) engine.propose(hexOf('a'), count);
    expect(engine.propose(hexOf('a'), 99)).toEqual({ kind: 'full' });
    expect([...engine.candidates()].map(({ payload }) => payload)).toEqual(
      Array.from({ length: limits.backlogPerValidatorMax }, (_, count) => count),
    );
  });

  it('is searched for nothing while nothing waits, and looks whether it is still there', async () => {
    const { chain, clock, nonces } = await open();
    expect(nonces.tasks).toEqual([]);
    await clock.pass(limits.placeCheckMs - 1);
    expect(chain.looks).toBe(0);
    await clock.pass(1);
    expect(chain.looks).toBe(1);
    expect(nonces.tasks).toEqual([]);
  });

  it('begins anew behind a block that came from elsewhere, with the same candidate', async () => {
    const { chain, clock, engine, events, nonces, find } = await open();
    const other = await open();
    other.engine.propose(hexOf('other'), 5);
    await other.find(1);
    engine.propose(hexOf('a'), 7);
    await clock.pass(10);
    const [block] = other.chain.blocks;
    if (block === undefined) throw new Error('no block was found');
    await chain.accept({ block, text: JSON.stringify(block), body: [] }, () => ({
      receipts: { size: 0, of: () => undefined },
    }));
    await clock.pass(0);
    expect(nonces.isSearching).toBe(true);
    expect(searched(events)).toEqual(['1: 7', '2: 7']);
    await find(3);
    expect(chain.blocks.map(({ Index, BPM }) => [Index, BPM])).toEqual([
      [1, 5],
      [2, 7],
    ]);
  });

  it('searches for other candidates when one is withdrawn, and puts none of its validator on the chain', async () => {
    const { chain, clock, engine, find } = await open();
    engine.propose(hexOf('slashed'), 1);
    engine.propose(hexOf('slashed'), 2);
    engine.propose(hexOf('b'), 3);
    await clock.pass(10);
    expect(engine.isWaiting(hexOf('slashed'))).toBe(true);
    engine.withdraw(hexOf('slashed'));
    expect(engine.isWaiting(hexOf('slashed'))).toBe(false);
    await find(1);
    expect(chain.blocks.map(({ BPM }) => BPM)).toEqual([3]);
  });

  it('stops when it is asked to, in the middle of a search', async () => {
    const { engine, nonces, running, stop } = await open();
    engine.propose(hexOf('a'), 1);
    await expect.poll(() => nonces.isSearching).toBe(true);
    stop();
    await running;
    expect(nonces.isSearching).toBe(false);
  });

  it('rejects when it cannot be made longer', async () => {
    const { chain, engine, running, find } = await open();
    opened.pop();
    chain.accept = async () => {
      throw new Error('the disk refused');
    };
    engine.propose(hexOf('a'), 1);
    const rejected = expect(running).rejects.toThrow('the disk refused');
    await find(1);
    await rejected;
  });
});

describe('a pause of the search', () => {
  it('lasts until it is resumed, while candidates are accepted', async () => {
    const { clock, engine, events, nonces, find, chain } = await open();
    engine.propose(hexOf('a'), 1);
    await clock.pass(10);
    engine.pause();
    engine.pause();
    await clock.pass(10);
    expect(nonces.isSearching).toBe(false);
    expect(engine.propose(hexOf('a'), 2)).not.toHaveProperty('difficulty');
    await clock.pass(10);
    expect(nonces.isSearching).toBe(false);
    engine.resume();
    engine.resume();
    await find(1);
    await find(2);
    expect(chain.blocks.map(({ BPM }) => BPM)).toEqual([1, 2]);
    expect(events.map(({ kind }) => kind).filter((kind) => kind === 'paused' || kind === 'resumed')).toEqual([
      'paused',
      'resumed',
    ]);
  });

  it('lets the operator have one block', async () => {
    const { chain, clock, engine, nonces, find } = await open();
    engine.propose(hexOf('a'), 1);
    engine.propose(hexOf('a'), 2);
    engine.pause();
    await clock.pass(10);
    engine.sealNow();
    await find(1);
    expect(chain.blocks.map(({ BPM }) => BPM)).toEqual([1]);
    expect(nonces.isSearching).toBe(false);
  });
});

describe("a node's own blocks", () => {
  it('are searched for without a break where it is set so, and give way to candidates', async () => {
    const { chain, clock, engine, nonces, find } = await open({ mine: 'always' });
    await find(1);
    await find(2);
    engine.propose(hexOf('a'), 72);
    await clock.pass(0);
    expect(nonces.isSearching).toBe(true);
    await find(3);
    await find(4);
    expect(chain.blocks.map(({ Validator, BPM }) => [Validator, BPM])).toEqual([
      [miner, 0],
      [miner, 0],
      [hexOf('a'), 72],
      [miner, 0],
    ]);
    expect(chain.details.map(({ round }) => round)).toEqual([undefined, undefined, 0, undefined]);
  });

  it('are made one at a time where the operator asks for one', async () => {
    const { chain, engine, nonces, find } = await open();
    engine.sealNow();
    await find(1);
    expect(chain.blocks.map(({ Validator }) => Validator)).toEqual([miner]);
    expect(nonces.isSearching).toBe(false);
  });
});

describe('a clock that is behind the chain', () => {
  it('is waited for when no node would take a block yet, which is told once', async () => {
    const { chain, clock, engine, events, nonces, find } = await open();
    engine.propose(hexOf('a'), 1);
    await find(1);
    // The last block is further in the future than a block may be, by less than two seconds.
    clock.jumpWall(-limits.futureMaxMs - 1500);
    engine.propose(hexOf('a'), 2);
    await clock.pass(1000);
    expect(nonces.isSearching).toBe(false);
    await clock.pass(2000);
    expect(nonces.isSearching).toBe(true);
    expect(events.filter(({ kind }) => kind === 'future-tip')).toHaveLength(1);
    await find(2);
    expect(chain.blocks.map(({ Timestamp }) => Timestamp)).toEqual([
      chain.blocks[0]?.Timestamp,
      chain.blocks[0]?.Timestamp,
    ]);
  });
});

describe('a nonce by hand', () => {
  it('takes the block when that holds with it', async () => {
    const { chain, clock, engine } = await open();
    expect(engine.tryNonce(5)).toEqual({ kind: 'no search' });
    engine.propose(hexOf('a'), 1);
    await clock.pass(10);
    expect(engine.tryNonce(5)).toMatchObject({ kind: 'tried', index: 1, difficulty: 1n, holds: true });
    await clock.pass(0);
    expect(chain.blocks).toMatchObject([{ BPM: 1, Work: { Nonce: 5 } }]);
  });
});
