import { describe, expect, it } from 'vitest';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import type { Block, DrawnBlock } from '../../src/core/block.ts';
import { Chain } from '../../src/node/chain.ts';
import { DamageError } from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { buildBeaconChain, TestBeacon } from '../core/build-beacon-chain.ts';
import { candidatesWith, storedBlock, verifySignature } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';

const beacon = new TestBeacon('own', { GenesisTime: 1_767_225_600, Period: 3 });
const pools = [candidatesWith([3n, 4n]), candidatesWith([5n])];
const { genesis, blocks } = buildBeaconChain(pools, [beacon]);
const [first, second] = [blockAt(1), blockAt(2)];

function blockAt(index: number): DrawnBlock {
  const block = blocks[index - 1];
  if (block === undefined) throw new Error('too short a chain');
  return block;
}

async function storeOf(...stored: readonly Block[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const block of stored) await store.append(storedBlock(block));
  return store;
}

describe('a node with a chain whose draws wait for beacons', () => {
  const listener = { onEvent: () => undefined };

  it('loads what holds, and takes the next block, with the rounds verified', async () => {
    const clock = new SimulatedClock();
    const chain = await Chain.open({ clock, verifySignature, listener, store: await storeOf(genesis, first) });
    const accepted = chain.accept(storedBlock(second, pools[1]), () => ({ receipts: new TicketReceipts([]) }));
    await clock.pass(0);
    expect(await accepted).toBeUndefined();
    expect(chain.height).toBe(2);
  });

  it('begins with a genesis alone, and refuses a block whose round is not signed', async () => {
    const clock = new SimulatedClock();
    const chain = await Chain.open({ clock, verifySignature, listener, store: await storeOf(genesis) });
    const round = { Round: first.Draw.Beacons?.[0]?.Round ?? 0, Signature: beacon.sign(1) };
    const wrong = { ...first, Draw: { ...first.Draw, Beacons: [round] } };
    expect(await chain.accept(storedBlock(wrong), () => ({ receipts: new TicketReceipts([]) }))).toMatchObject({
      index: 1,
      rule: 'hash',
    });
    expect(chain.height).toBe(0);
  });

  it('finds damage in its store by the same rules', async () => {
    const store = await storeOf(genesis, { ...first, Timestamp: second.Timestamp });
    const opening = Chain.open({ clock: new SimulatedClock(), verifySignature, listener, store });
    await expect(opening).rejects.toThrow(DamageError);
  });
});
