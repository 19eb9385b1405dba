import { describe, expect, it, onTestFinished } from 'vitest';
import { isGenesis } from '../../src/core/block.ts';
import { Metrics, type Readings } from '../../src/http/metrics.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { committed } from '../core/build-chain.ts';
import { buildWorkChain } from '../core/build-kinds.ts';
import { chain, pools } from '../storage/contract.ts';

function metricsFor(readings: () => Partial<Readings> = () => ({})): Metrics {
  const metrics = new Metrics(() => ({
    height: 1,
    candidates: 0,
    totalStake: 0n,
    validators: 0,
    connections: 0,
    watchers: 0,
    endings: [],
    bytes: { received: 0, sent: 0 },
    chainsSkipped: 0,
    hashRate: 0,
    difficulty: 0,
    awaited: [],
    web: [],
    peers: undefined,
    log: undefined,
    ...readings(),
  }));
  onTestFinished(() => metrics.close());
  return metrics;
}

async function readingOf(metrics: Metrics, name: string): Promise<number> {
  const { text } = await metrics.text();
  const line = text.split('\n').find((entry) => entry.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? Number.NaN);
}

function drawn(lateMs: number | undefined): NodeEvent {
  const late = lateMs === undefined ? {} : { lateMs };
  return { ...committed(chain[1], pools[0] ?? []), ...late };
}

describe('the metrics', () => {
  it('count a draw as late as it was, and leave out the one that the operator asked for', async () => {
    const metrics = metricsFor();
    metrics.onEvent(drawn(43_000));
    metrics.onEvent(drawn(undefined));
    expect(await readingOf(metrics, 'sortition_draw_lateness_seconds_sum')).toBe(43);
    expect(await readingOf(metrics, 'sortition_draw_lateness_seconds_count')).toBe(1);
    expect(await readingOf(metrics, 'sortition_rounds_total{outcome="drawn"}')).toBe(2);
    expect(await readingOf(metrics, 'sortition_store_append_seconds_sum')).toBe(0.004);
  });

  it('show the rate and the difficulty of a chain of work, and of no other one, and count blocks of every kind', async () => {
    const [genesis, block] = buildWorkChain([1000], 4n, 1000);
    if (genesis === undefined || block === undefined || isGenesis(block)) throw new Error('no block');
    const lottery = metricsFor(() => ({ hashRate: 93_000, difficulty: 4 }));
    lottery.onEvent(drawn(undefined));
    expect(await readingOf(lottery, 'sortition_blocks_total')).toBe(1);
    expect(await readingOf(lottery, 'sortition_hash_rate')).toBeNaN();
    const metrics = metricsFor(() => ({ hashRate: 93_000, difficulty: 4 }));
    metrics.onEvent({ kind: 'loaded', block: genesis, text: '' });
    const receipts = { size: 0, of: () => undefined };
    metrics.onEvent({ kind: 'committed', block, text: '', body: [], receipts, storedMs: 1 });
    expect(await readingOf(metrics, 'sortition_hash_rate')).toBe(93_000);
    expect(await readingOf(metrics, 'sortition_difficulty')).toBe(4);
    expect(await readingOf(metrics, 'sortition_blocks_total')).toBe(1);
    expect(await readingOf(metrics, 'sortition_rounds_total{outcome="drawn"}')).toBe(0);
    expect(await readingOf(metrics, 'sortition_blocks_removed_total')).toBe(0);
    metrics.onEvent({ kind: 'reorganised', fork: 0, removed: [{ block, transactions: [] }], added: 2 });
    expect(await readingOf(metrics, 'sortition_blocks_removed_total')).toBe(1);
  });

  it('count validators that resume their session, so that no more leave than came', async () => {
    const metrics = metricsFor();
    const person = { validator: 'a'.repeat(64), stake: 10n };
    metrics.onEvent({ kind: 'joined', ...person });
    metrics.onEvent({ kind: 'left', ...person, isInTheDraw: false });
    metrics.onEvent({ kind: 'returned', ...person });
    metrics.onEvent({ kind: 'left', ...person, isInTheDraw: false });
    const counts = await Promise.all(
      ['joined', 'returned', 'left'].map((event) => readingOf(metrics, `sortition_people_total{event="${event}"}`)),
    );
    expect(counts).toEqual([1, 1, 2]);
  });

  it('say how things stand whenever somebody asks, and add nothing up that was added up already', async () => {
    let height = 7;
    const metrics = metricsFor(() => ({ height, endings: [['left', height]], totalStake: 10n ** 20n }));
    expect(await readingOf(metrics, 'sortition_chain_height')).toBe(7);
    height = 9;
    for (let count = 0; count < 2; count++) {
      expect(await readingOf(metrics, 'sortition_chain_height')).toBe(9);
      expect(await readingOf(metrics, 'sortition_connections_ended_total{ending="left"}')).toBe(9);
    }
    expect(await readingOf(metrics, 'sortition_pool_tokens')).toBe(1e20);
  });

  it('are refused when what they are read from fails', async () => {
    const metrics = metricsFor(() => {
      throw new Error('the lottery does not answer');
    });
    await expect(metrics.text()).rejects.toThrow('the lottery does not answer');
  });

  it('say the same of the event loop to everybody who asks', async () => {
    const metrics = metricsFor();
    const longest = (): Promise<number> => readingOf(metrics, 'sortition_event_loop_delay_seconds{percentile="100"}');
    await expect
      .poll(() => {
        for (const endMs = performance.now() + 60; performance.now() < endMs; );
        return longest();
      })
      .toBeGreaterThan(0.02);
    expect(await longest()).toBeGreaterThan(0.02);
  });

  it('tell of the log of several doors where there is one', async () => {
    const log = { leader: 'a1', isLeader: true, term: 7, waiting: 3, failovers: 2 };
    const metrics = metricsFor(() => ({ log }));
    expect(await readingOf(metrics, 'sortition_log_term')).toBeNaN();
    metrics.addLog();
    const names = ['leader', 'has_leader', 'term', 'waiting', 'failovers'];
    const values = await Promise.all(names.map((name) => readingOf(metrics, `sortition_log_${name}`)));
    expect(values).toEqual([1, 1, 7, 3, 2]);
  });
});
