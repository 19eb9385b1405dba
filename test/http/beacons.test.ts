import { describe, expect, it } from 'vitest';
import { parseExact } from '../../src/core/exact-json.ts';
import { parseGenesisBlock } from '../../src/core/parse-genesis.ts';
import { authorityOf, isSignedBy, parseStatement } from '../../src/core/statement.ts';
import { readSeal } from '../../src/library/message-readers.ts';
import { TestBeacon } from '../core/build-beacon-chain.ts';
import { verifySignature } from '../core/build-chain.ts';
import { EventStream } from '../e2e/event-stream.ts';
import { differences, valueAt } from './json-schema.ts';
import { LotteryPage } from './open-lottery-page.ts';

const own = new TestBeacon('own', { GenesisTime: 1_700_000_000, Period: 3 });

describe('the page of a lottery whose draws wait for a beacon', () => {
  it('has the sealed pool with its signature, says what is awaited and since when, and keeps the seal', async () => {
    let speak = (): void => undefined;
    const isHeard = new Promise<void>((resolve) => {
      speak = resolve;
    });
    const signatureOf = async (_: unknown, round: number): Promise<string> => {
      await isHeard;
      return own.sign(round);
    };
    const page = await LotteryPage.open({ beacons: { named: [own.beacon], source: { signatureOf } } });
    const get = (path: string): Promise<Response> => fetch(page.base + path);
    const description: unknown = await (await get('/api/openapi.json')).json();
    const expectForm = (name: string, data: unknown): void => {
      expect(differences(data, valueAt(description, 'components', 'schemas', name), description)).toEqual([]);
    };
    const events = await EventStream.open(`${page.base}/api/events`);
    expect((await get('/api/seal')).status).toBe(404);
    const { headers } = await page.takeSeat(7);
    await page.post('{"BPM":72}', headers);
    page.node.service.sealNow();

    const sealed = (await events.nextOf('sealed')).data;
    expectForm('Seal', sealed);
    const seal = readSeal(await (await get('/api/seal')).json(), 'seal');
    expect(sealed).toEqual(seal);
    expect(seal).toMatchObject({ index: 1, size: 1, total: '7', rounds: [{ beacon: 'own' }] });
    expect(valueAt(await (await get('/api/status')).json(), 'seal')).toEqual(seal);
    const statementText = await (await get('/api/rounds/1/seal')).text();
    expectForm('PoolStatement', JSON.parse(statementText));
    const genesis = parseGenesisBlock(parseExact(await (await get('/api/blocks/0')).text()));
    if ('why' in genesis) throw new Error(genesis.why);
    const statement = parseStatement(parseExact(statementText), genesis.value);
    if ('why' in statement) throw new Error(statement.why);
    expect(isSignedBy(genesis.value, authorityOf(genesis.value) ?? '', statement.value, verifySignature)).toBe(true);
    expect(await (await get('/healthz')).text()).toBe('ok\n');

    page.passForLottery(60_000);
    const waiting = (await events.nextOf('waiting')).data;
    expectForm('Seal', waiting);
    expect(valueAt(waiting, 'rounds', '0', 'isLate')).toBe(true);
    const [round] = seal.rounds;
    const health = await get('/healthz');
    expect([health.status, await health.text()]).toEqual([
      503,
      `a draw waits: own round ${round?.round} is awaited since ${round?.time}\n`,
    ]);
    const since = (): Promise<string | undefined> =>
      metricOf(page, 'sortition_beacon_awaited_since_seconds{beacon="own"}');
    expect(await since()).toBe(String(Date.parse(round?.time ?? '') / 1000));

    speak();
    const drawn = (await events.nextOf('drawn')).data;
    expect(valueAt(drawn, 'block', 'Draw', 'PoolRoot')).toBe(seal.root);
    expect((await get('/api/seal')).status).toBe(404);
    expect(await (await get('/api/rounds/1/seal')).text()).toBe(statementText);
    expect((await get('/api/rounds/2/seal')).status).toBe(404);
    expect((await get('/healthz')).status).toBe(200);
    expect(await since()).toBe('0');
    expect(page.faults).toEqual([]);
  });
});

async function metricOf(page: LotteryPage, name: string): Promise<string | undefined> {
  const lines = (await (await fetch(`${page.base}/metrics`)).text()).split('\n');
  return lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
}
