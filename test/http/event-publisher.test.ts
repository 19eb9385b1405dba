import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Block, isGenesis, isMined } from '../../src/core/block.ts';
import type { Status } from '../../src/http/api/types.ts';
import { ErrorReporter } from '../../src/http/error-reporter.ts';
import { EventPublisher } from '../../src/http/event-publisher.ts';
import { limits } from '../../src/http/limits.ts';
import { LiveState } from '../../src/http/live-state.ts';
import { sealReport } from '../../src/http/seal-report.ts';
import { readNewBlocks, readReorganised } from '../../src/library/message-readers.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { committed, hexOf } from '../core/build-chain.ts';
import { buildInstantChain, buildWorkChain } from '../core/build-kinds.ts';
import { chain, pools } from '../storage/contract.ts';

const joined: NodeEvent = { kind: 'joined', validator: hexOf('ada'), stake: 1n };
const openRound: Status = {
  version: 'test',
  consensus: 'lottery',
  height: 1,
  phase: 'open',
  intervalMs: 30_000,
  remainingMs: 1000,
  candidates: 0,
  totalStake: '0',
  validators: 0,
  connections: 0,
  watchers: 0,
  join: [],
  pages: [],
};

function drawn(index: number): NodeEvent {
  return committed(chain[index], pools[index - 1] ?? []);
}

describe('the event publisher', () => {
  let published: string[];
  let told: string[];
  let errors: unknown[];
  let status: () => Status;
  let publisher: EventPublisher;

  beforeEach(() => {
    vi.useFakeTimers();
    [published, told, errors, status] = [[], [], [], () => openRound];
    publisher = new EventPublisher({
      stream: {
        publish: (name, json) => {
          published.push(name);
          told.push(json);
        },
      },
      liveState: new LiveState(),
      status: () => status(),
      errors: new ErrorReporter({ nowMs: () => 0, failed: (error) => errors.push(error) }),
    });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells together what happens within a moment', () => {
    publisher.onEvent(joined);
    vi.advanceTimersByTime(limits.pageRefreshMs - 1);
    publisher.onEvent(joined);
    expect(published).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(published).toEqual(['pool']);
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual(['pool']);
  });

  it('tells a draw in its next turn, with what has not been published yet, and never in the turn of the lottery', () => {
    publisher.onEvent(joined);
    publisher.onEvent(drawn(1));
    publisher.onEvent(drawn(2));
    expect(published).toEqual([]);
    vi.advanceTimersByTime(0);
    expect(published).toEqual(['drawn', 'drawn', 'pool']);
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual(['drawn', 'drawn', 'pool']);
  });

  it('tells a sealed pool in its next turn and before its draw, and the wait for beacons only while it lasts', () => {
    const pool = { Index: 2, Sealed: '2026-01-01T00:00:30.000Z', PoolRoot: hexOf('r'), PoolSize: 1, TotalStake: '7' };
    const round = { name: 'own', round: 5, timeMs: 0, signature: undefined, isLate: false };
    const seal = { pool, signature: 'ab', rounds: [round] };
    publisher.onEvent({ kind: 'sealed', ...seal });
    publisher.onEvent(drawn(2));
    expect(published).toEqual([]);
    vi.advanceTimersByTime(0);
    expect(published).toEqual(['sealed', 'drawn', 'pool']);
    expect(JSON.parse(told[0] ?? '')).toEqual(sealReport(seal));
    status = () => ({ ...openRound, seal: sealReport(seal) });
    publisher.onEvent({ kind: 'late', round: 1, index: 2, awaited: [round] });
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published.slice(3)).toEqual(['waiting', 'pool']);
    status = () => openRound;
    publisher.onEvent({ kind: 'beacon-heard', index: 2, heard: { ...round, signature: 'cd' }, awaited: [] });
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published.slice(5)).toEqual(['pool']);
  });

  it('tells blocks without a draw in batches, as many of the newest as a page shows', () => {
    const blocks = buildInstantChain(Array.from({ length: limits.newestBlocksMax + 2 }, () => 72)).slice(1);
    for (const block of blocks) {
      if (isGenesis(block)) throw new Error('no block');
      const receipts = { size: 0, of: () => undefined };
      publisher.onEvent({ kind: 'committed', block, text: JSON.stringify(block), body: [], receipts, storedMs: 1 });
    }
    expect(published).toEqual([]);
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual(['blocks']);
    const { newest } = readNewBlocks(JSON.parse(told[0] ?? ''));
    expect(newest.map(({ Index }) => Index)).toEqual([10, 9, 8, 7, 6, 5, 4, 3]);
    publisher.onEvent(joined);
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual(['blocks', 'pool']);
  });

  it('tells what fell out before what takes its place, and never a block that fell out meanwhile', () => {
    const ours = buildWorkChain([1000, 1000, 1000], 4n, 1000).slice(1);
    const theirs = buildWorkChain([1000, 900, 900, 900], 4n, 1000).slice(1);
    const tell = (block: Block): void => {
      if (!isMined(block)) throw new Error('no block');
      const receipts = { size: 0, of: () => undefined };
      publisher.onEvent({ kind: 'committed', block, text: JSON.stringify(block), body: [], receipts, storedMs: 1 });
    };
    for (const block of ours) tell(block);
    const removed = ours.slice(1).flatMap((block) => (isMined(block) ? [{ block, transactions: [] }] : []));
    publisher.onEvent({ kind: 'reorganised', fork: 1, removed, added: 3 });
    for (const block of theirs.slice(1)) tell(block);
    expect(published).toEqual([]);
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual(['reorganised', 'blocks']);
    expect(readReorganised(JSON.parse(told[0] ?? ''))).toEqual({
      fork: 1,
      removed: ours.slice(1).reverse(),
      removedCount: 2,
      addedCount: 3,
    });
    expect(readNewBlocks(JSON.parse(told[1] ?? '')).newest).toEqual([...theirs.slice(1).reverse(), ours[0]]);
  });

  it('finds out by itself that a search goes on, and that blocks are of more than a minute ago', () => {
    const search = { index: 2, difficulty: '9', validator: hexOf('ada'), bpm: 72, tried: 100, elapsedMs: 5 };
    for (const change of [{ search }, { search: { ...search, tried: 200 } }, { blocksPerMinute: 1 }, {}]) {
      status = () => ({ ...openRound, consensus: 'work', ...change });
      publisher.publishIfChanged();
      vi.advanceTimersByTime(limits.pageRefreshMs);
    }
    expect(published).toEqual(['pool', 'pool', 'pool', 'pool']);
  });

  it('has nothing to tell of a chain that is read or sent', () => {
    const [genesis] = chain;
    if (genesis === undefined) throw new Error('no block');
    publisher.onEvent({ kind: 'loaded', block: genesis, text: '' });
    publisher.onEvent({ kind: 'chain-due' });
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual([]);
  });

  it('finds out by itself what no event tells, and tells it once', () => {
    for (const change of [{ phase: 'paused' }, { connections: 1 }, { validators: 1 }] as const) {
      status = () => ({ ...openRound, ...change });
      for (let count = 0; count < 2; count++) {
        publisher.publishIfChanged();
        vi.advanceTimersByTime(limits.pageRefreshMs);
      }
    }
    status = () => ({ ...openRound, validators: 1, remainingMs: 7 });
    publisher.publishIfChanged();
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual(['pool', 'pool', 'pool']);
  });

  it('keeps what fails to itself, and goes on with the next event', () => {
    status = () => {
      throw new Error('the lottery does not answer');
    };
    publisher.onEvent(joined);
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(errors.map(String)).toEqual(['Error: the lottery does not answer']);
    status = () => openRound;
    publisher.onEvent(joined);
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual(['pool']);
  });

  it('is silent after it was closed', () => {
    publisher.onEvent(joined);
    publisher.close();
    publisher.onEvent(drawn(1));
    vi.advanceTimersByTime(limits.pageRefreshMs);
    expect(published).toEqual([]);
  });
});
