import { describe, expect, it, onTestFinished } from 'vitest';
import { propertyOf, settings } from '../../../src/cli/config/setting.ts';
import { verifyChain } from '../../../src/library/index.ts';
import {
  nativeVerifier,
  type RunningNode,
  type Settings,
  type StartOptions,
  start,
  UsageError,
} from '../../../src/library/node/index.ts';
import { readSettings } from '../../../src/library/node/settings.ts';
import { MemoryStore, SeededSecrets, SettableClock, seededWallets } from '../../../src/library/node/testing.ts';
import { Client } from '../../client.ts';
import { shortSeries } from '../../e2e/short-series.ts';
import { temporaryDirectory } from '../../temporary.ts';

async function running(options?: StartOptions): Promise<RunningNode> {
  const node = await start({ linksPerChain: shortSeries, ...options });
  onTestFinished(() => node.stop());
  return node;
}

async function blocksOf(node: RunningNode): Promise<readonly unknown[]> {
  const json: unknown = await (await fetch(new URL('/api/blocks?from=0&limit=100', node.url))).json();
  if (!Array.isArray(json)) throw new Error('no blocks');
  return json;
}

/** A lottery on a clock of its own, with two validators in its first draw. */
async function drawOnce(seed: string): Promise<readonly unknown[]> {
  const clock = new SettableClock();
  const node = await running({ clock, secrets: new SeededSecrets(seed), lotteryIntervalMs: '30s' });
  for (const [stake, bpm] of [
    [100, 72],
    [200, 80],
  ]) {
    const response = await fetch(node.url, { method: 'POST', body: JSON.stringify({ Stake: stake, Data: bpm }) });
    expect(response.status).toBe(202);
  }
  await clock.pass(30_000);
  return blocksOf(node);
}

describe('a node that a program starts', () => {
  it('takes part in nothing outside of it: any free ports, a chain in memory, and no output', async () => {
    const [one, other] = [await running(), await running()];
    expect(new Set([one.port, other.port, new URL(one.url).port, new URL(other.url).port]).size).toBe(4);
    const chains = await Promise.all([one, other].map(blocksOf));
    expect(chains.map(({ length }) => length)).toEqual([1, 1]);
    expect(chains[0]).not.toEqual(chains[1]);
  });

  it('serves people at nc, and says goodbye to them when it is stopped', async () => {
    const node = await start({ linksPerChain: shortSeries });
    const client = new Client(node.port);
    await client.sees('Enter token balance');
    await node.stop();
    await client.closed;
    expect(client.text).toContain('The server stops now.');
    await expect(node.ended).resolves.toBeUndefined();
    await expect(node.stop()).resolves.toBeUndefined();
  });

  it('is disposed of at the end of a block', async () => {
    const node = await start({ linksPerChain: shortSeries });
    await node[Symbol.asyncDispose]();
    await expect(fetch(node.url)).rejects.toThrow();
  });

  it('keeps its chain in a directory where one is named', async () => {
    const dataDir = temporaryDirectory(onTestFinished);
    const first = await start({ dataDir, linksPerChain: shortSeries });
    const [genesis] = await blocksOf(first);
    await first.stop();
    expect(await blocksOf(await running({ dataDir }))).toEqual([genesis]);
  });

  it('goes on with a store that it is given', async () => {
    const store = new MemoryStore();
    const secrets = new SeededSecrets('one');
    const first = await start({ store, secrets, linksPerChain: shortSeries });
    const [genesis] = await blocksOf(first);
    await first.stop();
    expect(await blocksOf(await running({ store, secrets }))).toEqual([genesis]);
  });

  it('tells a function what a server prints', async () => {
    const said: string[] = [];
    const node = await running({ log: (text) => said.push(text) });
    expect(said.join('')).toContain(`nc localhost ${node.port}`);
  });

  it('makes the same chain from the same seed, times and people', async () => {
    const [one, same, other] = [await drawOnce('one'), await drawOnce('one'), await drawOnce('two')];
    expect(one).toHaveLength(2);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    expect(await verifyChain(one)).toMatchObject({ blocks: 2, fault: undefined });
  });

  it('has the same faucet for the same seed', async () => {
    const faucetOf = async (): Promise<unknown> => {
      const secrets = new SeededSecrets('one');
      const node = await running({ clock: new SettableClock(), secrets, wallets: seededWallets('one'), ledger: true });
      return (await blocksOf(node))[0];
    };
    expect(await faucetOf()).toEqual(await faucetOf());
  });

  it('has a chain in common with another node of the same process', async () => {
    const secrets = new SeededSecrets('peers');
    const first = await running({ peerPort: 0, dataDir: temporaryDirectory(), lotteryIntervalMs: 300, secrets });
    const { peerAddress = '' } = first;
    const other = await running({ peer: peerAddress, dataDir: temporaryDirectory() });
    const seat = await first.client.join(5);
    await seat.propose(72);
    for await (const block of other.client.follow(1)) {
      expect(block).toMatchObject({ Index: 1, Validator: seat.validator });
      break;
    }
    expect(await other.client.verify({ verifySignature: nativeVerifier() })).toMatchObject({ fault: undefined });
  });

  it('says what is wrong with a setting, or with the port of the page', async () => {
    await expect(start({ port: 65_536 })).rejects.toThrow(
      new UsageError('port: 65536 is wrong: it must be a whole number from 0 to 65535, for example port: 9000'),
    );
    const other = await running();
    const taken = Number(new URL(other.url).port);
    await expect(start({ dashboardPort: taken })).rejects.toThrow(`the page cannot be served at port ${taken}`);
  });
});

describe('the settings of a program', () => {
  it('are all those of the server, by their properties', () => {
    const given = Object.fromEntries(
      settings.map(({ name, initial, example = initial }) => [propertyOf(name), example]),
    );
    expect(() => readSettings({ ...given, host: '127.0.0.1' })).not.toThrow();
  });

  it('may be numbers, texts, truths and lists', () => {
    const config = readSettings({
      lotteryIntervalMs: '2s',
      maxStake: 10n ** 20n,
      ledger: true,
      beacon: ['http://localhost:1', 'http://localhost:2'],
    });
    expect(config).toMatchObject({
      port: 0,
      dashboardPort: 0,
      lotteryIntervalMs: 2000,
      maxStake: 10n ** 20n,
      ledger: true,
      beacons: ['http://localhost:1', 'http://localhost:2'],
    });
  });

  it.each([
    ['{"lotteryInterval":5}', '"lotteryInterval" is no setting: did you mean lotteryIntervalMs?'],
    [String.raw`{"\u001b[31m":5}`, String.raw`"\x1b[31m" is no setting: the settings are port, host`],
    ['{"slashAfter":0}', 'slashAfter: 0 is wrong: it must be a whole number from 1 to'],
    ['{"host":""}', 'host: "" is wrong: it must be localhost or an IP address, for example host: 0.0.0.0'],
    ['{"peer":"localhost:9002"}', 'peerPort, peer and mdns need a dataDir'],
  ])('are refused where they are %s', (json, words) => {
    const given: Settings = JSON.parse(json);
    expect(() => readSettings(given)).toThrow(UsageError);
    expect(() => readSettings(given)).toThrow(words);
  });
});
