import { describe, expect, it } from 'vitest';
import { TicketReceipts } from '../../../src/consensus/lottery/ticket-receipts.ts';
import { tipOfGenesis } from '../../../src/consensus/verifier.ts';
import { type Block, isDrawn } from '../../../src/core/block.ts';
import { parseExact } from '../../../src/core/exact-json.ts';
import { parseGenesisBlock } from '../../../src/core/parse-genesis.ts';
import type { Candidate } from '../../../src/core/pool.ts';
import { findAccountProofFault, parseAccountProof } from '../../../src/ledger/proof.ts';
import { transactionId } from '../../../src/ledger/transaction.ts';
import { Chain } from '../../../src/node/chain.ts';
import { Budget } from '../../../src/node/sync/budget.ts';
import { fromFrames } from '../../../src/node/sync/frames.ts';
import { limits } from '../../../src/node/sync/limits.ts';
import { PeerError } from '../../../src/node/sync/peer-network.ts';
import { PeerService, type PeerServicePorts } from '../../../src/node/sync/peer-service.ts';
import { requestText } from '../../../src/node/sync/request.ts';
import { parseStored } from '../../../src/node/sync/stored-lines.ts';
import { MemoryStore } from '../../../src/storage/memory-store.ts';
import { type BeaconChain, buildBeaconChain, sealOf, TestBeacon } from '../../core/build-beacon-chain.ts';
import { buildChain, candidatesWith, frozen, hexOf, storedBlock, verifySignature } from '../../core/build-chain.ts';
import { buildInstantChain, buildWorkChain } from '../../core/build-kinds.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';
import { World } from '../../sim/world.ts';

const never = new AbortController().signal;

async function serve(store: MemoryStore, changes: Partial<PeerServicePorts> = {}): Promise<PeerService> {
  const genesis = parseGenesisBlock(parseExact((await store.block(0)) ?? ''));
  const tip = 'value' in genesis ? tipOfGenesis(genesis.value) : undefined;
  return new PeerService({
    clock: new SimulatedClock(),
    store,
    chain: () => tip,
    state: () => undefined,
    hello: () => ({ Version: 2, Roles: ['full'] }),
    greeted: () => undefined,
    cut: () => undefined,
    addresses: () => [],
    waitingTransaction: () => undefined,
    ...changes,
  });
}

async function storeOf(
  blocks: readonly Block[],
  pools: readonly (readonly Candidate[])[] = [],
  sealed?: BeaconChain,
): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const [index, block] of blocks.entries()) {
    const seal = sealed !== undefined && isDrawn(block) ? { seal: sealOf(sealed.genesis, block) } : {};
    await store.append({ ...storedBlock(block, frozen(pools[index - 1] ?? []).candidates), ...seal });
  }
  return store;
}

async function ask(service: PeerService, request: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of fromFrames(service.answer('peer', request, never))) lines.push(line);
  return lines;
}

/** Fetches everything from one store into another, like a stranger's. */
async function copy(from: MemoryStore): Promise<MemoryStore> {
  const store = new MemoryStore();
  const listener = { onEvent: () => undefined };
  const chain = await Chain.open({ clock: new SimulatedClock(), verifySignature, store, listener });
  const lines = await ask(
    await serve(from),
    requestText({ Request: 'blocks', From: 0, Limit: limits.blocksPerRequestMax }),
  );
  for (let place = 0; place < lines.length; place += 2) {
    const parsed = parseStored({ block: lines[place] ?? '', beside: lines[place + 1] ?? '' }, chain.tip?.form);
    if ('why' in parsed) throw new Error(parsed.why);
    if (chain.tip === undefined) await chain.found(parsed.value);
    else {
      const fault = await chain.accept(parsed.value, () => ({ receipts: new TicketReceipts([]) }));
      if (fault !== undefined) throw new Error(`${fault.rule}: ${fault.why}`);
    }
  }
  return store;
}

async function expectSame(from: MemoryStore, to: MemoryStore): Promise<void> {
  expect(to.height).toBe(from.height);
  expect(await to.blockRange(0, from.height)).toEqual(await from.blockRange(0, from.height));
  for (let index = 0; index <= from.height; index++) {
    expect(await to.poolText(index)).toBe(await from.poolText(index));
    expect(await to.sealOf(index)).toBe(await from.sealOf(index));
    expect(await to.signedBodyText(index)).toBe(await from.signedBodyText(index));
  }
  expect(await to.accounts()).toEqual(await from.accounts());
}

const pools = [candidatesWith([1n]), candidatesWith([2n, 5n]), candidatesWith([3n, 4n, 1n])];
const drawn = buildChain(pools, 2);
const sealed = buildBeaconChain(pools, [new TestBeacon('near', { GenesisTime: 1_700_000_000, Period: 3 })]);

describe('what a node answers', () => {
  it.each([
    ['lottery', () => storeOf(drawn, pools)],
    ['lottery with a beacon', () => storeOf([sealed.genesis, ...sealed.blocks], pools, sealed)],
    ['chain of work', () => storeOf(buildWorkChain([1000, 1000, 1000], 4n, 1000))],
    ['instant chain', () => storeOf(buildInstantChain(Array.from({ length: 200 }, (_, place) => place)))],
  ])('is a whole %s with what lies beside it, which a stranger can verify and store', async (_, open) => {
    const from = await open();
    await expectSame(from, await copy(from));
  });

  it('is a lottery with its ledger, from which a stranger gets the same pools and accounts', async () => {
    const from = new MemoryStore();
    const world = await World.open({
      seed: 1,
      secretsSeed: 1,
      clock: new SimulatedClock(),
      store: from,
      intervalMs: 1000,
      broadcastIntervalMs: 3_600_000,
      linksPerChain: 4,
      stakeMax: 10n,
      slashAfter: 1,
      linesPerSecond: 0,
      ledger: { reward: 50n, grant: 1000n },
    });
    const people = [world.connect(), world.connect()];
    for (const person of people) person.type('100\n');
    await world.clock.pass(1000);
    for (const person of people) person.type('72\n');
    await world.clock.pass(1000);
    for (const person of people) person.type('bond 30\n80\n');
    await world.clock.pass(2000);
    expect(from.height).toBeGreaterThan(2);
    expect(await from.signedBodyText(2)).toContain('"Candidates":[{');
    await expectSame(from, await copy(from));

    const key: string = JSON.parse((await from.block(1)) ?? '').Validator;
    const { tip, state } = world.chain;
    const proving = await serve(from, { chain: () => tip, state: () => state });
    const proof = (Key: string, Hash: string): Promise<readonly string[]> =>
      ask(proving, requestText({ Request: 'proof', Key, Hash }));
    const [proved = ''] = await proof(key, tip?.hash ?? '');
    const parsed = parseAccountProof(parseExact(proved));
    const last = JSON.parse((await from.block(from.height)) ?? '');
    expect('value' in parsed ? findAccountProofFault(parsed.value, last.Ledger) : parsed.why).toBeUndefined();
    expect(await proof(hexOf('unknown'), tip?.hash ?? '')).toEqual(['null']);
    expect(await proof(key, hexOf('another block'))).toEqual([]);

    const [transaction] = JSON.parse((await from.signedBodyText(1)) ?? '').Transactions;
    const chainId: string = JSON.parse((await from.block(0)) ?? '').Hash;
    const service = await serve(from);
    const id = transactionId(chainId, transaction);
    expect(await ask(service, requestText({ Request: 'transaction', Id: id }))).toEqual([JSON.stringify(transaction)]);
  });

  it('goes on behind the first hash of a locator that is in its chain, and from the genesis where none is', async () => {
    const service = await serve(await storeOf(drawn));
    const askBehind = (...hashes: readonly string[]): Promise<readonly string[]> =>
      ask(service, requestText({ Request: 'blocks', Locator: hashes, Limit: 2 }));
    const texts = drawn.map((block) => JSON.stringify(block));
    const hashes = drawn.map(({ Hash }) => Hash);
    expect(await askBehind(hexOf('unknown'), hashes[1] ?? '', hashes[0] ?? '')).toEqual([
      texts[2],
      '{}',
      texts[3],
      '{}',
    ]);
    expect(await askBehind(hashes[3] ?? '')).toEqual([]);
    expect(await askBehind(hexOf('unknown'))).toEqual([texts[0], '{}', texts[1], '{}']);
    const headers = requestText({ Request: 'headers', Locator: [hashes[1] ?? ''], Limit: 2 });
    expect(await ask(service, headers)).toEqual([texts[2], texts[3]]);
  });

  it('is nothing where there is no such block or transaction', async () => {
    const service = await serve(await storeOf(drawn));
    expect(await ask(service, requestText({ Request: 'block', Hash: hexOf('unknown') }))).toEqual([]);
    expect(await ask(service, requestText({ Request: 'transaction', Id: hexOf('unknown') }))).toEqual([]);
    expect(await ask(service, requestText({ Request: 'blocks', From: 4, Limit: 5 }))).toEqual([]);
    const one = await ask(service, requestText({ Request: 'block', Hash: drawn[2]?.Hash ?? '' }));
    expect(one).toEqual([JSON.stringify(drawn[2]), '{}']);
  });

  it('is its hello and its addresses, of these no more than fit', async () => {
    const heard: unknown[] = [];
    const service = await serve(new MemoryStore(), {
      greeted: (...greeting) => heard.push(greeting),
      addresses: () => Array.from({ length: 100 }, (_, place) => `/ip4/192.0.2.${place}/tcp/9002`),
    });
    const text = requestText({ Request: 'hello', Hello: { Version: 2, Roles: ['miner'] } });
    expect(await ask(service, text)).toEqual(['{"Version":2,"Roles":["full"]}']);
    expect(heard).toEqual([['peer', { Version: 2, Roles: ['miner'] }]]);
    expect(await ask(service, requestText({ Request: 'peers' }))).toHaveLength(limits.peersPerAnswerMax);
  });
});

describe('a peer', () => {
  it('that asks for what is no request has broken the protocol', async () => {
    const cuts: unknown[] = [];
    const service = await serve(new MemoryStore(), { cut: (...cut) => cuts.push(cut) });
    await expect(ask(service, 'rubbish')).rejects.toMatchObject({ isInvalid: true });
    expect(cuts).toEqual([['peer', 'bad-request']]);
  });

  it('may ask so often at once, and no more; another one may still', async () => {
    const cuts: unknown[] = [];
    const service = await serve(new MemoryStore(), { cut: (...cut) => cuts.push(cut) });
    const text = requestText({ Request: 'peers' });
    for (let count = 0; count < limits.requestBurst; count++) await ask(service, text);
    await expect(ask(service, text)).rejects.toThrow(PeerError);
    expect(cuts).toEqual([['peer', 'flood']]);
    for await (const _ of service.answer('another', text, never));
    service.forget('peer');
    expect(await ask(service, text)).toEqual([]);
  });

  it('waits for its bytes when it has had more than a burst of them', async () => {
    const clock = new SimulatedClock();
    const store = await storeOf(drawn);
    const long = `{"Transactions":["${'x'.repeat(limits.answerBurstBytes / 4)}"]}`;
    class LongStore extends MemoryStore {
      override async signedBodyText(): Promise<string> {
        return long;
      }
      override get height(): number {
        return store.height;
      }
      override async blockRange(first: number, last: number): Promise<readonly string[]> {
        return store.blockRange(first, last);
      }
    }
    const form = { kind: 'work', beacons: 0, hasLedger: true } as const;
    const service = await serve(new LongStore(), { clock, chain: () => ({ chainId: '', form, hash: '' }) });
    let bytes = 0;
    let isOver = false;
    const request = requestText({ Request: 'blocks', From: 1, Limit: 3 });
    const reading = (async () => {
      for (let count = 0; count < 3; count++)
        for await (const frame of service.answer('peer', request, never)) bytes += frame.length;
      isOver = true;
    })();
    await clock.pass(0);
    expect(isOver).toBe(false);
    expect(bytes).toBeLessThanOrEqual(limits.answerBurstBytes + limits.frameBytesMax);
    await clock.pass(1000);
    expect(bytes).toBeLessThanOrEqual(limits.answerBurstBytes + limits.answerBytesPerSecond + limits.frameBytesMax);
    await clock.pass(60_000);
    await reading;
  });
});

describe('what a stranger sends as a block', () => {
  const block = JSON.stringify(drawn[2]);
  const form = { kind: 'lottery', beacons: 0, hasLedger: false } as const;
  const beside = `{"Candidates":${JSON.stringify(
    frozen(pools[1] ?? []).candidates.map(({ validator, stake, payload }) => ({
      Validator: validator,
      Stake: String(stake),
      BPM: payload,
    })),
  )}}`;

  it('is taken with its pool, or without one', () => {
    expect(parseStored({ block, beside }, form)).toHaveProperty('value.body.length', 2);
    expect(parseStored({ block, beside: '{}' }, form)).toHaveProperty('value.body', undefined);
  });

  it.each([
    ['another pool', block, beside.replace('"BPM":1', '"BPM":2')],
    ['no pool in its place', block, '{"Candidates":7}'],
    ['an unknown key beside it', block, '{"Money":7}'],
    ['no JSON beside it', block, ''],
    ['white space in the block', block.replace(':', ': '), '{}'],
    ['a genesis in its place', JSON.stringify(drawn[0]), '{}'],
  ])('is refused with %s', (_, sent, sentBeside) => {
    expect(parseStored({ block: sent, beside: sentBeside }, form)).toHaveProperty('why');
  });

  it('is refused without transactions where there is a ledger', () => {
    const mined = buildWorkChain([1000], 4n, 1000)[1];
    expect(
      parseStored({ block: JSON.stringify(mined), beside: '{}' }, { kind: 'work', beacons: 0, hasLedger: true }),
    ).toHaveProperty('why');
  });
});

describe('a budget', () => {
  it('gives its burst at once, and then its rate', () => {
    const budget = new Budget(10, 3);
    for (let count = 0; count < 3; count++) {
      expect(budget.waitMs(1, 1000)).toBe(0);
      budget.spend(1, 1000);
    }
    expect(budget.waitMs(1, 1000)).toBe(100);
    expect(budget.waitMs(1, 1099)).toBe(1);
    expect(budget.waitMs(1, 1100)).toBe(0);
  });
});
