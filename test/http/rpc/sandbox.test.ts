import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../src/ledger/address.ts';
import { recordOf } from '../json-schema.ts';
import { jsonOf, LotteryPage, rpcCookie } from '../open-lottery-page.ts';

const owner = { authorization: `Basic ${Buffer.from(rpcCookie).toString('base64')}` };
const key = '5'.repeat(64);
const ledger = { reward: 5n, grant: 1000n };

function open(isSandbox: boolean): Promise<LotteryPage> {
  return LotteryPage.open({ newChain: { kind: 'instant' }, ledger: { ...ledger, isSandbox } });
}

async function call(
  page: LotteryPage,
  method: string,
  params: unknown = [],
): Promise<Readonly<Record<string, unknown>>> {
  return jsonOf(await page.rpc(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), owner));
}

/** Resolves when the next block is stored, and everybody has heard of it. */
function nextBlock({ node }: LotteryPage): Promise<void> {
  return new Promise((resolve) =>
    node.events.subscribe({ onEvent: ({ kind }) => (kind === 'committed' ? resolve() : undefined) }),
  );
}

describe('the methods of a sandbox', () => {
  it('give tokens to anybody', async () => {
    const page = await open(true);
    const stored = nextBlock(page);
    const { result } = await call(page, 'faucet', [addressOf(key), '77']);
    expect(result).toMatch(/^[0-9a-f]{64}$/);
    await stored;
    expect((await call(page, 'getbalance', [key]))['result']).toBe('77');
    expect((await call(page, 'faucet', [key, '9'.repeat(20)]))['error']).toMatchObject({ code: -32_004 });
    expect(page.faults).toEqual([]);
  });

  it('set the time of its blocks', async () => {
    const page = await open(true);
    const year = '2031-01-31T12:00:00.000Z';
    expect((await call(page, 'settime', [year]))['result']).toMatch(/^2031-01-31T12:0/);
    const later = String((await call(page, 'increasetime', { ms: 3_600_000 }))['result']);
    expect(later).toMatch(/^2031-01-31T13:0/);
    const stored = nextBlock(page);
    await call(page, 'faucet', [key, 1]);
    await stored;
    const { Timestamp } = recordOf((await call(page, 'getblock', [1]))['result']);
    expect(Timestamp).toMatch(/^2031-01-31T13:/);
    expect(page.faults).toEqual([]);
  });

  it('set the chain back, and the page with it', async () => {
    const page = await open(true);
    const { result: snapshot } = await call(page, 'snapshot');
    expect(snapshot).toBe(1);
    const stored = nextBlock(page);
    await call(page, 'faucet', [key, 1]);
    await stored;
    expect((await call(page, 'getblockcount'))['result']).toBe(1);
    expect((await call(page, 'revert', [snapshot]))['result']).toBe(0);
    expect((await call(page, 'getblockcount'))['result']).toBe(0);
    expect((await call(page, 'getbalance', [key]))['result']).toBe('0');
    expect(await (await fetch(`${page.base}/api/status`)).json()).toMatchObject({ height: 0 });
    expect((await call(page, 'revert', [2]))['error']).toMatchObject({ code: -32_001 });
    expect(page.faults).toEqual([]);
  });

  it.each<readonly [string, unknown, string]>([
    ['settime', ['2031-01-31'], 'timestamp is "2031-01-31", but must be a moment in UTC'],
    ['settime', ['9999-01-01T00:00:00.000Z'], 'later than 9998-12-31T23:59:59.999Z'],
    ['increasetime', [0], 'ms is 0, but must be a whole number from 1'],
    ['increasetime', [Number.MAX_SAFE_INTEGER], 'later than 9998-12-31T23:59:59.999Z'],
    ['faucet', [key, 0], 'amount is 0, but must be a whole number from 1'],
  ])('say what is wrong: %s %j', async (method, params, words) => {
    const { error } = await call(await open(true), method, params);
    expect(error).toMatchObject({ code: -32_602, data: expect.stringContaining(words) });
  });

  it('are for the owner of the server, and only there', async () => {
    const sandbox = await open(true);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'increasetime', params: [1] });
    expect((await sandbox.rpc(body)).status).toBe(401);
    expect(await (await fetch(`${sandbox.base}/api/status`)).json()).toMatchObject({ sandbox: true });
    expect((await call(sandbox, 'getinfo'))['result']).toMatchObject({ Sandbox: true });
    const plain = await open(false);
    expect((await call(plain, 'getinfo'))['result']).not.toHaveProperty('Sandbox');
    expect(await (await fetch(`${plain.base}/api/status`)).json()).not.toHaveProperty('sandbox');
    expect((await call(plain, 'increasetime', [1]))['error']).toMatchObject({
      code: -32_601,
      data: expect.stringContaining('--ledger --dev begins one'),
    });
  });
});
