import { describe, expect, it } from 'vitest';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import { Chain } from '../../src/node/chain.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { buildChain, candidatesWith, storedBlock, verifySignature } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';

describe('a chain that is loaded', () => {
  const texts = buildChain([candidatesWith([1n]), candidatesWith([2n]), candidatesWith([3n])], 4).map((block) =>
    JSON.stringify(block),
  );

  /** Loads the chain, a block at a time, and asks to stop before the block with an index is read. */
  async function load(stopBefore: number): Promise<{ heard: number; read: number; reason: unknown; why: unknown }> {
    const stopping = new AbortController();
    let read = 0;
    class WatchedStore extends MemoryStore {
      override async *blocks(): AsyncGenerator<readonly string[]> {
        for (const [index, text] of texts.entries()) {
          if (index === stopBefore) stopping.abort();
          read += 1;
          yield [text];
        }
      }
    }
    const events: NodeEvent[] = [];
    const listener = { onEvent: (event: NodeEvent) => events.push(event) };
    const ports = { clock: new SimulatedClock(), verifySignature, store: new WatchedStore(), listener };
    const why: unknown = await Chain.open({ ...ports, stopAsked: stopping.signal }).then(
      () => 'opened',
      (error: unknown) => error,
    );
    return { heard: events.length, read, reason: stopping.signal.reason, why };
  }

  it.each([0, 2, 3])('is left alone at once when somebody asks to stop before block %i', async (index) => {
    const { heard, read, reason, why } = await load(index);
    expect(why).toBe(reason);
    expect(heard).toBe(index);
    expect(read).toBe(index + 1);
  });

  it('is told to the listener as a whole when nobody does', async () => {
    const { heard, why } = await load(Number.POSITIVE_INFINITY);
    expect(heard).toBe(texts.length);
    expect(why).toBe('opened');
  });
});

describe('a chain without secrets', () => {
  const pools = [candidatesWith([1n]), candidatesWith([2n]), candidatesWith([3n, 4n])];
  const blocks = buildChain(pools, 4);

  async function follow(store: MemoryStore = new MemoryStore()): Promise<{ chain: Chain; heard: NodeEvent[] }> {
    const heard: NodeEvent[] = [];
    const listener = { onEvent: (event: NodeEvent) => heard.push(event) };
    return { chain: await Chain.open({ clock: new SimulatedClock(), verifySignature, store, listener }), heard };
  }

  const [genesis, ...drawn] = blocks.map((block, index) => storedBlock(block, pools[index - 1] ?? []));
  if (genesis === undefined) throw new Error('no chain was built');
  const details = { receipts: new TicketReceipts([]) };

  it('is empty in an empty store, and takes a genesis and the blocks behind it as they were made elsewhere', async () => {
    const store = new MemoryStore();
    const { chain, heard } = await follow(store);
    expect([chain.height, chain.tip]).toEqual([-1, undefined]);
    await chain.found(genesis);
    for (const stored of drawn) expect(await chain.accept(stored, () => details)).toBeUndefined();
    expect(chain.height).toBe(drawn.length);
    expect(await store.blockRange(0, 99)).toEqual(blocks.map((block) => JSON.stringify(block)));
    expect(heard).toMatchObject([
      { kind: 'loaded', text: genesis.text },
      ...drawn.map(({ block, text }) => ({ kind: 'committed', block, text })),
    ]);
  });

  it('refuses a block that breaks a rule by naming it, and neither stores nor tells anything of it', async () => {
    const store = new MemoryStore();
    const { chain, heard } = await follow(store);
    await chain.found(genesis);
    const [first, second] = drawn;
    if (first === undefined || second === undefined) throw new Error('the chain is too short');
    let asked = 0;
    const detail = (): typeof details => {
      asked += 1;
      return details;
    };
    for (const [wrong, rule] of [
      [second, 'index'],
      [{ ...first, text: first.text.replace('"BPM":0', '"BPM":1') }, 'hash'],
      [{ ...first, text: `${first.text} ` }, 'form'],
    ] as const) {
      expect(await chain.accept(wrong, detail)).toMatchObject({ index: 1, rule });
    }
    expect([asked, heard.length, store.height, chain.height]).toEqual([0, 1, 0, 0]);
    expect(await chain.accept(first, detail)).toBeUndefined();
  });

  it('asks for the details of a draw once its block is stored, before anybody hears of it', async () => {
    const store = new MemoryStore();
    const { chain, heard } = await follow(store);
    await chain.found(genesis);
    const [first] = drawn;
    if (first === undefined) throw new Error('the chain is too short');
    await chain.accept(first, () => {
      expect([store.height, heard.length]).toEqual([1, 1]);
      return details;
    });
    expect(heard).toHaveLength(2);
  });
});
