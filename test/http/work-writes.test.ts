import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { meets } from '../../src/consensus/work/difficulty.ts';
import { workHash } from '../../src/core/block-hash.ts';
import { PostedCandidates } from '../../src/http/posted-candidates.ts';
import { ManualNonces } from '../consensus/work/manual-nonces.ts';
import { differences, recordOf, valueAt } from './json-schema.ts';
import { LotteryPage } from './open-lottery-page.ts';

/** At this difficulty and interval every nonce holds. */
const easy = { kind: 'work', difficulty: 1n, intervalMs: 1 } as const;

type PageOptions = Parameters<typeof LotteryPage.open>[0];

interface Opened {
  readonly page: LotteryPage;
  readonly nonces: ManualNonces;
  /** Ends the search that is under way with a block. */
  readonly find: () => void;
}

/** A page of a chain of work whose blocks a test finds. */
async function open(options: PageOptions = {}): Promise<Opened> {
  const nonces = new ManualNonces();
  const page = await LotteryPage.open({ newChain: easy, nonces, ...options });
  const find = (): void => nonces.end({ kind: 'found', nonce: 7, hash: workHash(nonces.task.contentHash, 7) });
  return { page, nonces, find };
}

/** How an answer to POST / differs from its description. */
async function differencesOf(page: LotteryPage, status: string, answer: unknown): Promise<readonly string[]> {
  const api: unknown = await (await fetch(`${page.base}/api/openapi.json`)).json();
  const schema = valueAt(api, 'paths', '/', 'post', 'responses', status, 'content', 'application/json', 'schema');
  return differences(answer, schema, api);
}

describe('POST / on a chain of work', () => {
  it('is answered with the block, once that is found and stored, and needs no seat', async () => {
    const { page, nonces, find } = await open();
    const bodies = ['{"Data":77}', '{"BPM":0}', '{"Data":2147483647}'];
    for (const [place, body] of bodies.entries()) {
      const asked = page.post(body);
      await expect.poll(() => nonces.isSearching).toBe(true);
      find();
      const answer = await asked;
      expect([answer.status, answer.headers.get('location')]).toEqual([201, `/api/blocks/${place + 1}`]);
      const text = await answer.text();
      expect(text).toBe(await (await fetch(`${page.base}/api/blocks/${place + 1}`)).text());
      expect(JSON.parse(text)).toMatchObject({ Index: place + 1, BPM: [77, 0, 2_147_483_647][place] });
    }
    expect(page.node.chain.height).toBe(3);
    expect(page.node.service.status().validators).toBe(0);
    expect(page.faults).toEqual([]);
  });

  it('is answered with a block that really took work', async () => {
    const page = await LotteryPage.open({ newChain: { kind: 'work', difficulty: 64n, intervalMs: 10_000 } });
    const answer = await page.post('{"Data":77}');
    expect(answer.status).toBe(201);
    const block = recordOf(await answer.json());
    expect(block).toMatchObject({ BPM: 77, Work: { Difficulty: '64' } });
    expect(await differencesOf(page, '201', block)).toEqual([]);
    expect(meets(String(block['Hash']), 64n)).toBe(true);
  });

  it('gives every request its own block, in the order in which they came', async () => {
    const { page, nonces, find } = await open();
    const asked = [];
    for (const payload of [5, 6, 7]) {
      asked.push(page.post(`{"Data":${payload}}`));
      await expect.poll(() => page.node.service.status().candidates).toBe(asked.length);
    }
    for (const place of [0, 1, 2]) {
      await expect.poll(() => nonces.isSearching && page.node.chain.height).toBe(place);
      find();
    }
    const blocks = await Promise.all(asked.map(async (answer) => recordOf(await (await answer).json())));
    expect(blocks).toMatchObject([
      { Index: 1, BPM: 5 },
      { Index: 2, BPM: 6 },
      { Index: 3, BPM: 7 },
    ]);
    expect(new Set(blocks.map((block) => block['Validator'])).size).toBe(3);
  });

  it('is answered with where the block will be, when the search takes longer than a request may wait', async () => {
    const { page, nonces, find } = await open({ writeBounds: { searchMs: 1 } });
    const first = await page.post('{"Data":5}');
    const second = await page.post('{"Data":6}');
    expect([first.status, first.headers.get('location')]).toEqual([202, '/api/blocks/1']);
    expect([second.status, second.headers.get('location')]).toEqual([202, '/api/blocks/2']);
    const answer = recordOf(await second.json());
    const candidate = { validator: expect.stringMatching(/^[0-9a-f]{64}$/), stake: '0', index: 2, bpm: 6 };
    expect(answer).toEqual({ candidate, block: '/api/blocks/2', ahead: 1 });
    expect(await differencesOf(page, '202', answer)).toEqual([]);
    for (const place of [0, 1]) {
      await expect.poll(() => nonces.isSearching && page.node.chain.height).toBe(place);
      find();
    }
    await expect.poll(() => page.node.chain.height).toBe(2);
    const block = await (await fetch(`${page.base}/api/blocks/2`)).json();
    expect(block).toMatchObject({ BPM: 6, Validator: recordOf(answer['candidate'])['validator'] });
    expect(page.faults).toEqual([]);
  });

  it('waits while the operator has paused the search, and loses nothing', async () => {
    const { page, nonces, find } = await open();
    page.node.service.pause();
    const asked = page.post('{"Data":77}');
    await expect.poll(() => page.node.service.status().candidates).toBe(1);
    expect(nonces.isSearching).toBe(false);
    page.node.service.resume();
    find();
    expect((await asked).status).toBe(201);
  });

  it('is answered at once when as many requests wait as may', async () => {
    // A quarter of four connections.
    const { page, nonces, find } = await open({ connectionsMax: 4 });
    const waiting = page.post('{"Data":5}');
    await expect.poll(() => nonces.isSearching).toBe(true);
    expect((await page.post('{"Data":6}')).status).toBe(202);
    find();
    expect((await waiting).status).toBe(201);
    await expect.poll(() => nonces.isSearching).toBe(true);
    // A place is free again.
    const next = page.post('{"Data":7}');
    await expect.poll(() => page.node.service.status().candidates).toBe(2);
    find();
    await expect.poll(() => nonces.isSearching && page.node.chain.height).toBe(2);
    find();
    expect((await next).status).toBe(201);
  });

  it('keeps the candidate of a client that hangs up, and gives its place to another', async () => {
    const { page, nonces, find } = await open({ connectionsMax: 4 });
    const socket = connect({ host: '127.0.0.1', port: page.port });
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n{"Data":77}');
    await expect.poll(() => nonces.isSearching).toBe(true);
    const left = await page.count('left');
    socket.destroy();
    await expect.poll(() => page.count('left')).toBeGreaterThan(left);
    const next = page.post('{"Data":78}');
    await expect.poll(() => page.node.service.status().candidates).toBe(2);
    find();
    await expect.poll(() => nonces.isSearching && page.node.chain.height).toBe(1);
    find();
    expect((await next).status).toBe(201);
    expect(await (await fetch(`${page.base}/api/blocks/1`)).json()).toMatchObject({ BPM: 77 });
    expect(page.faults).toEqual([]);
  });

  it('says that its block will not come when the server is stopped', async () => {
    const { page, nonces } = await open();
    const asked = page.post('{"Data":77}');
    await expect.poll(() => nonces.isSearching).toBe(true);
    await page.stop();
    const answer = await asked;
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { error: 'the server stopped before the block was found, so BPM 77 is not in the chain.' },
    ]);
    expect(page.faults).toEqual([]);
  });

  it('says that its block may have been stored when the disk has failed', async () => {
    const { page, nonces } = await open();
    const asked = page.post('{"Data":77}');
    await expect.poll(() => nonces.isSearching).toBe(true);
    page.dashboard.close('disk-refused');
    expect(await (await asked).text()).toContain('so BPM 77 may be in the chain or not.');
  });

  it('is refused when as many candidates wait as may, at no cost', async () => {
    const { page, nonces, find } = await open({ seatRules: () => ({ seatsMax: 1 }) });
    const waiting = page.post('{"Data":5}');
    await expect.poll(() => nonces.isSearching).toBe(true);
    const answer = await page.post('{"Data":6}');
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
      503,
      '60',
      expect.stringContaining('as many BPMs wait for their blocks as may, so BPM 6 is not among them'),
    ]);
    expect(await page.count('round-full')).toBe(1);
    find();
    expect((await waiting).status).toBe(201);
    expect(page.node.chain.height).toBe(1);
    const next = page.post('{"Data":6}');
    await expect.poll(() => nonces.isSearching).toBe(true);
    find();
    expect((await next).status).toBe(201);
  });

  it('is refused when the engine has no room, and then holds no place of its network', () => {
    let entered = 0;
    const enter = (): (() => void) => {
      entered += 1;
      return () => {
        entered -= 1;
      };
    };
    const posted = new PostedCandidates({
      propose: () => ({ validator: 'a'.repeat(64), result: { kind: 'full', payload: 6 } }),
      candidatesMax: 1,
      subnetLimiter: { enter },
      waitsMax: 1,
      waitMs: 1,
    });
    expect(posted.post(6, '192.0.2.1')).toEqual({ kind: 'full' });
    expect(entered).toBe(0);
  });

  it('is refused when as many candidates of its network wait as may, until one has its block', async () => {
    let entered = 0;
    const enter = (): (() => void) | undefined => {
      if (entered === 1) return undefined;
      entered += 1;
      return () => {
        entered -= 1;
      };
    };
    const { page, nonces, find } = await open({ seatRules: () => ({ subnetLimiter: { enter } }) });
    const waiting = page.post('{"Data":5}');
    await expect.poll(() => nonces.isSearching).toBe(true);
    const answer = await page.post('{"Data":6}');
    expect([answer.status, await answer.text()]).toEqual([
      503,
      expect.stringContaining('as many BPMs of your network address wait'),
    ]);
    expect(await page.count('subnet-seats-full')).toBe(1);
    find();
    expect((await waiting).status).toBe(201);
    expect(entered).toBe(0);
  });

  it.each([
    ['{"Data":72.5}', 400, '72.5 is not a BPM'],
    ['{"Data":-1}', 400, '-1 is not a BPM'],
    ['{"Data":2147483648}', 400, 'too large'],
    ['{"Stake":100,"Data":77}', 400, 'nothing is at stake in this chain'],
    ['{"Stake":100}', 400, 'nothing is at stake in this chain'],
    ['x', 400, 'is not JSON'],
    ['1'.repeat(1025), 413, 'at most 1024 bytes'],
  ])('refuses %j at no cost, and says what is accepted', async (body, status, words) => {
    const { page, nonces } = await open();
    const answer = await page.post(body);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
    expect(nonces.tasks).toEqual([]);
    expect(page.node.service.status()).toMatchObject({ candidates: 0, validators: 0 });
  });

  it('is refused to a page of another site', async () => {
    const { page, nonces } = await open();
    const answer = await page.post('{"Data":77}', { origin: 'http://example.org' });
    expect(answer.status).toBe(403);
    expect(nonces.tasks).toEqual([]);
  });

  it('is refused when it comes too fast, or its body too slowly', async () => {
    const { page, nonces } = await open({ writeBounds: { perSecond: 1, bodyMs: 1 } });
    const socket = connect({ host: '127.0.0.1', port: page.port });
    onTestFinished(() => {
      socket.destroy();
    });
    let heard = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      heard += piece;
    });
    const bad = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx';
    socket.write(`${bad}${bad}${bad}`);
    await expect.poll(() => heard).toContain('HTTP/1.1 429');
    const slow = connect({ host: '127.0.0.1', port: page.port });
    let answer = '';
    slow.setEncoding('latin1').on('data', (piece: string) => {
      answer += piece;
    });
    slow.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n{');
    await expect.poll(() => answer).toContain('HTTP/1.1 408');
    expect(nonces.tasks).toEqual([]);
  });
});
