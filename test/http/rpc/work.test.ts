import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ManualNonces } from '../../consensus/work/manual-nonces.ts';
import { differences, recordOf, valueAt } from '../json-schema.ts';
import { jsonOf, LotteryPage } from '../open-lottery-page.ts';

const work = { kind: 'work', difficulty: 300n, intervalMs: 10_000 } as const;

interface Opened {
  readonly page: LotteryPage;
  readonly nonces: ManualNonces;
  readonly posted: Promise<Response>;
}

/** A page of a chain of work on which a BPM waits for its block, and nothing in the server finds one. */
async function open(): Promise<Opened> {
  const nonces = new ManualNonces();
  const page = await LotteryPage.open({ newChain: work, nonces });
  const posted = page.post('{"Data":77}');
  await expect.poll(() => nonces.isSearching).toBe(true);
  return { page, nonces, posted };
}

async function call(
  page: LotteryPage,
  method: string,
  params: unknown = [],
): Promise<Readonly<Record<string, unknown>>> {
  return jsonOf(await page.rpc(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })));
}

/** The first nonce of which the block holds, or not, as whoever has read the description computes it. */
function nonceThat(holds: boolean, { Prefix, Suffix, Target }: Readonly<Record<string, unknown>>): number {
  for (let nonce = 0; ; nonce++) {
    if (hash('sha256', `${Prefix}${nonce}${Suffix}`) <= String(Target) === holds) return nonce;
  }
}

describe('work over RPC', () => {
  it('is given to anybody, and a nonce that holds for it makes the block, which is stored', async () => {
    const { page, nonces, posted } = await open();
    const given = recordOf((await call(page, 'getwork'))['result']);
    expect(given).toEqual({
      Index: 1,
      ContentHash: nonces.task.contentHash,
      Difficulty: '300',
      Bits: Math.log2(300),
      Prefix: `["sortition/2/work","${nonces.task.contentHash}",`,
      Suffix: ']',
      Target: expect.stringMatching(/^00da740da740da74/),
    });
    const nonce = nonceThat(true, given);
    const { result } = await call(page, 'submitwork', { contentHash: given['ContentHash'], nonce });
    expect(result).toMatchObject({ Index: 1, BPM: 77, Work: { Difficulty: '300', Nonce: nonce } });
    expect(await (await fetch(`${page.base}/api/blocks/1`)).json()).toEqual(result);
    expect(await (await posted).json()).toEqual(result);
    expect(await call(page, 'submitwork', [given['ContentHash'], nonce])).toMatchObject({
      error: { code: -32001, data: expect.stringContaining('nothing is searched for') },
    });
    expect(page.faults).toEqual([]);
  });

  it('has the form that its description says', async () => {
    const { page } = await open();
    const { methods } = recordOf((await call(page, 'rpc.discover'))['result']);
    const described = [methods].flat().find((one) => recordOf(one)['name'] === 'getwork');
    const { result } = await call(page, 'getwork');
    expect(differences(result, valueAt(described, 'result', 'schema'), {})).toEqual([]);
    expect((await call(page, 'help', ['submitwork']))['result']).toContain(
      'submitwork contentHash nonce: bring a nonce for what getwork gave; the block, once it is stored',
    );
  });

  it('shows the hash of a nonce with which the block does not hold, and goes on', async () => {
    const { page, nonces } = await open();
    const given = recordOf((await call(page, 'getwork'))['result']);
    const nonce = nonceThat(false, given);
    const found = hash('sha256', `${given['Prefix']}${nonce}${given['Suffix']}`);
    const { error } = await call(page, 'submitwork', [given['ContentHash'], nonce]);
    expect(error).toMatchObject({ code: -32003, message: 'Work refused' });
    const words = new RegExp(
      `^with the nonce ${nonce} the hash ${found} has \\d+ leading zero bits, too large for the difficulty 300`,
    );
    expect(recordOf(error)['data']).toMatch(words);
    expect(nonces.isSearching).toBe(true);
  });

  it.each([
    [['ab'.repeat(32), 1], -32003, 'this content is not searched for any more: ask getwork for another'],
    [['ab'.repeat(32), 9_007_199_254_740_992], -32602, expect.stringContaining('from 0 to 9007199254740991')],
    [['ab'.repeat(32), -1], -32602, expect.stringContaining('nonce is -1, but must be a whole number')],
    [['ab'.repeat(32), '7'], -32602, expect.stringContaining('nonce is "7", but must be a whole number')],
    [['ab'.repeat(32)], -32602, expect.stringContaining('nonce is missing')],
    [['AB'.repeat(32), 1], -32602, expect.stringContaining('64 lower-case hex digits')],
    [[], -32602, expect.stringContaining('contentHash is missing')],
  ])('of a submission of %j says what came and what is accepted', async (params, code, data) => {
    const { page, nonces } = await open();
    expect((await call(page, 'submitwork', params))['error']).toMatchObject({ code, data });
    expect(nonces.isSearching).toBe(true);
  });

  it('is not there while nothing is searched for', async () => {
    const page = await LotteryPage.open({ newChain: work, nonces: new ManualNonces() });
    expect((await call(page, 'getwork'))['error']).toMatchObject({
      code: -32001,
      data: 'nothing is searched for: no BPM waits, the operator has paused the search, or a block is being stored',
    });
  });

  it.each([undefined, { kind: 'instant' } as const])('is no method of another chain (%j)', async (newChain) => {
    const page = await LotteryPage.open(newChain === undefined ? {} : { newChain });
    for (const method of ['getwork', 'submitwork']) {
      expect((await call(page, method))['error']).toMatchObject({
        code: -32601,
        data: `${method} is for chains of work: in this chain nothing is searched for`,
      });
    }
    expect(JSON.stringify(await call(page, 'help'))).not.toContain('getwork');
  });
});
