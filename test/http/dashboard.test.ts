import { connect } from 'node:net';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Block, isDrawn } from '../../src/core/block.ts';
import { Dashboard } from '../../src/http/dashboard.ts';
import {
  readDrawn,
  readFairness,
  readHistory,
  readPoolChange,
  readRefusal,
  readSnapshot,
  readStatus,
} from '../../src/library/message-readers.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { Change } from '../change.ts';
import { committed } from '../core/build-chain.ts';
import { EventStream } from '../e2e/event-stream.ts';
import { chainTextOf } from '../node/chain-text-of.ts';
import { chain, fill, pools } from '../storage/contract.ts';
import { temporaryDirectory } from '../temporary.ts';

interface OpenDashboard {
  readonly dashboard: Dashboard;
  readonly base: string;
  readonly faults: unknown[];
}

interface OpenOptions {
  /** Lets the lottery answer with exceptions. */
  readonly isBroken?: () => boolean;
  readonly announced?: readonly Block[];
  /** The index of a block whose pool is gone from the disk. */
  readonly poolLost?: number;
  readonly connectionsMax?: number;
}

/** A dashboard over a chain that is on the disk already. */
async function openDashboard(options: OpenOptions = {}): Promise<OpenDashboard> {
  const { isBroken = () => false, announced = chain, connectionsMax = 100, poolLost } = options;
  const directory = temporaryDirectory();
  const filled = await LevelStore.open(directory);
  await fill(filled);
  await filled.close();
  if (poolLost !== undefined) {
    const level = new ClassicLevel(join(directory, 'chain'));
    await level.del(`pool/${String(poolLost).padStart(12, '0')}`);
    await level.close();
  }
  const store = await LevelStore.open(directory);
  onTestFinished(() => store.close());
  const faults: unknown[] = [];
  const dashboard = new Dashboard({
    version: 'test',
    intervalMs: 30_000,
    clock: new SystemClock(),
    store,
    chain: () => chainTextOf([]),
    connectionsMax,
    connectionLimiter: { enter: () => () => undefined },
    play: (socket) => socket.destroy(),
    lottery: () => ({
      status: () => {
        if (isBroken()) throw new Error('the lottery does not answer');
        return {
          kind: 'lottery',
          validators: 3,
          remainingMs: 1000,
          isPaused: false,
          isDrawing: false,
          isDiskFull: false,
          isSandbox: false,
          candidates: 0,
          totalStake: 0n,
        };
      },
      validators: () => [],
      sealNow: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    }),
    connections: () => 5,
    seatRules: {
      service: () => {
        throw new Error('nobody takes part here');
      },
      kind: () => 'lottery',
      rules: { stakeMax: 1000n, slashAfter: 1 },
      seatsMax: 0,
      subnetLimiter: { enter: () => undefined },
      idleMs: 1000,
    },
    rpc: { cookie: () => undefined, bodyMs: 1000, stop: () => undefined },
    writeBounds: { perSecond: 0, bodyMs: 1000, searchMs: 1000 },
    traffic: () => ({ endings: [], bytes: { received: 0, sent: 0 }, chainsSkipped: 0 }),
    failed: (error) => faults.push(error),
  });
  onTestFinished(() => dashboard.close('asked'));
  for (const block of announced) dashboard.onEvent({ kind: 'loaded', block, text: JSON.stringify(block) });
  const port = await dashboard.open({ addresses: ['127.0.0.1'], port: 0, join: [], hosts: [] });
  return { dashboard, faults, base: `http://127.0.0.1:${port}` };
}

async function answerOf(address: string): Promise<unknown> {
  return (await fetch(address)).json();
}

const joined: NodeEvent = { kind: 'joined', validator: 'a'.repeat(64), stake: 1n };

describe('the dashboard', () => {
  it('counts fairness from the rounds of earlier runs, too', async () => {
    const { base } = await openDashboard();
    await expect.poll(() => answerOf(`${base}/api/validators`)).toMatchObject({ firstBlock: 1, rounds: pools.length });
  });

  it('says what to do about a pool that is damaged, and counts the rounds that are whole', async () => {
    const { base, faults } = await openDashboard({ poolLost: 2 });
    await expect.poll(() => answerOf(`${base}/api/validators`)).toMatchObject({ rounds: pools.length - 1 });
    const response = await fetch(`${base}/api/rounds/2/pool`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: expect.stringMatching(/^this is damaged on the disk of the server.* repair DATA_DIR NEW-DIRECTORY$/),
    });
    expect(String(faults)).toContain('the pool of block 2 is not there');
    expect((await fetch(`${base}/api/blocks/2`)).status).toBe(200);
  });

  it('says nothing of a block that is stored but not announced', async () => {
    const { base } = await openDashboard({ announced: chain.slice(0, -1) });
    const untold = chain.length - 1;
    expect((await fetch(`${base}/api/blocks/${untold - 1}`)).status).toBe(200);
    expect((await fetch(`${base}/api/blocks/${untold}`)).status).toBe(404);
    expect((await fetch(`${base}/api/rounds/${untold}/pool`)).status).toBe(404);
    expect(await answerOf(`${base}/api/blocks`)).toEqual(chain.slice(0, -1));
    expect(await answerOf(`${base}/api/status`)).toMatchObject({ height: untold - 1 });
  });

  it('gives a browser its page and a program the chain, indented, at the same address', async () => {
    const { base } = await openDashboard({ announced: chain.slice(0, -1) });
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const page = await fetch(base, { headers: { accept } });
    expect([page.headers.get('Content-Type'), page.headers.get('Vary')]).toEqual([
      'text/html; charset=utf-8',
      'Accept',
    ]);
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }, { accept: 'text/html;q=0, */*' }]) {
      const answer = await fetch(base, { headers });
      expect([answer.headers.get('Content-Type'), answer.headers.get('Vary')]).toEqual(['application/json', 'Accept']);
      expect(await answer.text()).toBe(`${JSON.stringify(chain.slice(0, -1), undefined, 2)}\n`);
    }
    const head = await fetch(base, { method: 'HEAD' });
    expect([head.status, head.headers.get('Content-Type'), await head.text()]).toEqual([200, 'application/json', '']);
  });

  it('publishes a draw once, with its pool, and the state after it', async () => {
    const { dashboard, base } = await openDashboard();
    const events = await EventStream.open(`${base}/api/events`);
    await events.nextOf('snapshot');
    const block = chain.at(-1);
    if (block === undefined || !isDrawn(block)) throw new Error('no block');
    dashboard.onEvent(committed(block, pools.at(-1) ?? []));
    const drawn = await events.next();
    expect([drawn.name, drawn.data]).toMatchObject(['drawn', { block }]);
    expect((await events.next()).name).toBe('pool');
  });

  it('says nothing that its page does not read, and read the same', async () => {
    const { dashboard, base } = await openDashboard({ announced: chain.slice(0, -1) });
    await expect.poll(() => answerOf(`${base}/api/validators`)).toMatchObject({ rounds: pools.length - 1 });
    const events = await EventStream.open(`${base}/api/events`);
    const snapshot = await events.nextOf('snapshot');
    const candidate = pools.at(-1)?.[0];
    const block = chain.at(-1);
    if (candidate === undefined || block === undefined || !isDrawn(block)) throw new Error('no block');
    dashboard.onEvent({ kind: 'proposed', candidate, index: block.Index });
    const change = await events.nextOf('pool');
    expect(readPoolChange(change.data).segments).toHaveLength(1);
    dashboard.onEvent(committed(block, pools.at(-1) ?? []));
    const drawn = await events.nextOf('drawn');
    const said: readonly (readonly [(json: unknown) => unknown, unknown])[] = [
      [readStatus, await answerOf(`${base}/api/status`)],
      [readFairness, await answerOf(`${base}/api/validators`)],
      [readHistory, await answerOf(`${base}/api/validators/${block.Validator}`)],
      [readSnapshot, snapshot.data],
      [readPoolChange, change.data],
      [readDrawn, drawn.data],
    ];
    for (const [read, json] of said) expect(read(json)).toEqual(json);
    expect(readRefusal(await answerOf(`${base}/api/blocks/one`))).toBe('"one" is not the index of a block');
  });

  it('finds a validator by the first digits of its address, and says when there is none and when there are several', async () => {
    const { dashboard, base } = await openDashboard();
    await expect.poll(() => answerOf(`${base}/api/validators`)).toMatchObject({ rounds: pools.length });
    const winner = chain.filter(isDrawn).at(-1)?.Validator ?? '';
    const whole = await answerOf(`${base}/api/validators/${winner}`);
    expect(await answerOf(`${base}/api/validators/${winner.slice(0, 8)}`)).toEqual(whole);
    for (const digit of ['1', '2']) {
      dashboard.onEvent({ kind: 'joined', validator: `${'a'.repeat(8)}${digit.repeat(56)}`, stake: 1n });
    }
    expect(await answerOf(`${base}/api/validators/aaaaaaaa1`)).toMatchObject({ isConnected: true, parts: [] });
    const several = await fetch(`${base}/api/validators/aaaaaaaa`);
    expect([several.status, readRefusal(await several.json())]).toEqual([
      409,
      `${'a'.repeat(8)}${'1'.repeat(56)} and ${'a'.repeat(8)}${'2'.repeat(56)} begin with aaaaaaaa: give more digits`,
    ]);
    expect((await fetch(`${base}/api/validators/00000000`)).status).toBe(404);
    expect((await fetch(`${base}/api/validators/aaaaaaa`)).status).toBe(400);
    // A whole address needs not be known.
    expect((await fetch(`${base}/api/validators/${'0'.repeat(64)}`)).status).toBe(200);
  });

  it('cuts a connection that asks for more behind its events, by name, and forgets that it watched', async () => {
    const { base } = await openDashboard();
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(base).port) });
    onTestFinished(() => {
      socket.destroy();
    });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined).resume();
    socket.write('GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(200));
    await closed;
    await expect.poll(() => answerOf(`${base}/api/status`)).toMatchObject({ watchers: 0 });
    const metrics = await (await fetch(`${base}/metrics`)).text();
    expect(metrics).toContain('sortition_web_endings_total{ending="behind-events"} 1');
    const events = await EventStream.open(`${base}/api/events`);
    expect((await events.next()).name).toBe('snapshot');
  });

  it('keeps some connections for requests, and says when to ask for events again', async () => {
    const { base } = await openDashboard({ connectionsMax: 20 });
    for (let count = 0; count < 18; count++) {
      const events = await EventStream.open(`${base}/api/events`);
      expect((await events.next()).name).toBe('snapshot');
    }
    const refused = await fetch(`${base}/api/events`);
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5']);
    expect(await refused.json()).toEqual({ error: '18 pages watch already: ask for /api/status now and then' });
    expect((await fetch(`${base}/api/status`)).status).toBe(200);
  });

  it('never throws into the lottery, whatever fails, and does not fill the console with that', async () => {
    let isBroken = false;
    const asked = new Change();
    const { dashboard, base, faults } = await openDashboard({
      isBroken: () => {
        asked.tell();
        return isBroken;
      },
    });
    isBroken = true;
    dashboard.onEvent(committed(chain.at(-1), pools.at(-1) ?? []));
    dashboard.onEvent(joined);
    for (let count = 0; count < 5; count++) expect((await fetch(`${base}/api/status`)).status).toBe(500);
    expect(await answerOf(`${base}/api/status`)).toEqual({ error: 'something went wrong here; the lottery goes on' });
    expect(faults.map(String)).toEqual(['Error: the lottery does not answer']);
    // Until it has looked around by itself, too: what is thrown there would end the process.
    await asked.next();
    await asked.next();
    expect(faults).toHaveLength(1);
    isBroken = false;
    expect((await fetch(`${base}/api/status`)).status).toBe(200);
  });

  it('is quiet after it was closed', async () => {
    const { dashboard, faults } = await openDashboard();
    dashboard.close('asked');
    dashboard.onEvent(joined);
    expect(faults).toEqual([]);
  });

  it('rejects when it cannot listen, and listens nowhere then', async () => {
    const { base } = await openDashboard();
    const taken = Number(new URL(base).port);
    const { dashboard } = await openDashboard();
    const place = { addresses: ['127.0.0.1'], port: taken, join: [], hosts: [] };
    await expect(dashboard.open(place)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
