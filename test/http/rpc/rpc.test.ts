import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../../src/http/rpc/limits.ts';
import { readSharedText, sharedFolder, sharedWord } from '../../shared.ts';
import { differences, recordOf, valueAt } from '../json-schema.ts';
import { jsonOf, LotteryPage, rpcCookie } from '../open-lottery-page.ts';

const owner = { authorization: `Basic ${Buffer.from(rpcCookie).toString('base64')}` };

function call(method: string, params: unknown = [], id: unknown = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params, id });
}

/** The result of a call, which must have one. */
async function resultOf(page: LotteryPage, method: string, params: unknown = []): Promise<unknown> {
  const answer = await jsonOf(await page.rpc(call(method, params), owner));
  expect(answer['error']).toBeUndefined();
  return answer['result'];
}

/** The error of a call, with the words for a person. */
async function errorOf(page: LotteryPage, method: string, params: unknown = []): Promise<unknown> {
  return (await jsonOf(await page.rpc(call(method, params), owner)))['error'];
}

/** A page whose chain has one drawn block. */
async function openDrawn(): Promise<LotteryPage> {
  const page = await LotteryPage.open();
  const { headers } = await page.takeSeat();
  await page.takeSeat(300);
  await page.post('{"Data":77}', headers);
  await resultOf(page, 'draw');
  await expect.poll(() => resultOf(page, 'getblockcount')).toBe(1);
  return page;
}

describe('POST /rpc', () => {
  it('tells of the chain in the words of its format, to anybody', async () => {
    const page = await openDrawn();
    const [genesis, block] = [0, 1].map((index) => fetch(`${page.base}/api/blocks/${index}`));
    const [genesisText, blockText] = [await (await genesis)?.text(), await (await block)?.text()];
    const { Hash } = JSON.parse(String(blockText));
    const open = await page.rpc(call('getblock', [1]));
    expect([open.status, open.headers.get('Content-Type')]).toEqual([200, 'application/json']);
    expect(await open.text()).toBe(`{"jsonrpc":"2.0","result":${blockText},"id":1}`);
    expect(await (await page.rpc(call('getblock', { block: Hash }))).text()).toContain(`"result":${blockText},`);
    expect(await resultOf(page, 'getblockhash', { index: 1 })).toBe(Hash);
    expect(await resultOf(page, 'getinfo')).toEqual({
      Version: 'test',
      ChainId: JSON.parse(String(genesisText)).Hash,
      Kind: 'lottery',
      Height: 1,
      Hash,
      Phase: 'open',
      IntervalMs: 1_000_000,
      RemainingMs: expect.any(Number),
      Candidates: 0,
      TotalStake: '0',
      Validators: 2,
      Connections: 2,
    });
    const all = recordOf(await resultOf(page, 'getvalidators'));
    expect(all).toMatchObject({ Total: 2, Validators: [{ Stake: '300' }, { Stake: '100' }] });
    const second = await resultOf(page, 'getvalidators', { from: 1, limit: 1 });
    expect(second).toMatchObject({ Total: 2, Validators: [{ Stake: '100' }] });
  });

  it('gives results of the form that its own description says', async () => {
    const page = await openDrawn();
    const { methods } = recordOf(await resultOf(page, 'rpc.discover'));
    const described = new Map([methods].flat().map((one) => [String(recordOf(one)['name']), one]));
    const params: Readonly<Record<string, unknown>> = { getblock: [1], getblockhash: [1] };
    expect(described.size).toBeGreaterThan(10);
    for (const [name, one] of described) {
      const result = await resultOf(page, name, params[name]);
      expect([name, differences(result, valueAt(one, 'result', 'schema'), {})]).toEqual([name, []]);
    }
  });

  it('lists its methods, and all of one', async () => {
    const page = await LotteryPage.open();
    const lines = [await resultOf(page, 'help')].flat();
    expect(lines).toContain('getblock block: a block, by its index or its hash');
    expect(lines).toContain('stop: stop the server; the chain is kept (control: needs the cookie)');
    expect(lines).toContain('help [method]: the methods and what they do, or all that there is to say of one');
    expect(await resultOf(page, 'help', ['getvalidators'])).toEqual([
      'getvalidators [from] [limit]: who is connected as a validator, the largest stakes first',
      '  from: how many to leave out: a whole number from 0 to 9007199254740991, by itself 0',
      '  limit: how many to list: a whole number from 1 to 1000, by itself 100',
      expect.stringMatching(/^gives validators: \{/),
    ]);
    expect(await errorOf(page, 'help', ['nothing'])).toMatchObject({
      data: 'there is no method "nothing": help lists all',
    });
  });

  it.each([
    ['getblock', [2], -32001, 'there is no block 2: the last is 1'],
    ['getblock', ['ab'.repeat(32)], -32001, `there is no block with the hash ${'ab'.repeat(32)}`],
    ['getblockhash', [9007199254740991], -32001, 'there is no block 9007199254740991: the last is 1'],
    [
      'getblock',
      [-1],
      -32602,
      'block is -1, but must be the index of a block, for example 1, or its 64 lower-case hex digits',
    ],
    ['getblock', ['\u001b[2J'], -32602, expect.stringMatching(/^block is "\\\\u001b\[2J", but must be /)],
    ['getblock', [], -32602, 'block is missing: the index of a block, or its hash: 64 lower-case hex digits'],
    ['getblock', [1, 2], -32602, '2 parameters are too many: the parameters are block'],
    ['getblock', { index: 1 }, -32602, '"index" is no parameter: the parameters are block'],
    [
      'getblock',
      { __proto__: null, constructor: 1 },
      -32602,
      '"constructor" is no parameter: the parameters are block',
    ],
    [
      'getblockhash',
      ['1'],
      -32602,
      'index is "1", but must be a whole number from 0 to 9007199254740991, for example 1',
    ],
    ['getblockhash', [1.5], -32602, expect.stringContaining('index is 1.5, but must be')],
    ['getvalidators', [0, 0], -32602, 'limit is 0, but must be a whole number from 1 to 1000, for example 100'],
    ['getvalidators', [0, 1001], -32602, expect.stringContaining('limit is 1001, but must be')],
    ['getinfo', [1], -32602, '1 parameters are too many: there are no parameters'],
  ])('of %s with %j says what came and what is accepted', async (method, params, code, data) => {
    const page = await openDrawn();
    expect(await errorOf(page, method, params)).toMatchObject({ code, data });
  });

  it('carries out a batch, answers no notification, and says 204 where nothing is to be answered', async () => {
    const page = await LotteryPage.open();
    const notification = '{"jsonrpc":"2.0","method":"getblockcount"}';
    const batch = await page.rpc(`[${call('getblockcount', [], 'a')},${notification},1]`);
    expect(await batch.json()).toEqual([
      { jsonrpc: '2.0', result: 0, id: 'a' },
      { jsonrpc: '2.0', error: expect.objectContaining({ code: -32600 }), id: null },
    ]);
    const silent = await page.rpc(`[${notification},${notification}]`);
    expect([silent.status, await silent.text()]).toEqual([204, '']);
    expect(await page.count('not-understood')).toBe(1);
  });

  it('says how a call looks to one who asks with GET', async () => {
    const page = await LotteryPage.open();
    const answer = await fetch(`${page.base}/rpc`);
    expect([answer.status, answer.headers.get('Allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await jsonOf(answer))['error']).toContain('{"jsonrpc":"2.0","id":1,"method":"help"}');
  });
});

describe('the methods of the operator', () => {
  it('pause, resume and draw, for the one who has the cookie', async () => {
    const page = await LotteryPage.open();
    const { headers } = await page.takeSeat();
    await page.post('{"Data":77}', headers);
    expect(await resultOf(page, 'pause')).toBe('paused');
    expect(await resultOf(page, 'getinfo')).toMatchObject({ Phase: 'paused', Candidates: 1, TotalStake: '100' });
    expect(await resultOf(page, 'resume')).toBe('resumed');
    expect(await resultOf(page, 'getinfo')).toMatchObject({ Phase: 'open' });
    expect(await resultOf(page, 'draw')).toEqual({ Index: 1, Candidates: 1 });
    await expect.poll(() => resultOf(page, 'getblockcount')).toBe(1);
    expect(await resultOf(page, 'draw')).toEqual({ Index: 2, Candidates: 0 });
  });

  it('stop the server once they are answered', async () => {
    const page = await LotteryPage.open();
    expect(await resultOf(page, 'stop')).toBe('stopping');
    await page.stopAsked;
  });

  it('are for nobody else, and a wrong cookie opens nothing at all', async () => {
    const page = await LotteryPage.open();
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    const others = [
      {},
      { authorization: 'Bearer abc' },
      ...[rpcCookie.slice(0, -1), `${rpcCookie}0`, rpcCookie.toUpperCase(), ':', ''].map((text) => ({
        authorization: basic(text),
      })),
    ];
    for (const headers of others) {
      const answer = await page.rpc(`[${call('getblockcount')},${call('pause')}]`, headers);
      expect([answer.status, answer.headers.get('WWW-Authenticate')]).toEqual([401, 'Basic realm="sortition"']);
      expect((await jsonOf(answer))['error']).toMatch(/rpc\.cookie of its data directory/);
    }
    expect(page.node.service.status().isPaused).toBe(false);
    expect(await page.count('no-cookie')).toBe(others.length);
    expect((await page.rpc(call('getblockcount'), { authorization: basic('a:b') })).status).toBe(401);
    expect((await page.rpc(call('getblockcount'), { authorization: 'Bearer abc' })).status).toBe(200);
  });

  it('are for nobody where there is no cookie', async () => {
    const page = await LotteryPage.open({ rpc: { cookie: () => undefined } });
    for (const authorization of [owner.authorization, `Basic ${Buffer.from('undefined').toString('base64')}`]) {
      expect((await page.rpc(call('pause'), { authorization })).status).toBe(401);
    }
  });

  it('are closed to the pages of other sites, even with the cookie', async () => {
    const page = await LotteryPage.open();
    for (const site of [{ origin: 'http://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      expect((await page.rpc(call('pause'), { ...owner, ...site })).status).toBe(403);
    }
    expect(page.node.service.status().isPaused).toBe(false);
  });
});

describe('the body of a call', () => {
  it(`has at most ${limits.bodyBytesMax} bytes`, async () => {
    const page = await LotteryPage.open();
    expect((await page.rpc(call('getblockcount').padEnd(limits.bodyBytesMax))).status).toBe(200);
    const large = await page.rpc(call('getblockcount').padEnd(limits.bodyBytesMax + 1));
    expect([large.status, await jsonOf(large)]).toEqual([
      413,
      { error: 'a body has at most 262144 bytes, for example {"jsonrpc":"2.0","id":1,"method":"help"}' },
    ]);
    expect(await page.count('too-large')).toBe(1);
  });

  it('that does not come is waited for a while, and then the connection is closed by name', async () => {
    const page = await LotteryPage.open({ rpc: { bodyMs: 20 } });
    expect(await sendHead(page, 100)).toMatch(/^HTTP\/1\.1 408 .*must come within 0\.02 s/s);
    await expect.poll(() => page.count('slow-body')).toBe(1);
  });

  it('that is large and slow leaves room for small ones, and is refused when there are too many like it', async () => {
    const page = await LotteryPage.open();
    const waiting = Array.from({ length: limits.largeBodiesMax }, () => open(page, limits.smallBodyBytesMax + 1));
    await Promise.all(waiting.map(({ written }) => written));
    await expect.poll(() => sendHead(page, limits.smallBodyBytesMax + 1)).toMatch(/^HTTP\/1\.1 503 .*retry-after: 2/is);
    expect((await page.rpc(call('getblockcount').padEnd(limits.smallBodyBytesMax))).status).toBe(200);
    for (const { close } of waiting) close();
    const large = call('getblockcount').padEnd(limits.smallBodyBytesMax + 1);
    await expect.poll(async () => (await page.rpc(large)).status).toBe(200);
  });

  it('is not read when it comes faster than lines may at nc on one connection, and is when it comes again later', async () => {
    const page = await LotteryPage.open({ writeBounds: { perSecond: 1 } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const statusOfCall = (): Promise<readonly unknown[]> =>
      new Promise((resolve, reject) => {
        const asked = request(`${page.base}/rpc`, { method: 'POST', agent }, (answer) => {
          answer.resume().on('end', () => resolve([answer.statusCode, answer.headers['retry-after']]));
        });
        asked.on('error', reject).end(call('getblockcount'));
      });
    for (const expected of [200, 200]) expect(await statusOfCall()).toEqual([expected, undefined]);
    expect(await statusOfCall()).toEqual([429, '1']);
    expect(await page.count('too-fast')).toBe(1);
    page.pass(1000);
    expect(await statusOfCall()).toEqual([200, undefined]);
  });
});

describe('the OpenRPC document', () => {
  it
    .skipIf(sharedFolder === undefined)
    .each([
      {},
      { ledger: { reward: 5n, grant: 1000n } },
      { newChain: { kind: 'instant' } },
      { newChain: { kind: 'work', difficulty: 1n, intervalMs: 1000 }, ledger: { reward: 5n, grant: 1000n } },
    ] as const)(`${sharedWord}is one by the schema of OpenRPC 1.4, in every kind of chain (%o)`, async (options) => {
    const page = await LotteryPage.open(options);
    const schema: unknown = JSON.parse(readSharedText('vectors/openrpc/openrpc-1.4-schema.json'));
    const document = await resultOf(page, 'rpc.discover');
    expect(differences(document, schema, schema)).toEqual([]);
    const broken = { ...recordOf(document), openrpc: '2.0', methods: [{ name: '' }] };
    expect(differences(broken, schema, schema).length).toBeGreaterThan(1);
  });

  it('names each method once, with who may call it', async () => {
    const page = await LotteryPage.open();
    const methods = [recordOf(await resultOf(page, 'rpc.discover'))['methods']].flat().map(recordOf);
    const names = methods.map(({ name }) => String(name));
    expect(new Set(names).size).toBe(names.length);
    const control = methods.filter((one) => valueAt(one, 'tags', '0', 'name') === 'control').map(({ name }) => name);
    expect(control).toEqual(['draw', 'pause', 'resume', 'stop']);
  });
});

/** Opens a connection and sends the head of a call whose body does not come. */
function open(
  page: LotteryPage,
  bytes: number,
): { readonly written: Promise<unknown>; readonly answer: Promise<string>; readonly close: () => void } {
  const socket = connect({ host: '127.0.0.1', port: page.port });
  onTestFinished(() => {
    socket.destroy();
  });
  const written = new Promise((resolve) =>
    socket.write(`POST /rpc HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes}\r\n\r\n`, resolve),
  );
  const answer = new Promise<string>((resolve, reject) => {
    let heard = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      heard += piece;
      if (heard.endsWith('}')) resolve(heard);
    });
    socket.on('error', reject).on('close', () => resolve(heard));
  });
  return { written, answer, close: () => socket.destroy() };
}

function sendHead(page: LotteryPage, bytes: number): Promise<string> {
  return open(page, bytes).answer;
}
