import { describe, expect, it } from 'vitest';
import { findFault } from '../../src/consensus/verifier.ts';
import { limits } from '../../src/consensus/work/limits.ts';
import { isMined, type WorkBlock } from '../../src/core/block.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { verifySignature } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { type Person, World } from '../sim/world.ts';
import { BranchMiner } from './branch-miner.ts';

interface Opened {
  readonly clock: SimulatedClock;
  readonly store: MemoryStore;
  readonly world: World;
}

async function open(store = new MemoryStore(), difficulty = 200n): Promise<Opened> {
  const clock = new SimulatedClock();
  const world = await World.open({
    seed: 1,
    clock,
    store,
    intervalMs: 30_000,
    broadcastIntervalMs: 3_600_000,
    linksPerChain: 4,
    stakeMax: 1000n,
    slashAfter: 1,
    linesPerSecond: 0,
    work: { difficulty, intervalMs: 100, noncesPerMs: 8 },
  });
  return { clock, store, world };
}

/** The blocks that were told, in that order. */
function mined(world: World): readonly WorkBlock[] {
  return world.events.flatMap((event) => (event.kind === 'committed' && isMined(event.block) ? [event.block] : []));
}

async function chainOf(store: MemoryStore): Promise<readonly unknown[]> {
  const texts: string[] = [];
  for await (const batch of store.blocks()) texts.push(...batch);
  return texts.map((text): unknown => JSON.parse(text));
}

/** Connects and reads the welcome. */
async function connect({ world, clock }: Opened): Promise<{ readonly person: Person; readonly address: string }> {
  const person = world.connect();
  await clock.pass(0);
  const [, address = ''] =
    /^You are validator ([0-9a-f]{64}) with 0 tokens\.\n\nEnter a new BPM:$/.exec(person.unchecked()) ?? [];
  expect(address).not.toBe('');
  return { person, address };
}

describe('people at a chain of work', () => {
  it('hear that a heavier branch takes the place of the last blocks, and whose these were', async () => {
    const opened = await open();
    const { clock, world } = opened;
    const { person } = await connect(opened);
    const { person: other } = await connect(opened);
    person.type('72\n');
    await clock.pass(10_000);
    other.type('73\n');
    await clock.pass(10_000);
    const removed = mined(world).map((block) => ({ block, transactions: [] }));
    expect(removed).toHaveLength(2);
    for (const each of [person, other]) each.unchecked();
    world.tell({ kind: 'reorganised', fork: 0, removed, added: 3 });
    await clock.pass(0);
    const branch = '\nA heavier branch of 3 blocks takes the place of the blocks 1 to 2.\n';
    const lost = (index: number): string => `Block ${index} is yours no longer: its BPM waits for another block.\n`;
    expect(person.unchecked()).toBe(`${branch}${lost(1)}\nEnter a new BPM:`);
    expect(other.unchecked()).toBe(`${branch}${lost(2)}\nEnter a new BPM:`);
    world.tell({ kind: 'chain-due' });
    await clock.pass(1000);
    expect(person.unchecked()).toMatch(/^\n\[\{"Index":0,[^\n]*\}\]\n/);
    expect(other.unchecked()).not.toContain('"Index":1');
  });

  it('have their BPM mined again whose block falls out, also after a restart', async () => {
    const first = await open();
    const { person, address } = await connect(first);
    person.type('72\n73\n');
    await first.clock.pass(60_000);
    expect(mined(first.world)).toHaveLength(2);
    await first.world.stop();
    const again = await open(first.store);
    const { chain } = again.world;
    const genesis = await chain.tipAt(0);
    if (genesis === undefined) throw new Error('no genesis');
    const branch = BranchMiner.behind(genesis, undefined).mineMany(4, { spanMs: 50 }).blocks;
    expect((await chain.adopt(branch, () => ({ receipts: { size: 0, of: () => undefined } }))).kind).toBe('adopted');
    await again.clock.pass(60_000);
    const blocks = mined(again.world).slice(branch.length);
    expect(blocks.map(({ Index, BPM, Validator }) => [Index, BPM, Validator])).toEqual([
      [5, 72, address],
      [6, 73, address],
    ]);
    expect(findFault(await chainOf(first.store), verifySignature)).toBeUndefined();
    await again.world.stop();
    expect(again.world.faults).toEqual([]);
  });

  it('are validators at once, and a BPM becomes a block of theirs', async () => {
    const opened = await open();
    const { clock, store, world } = opened;
    const { person, address } = await connect(opened);
    person.type('72\n');
    expect(person.unchecked()).toBe('Searching for block 1: difficulty 200.\n\nEnter a new BPM:');
    await clock.pass(5000);
    const [block] = mined(world);
    expect(block).toMatchObject({ Index: 1, BPM: 72, Validator: address, Work: { Difficulty: '200' } });
    expect(person.unchecked()).toBe(`\nBlock 1 is yours: ${block?.Hash}.\n\nEnter a new BPM:`);
    expect(findFault(await chainOf(store), verifySignature)).toBeUndefined();
    await world.stop();
    expect(world.faults).toEqual([]);
  });

  it('get their blocks in the order in which they proposed, and hear of those of others, and when their own are searched for', async () => {
    const opened = await open();
    const { clock, store, world } = opened;
    const [one, two] = [await connect(opened), await connect(opened)];
    one.person.type('1\n2\n');
    expect(one.person.unchecked()).toBe(
      'Searching for block 1: difficulty 200.\n\nEnter a new BPM:' +
        'Candidate for block 2: BPM 2.\nIt waits for its turn, behind 1 candidate.\n\nEnter a new BPM:',
    );
    two.person.type('3\n');
    expect(two.person.unchecked()).toBe(
      'Candidate for block 3: BPM 3.\nIt waits for its turn, behind 2 candidates.\n\nEnter a new BPM:',
    );
    await clock.pass(60_000);
    const blocks = mined(world);
    expect(blocks.map(({ BPM, Validator }) => [BPM, Validator])).toEqual([
      [1, one.address],
      [2, one.address],
      [3, two.address],
    ]);
    const third = blocks[2];
    const told = (index: number): string => `\nBlock ${index} by ${one.address}: BPM ${index}.\n\nEnter a new BPM:`;
    expect(two.person.unchecked()).toBe(
      `${told(1)}${told(2)}\nSearching for block 3: difficulty ${third?.Work.Difficulty}.\n\nEnter a new BPM:` +
        `\nBlock 3 is yours: ${third?.Hash}.\n\nEnter a new BPM:`,
    );
    expect(findFault(await chainOf(store), verifySignature)).toBeUndefined();
    await world.stop();
  });

  it('hear of their block although they have closed their side, and are then let go', async () => {
    const opened = await open();
    const { person } = await connect(opened);
    person.type('72\n73\n');
    person.closeSide();
    expect(person.isConnected).toBe(true);
    await opened.clock.pass(60_000);
    person.flow();
    const text = person.unchecked();
    expect(text).toContain('Block 1 is yours: ');
    expect(text).toContain('Block 2 is yours: ');
    expect(person.closeReason).toBe('left');
    await opened.world.stop();
  });

  it('lose their candidates with a tainted block, and nobody else does', async () => {
    const opened = await open();
    const { clock, world } = opened;
    const [one, two] = [await connect(opened), await connect(opened)];
    one.person.type('1\n');
    two.person.type('2\n');
    one.person.type('many\n');
    await clock.pass(60_000);
    one.person.flow();
    expect(one.person.closeReason).toBe('slashed');
    expect(mined(world).map(({ BPM }) => BPM)).toEqual([2]);
    await world.stop();
  });

  it('may have so many candidates that wait, and are told when that is all', async () => {
    const opened = await open();
    const { person } = await connect(opened);
    person.type('1\n'.repeat(limits.backlogPerValidatorMax));
    person.unchecked();
    person.type('99\n');
    expect(person.unchecked()).toMatch(
      /^Error: too many candidates wait for their blocks, so BPM 99 is not among them\./,
    );
    await opened.world.stop();
  });

  it('hear of a pause and of its end, and that their candidates wait', async () => {
    const opened = await open();
    const { clock, world } = opened;
    const { person } = await connect(opened);
    world.service.pause();
    await clock.pass(0);
    expect(person.unchecked()).toContain('The search is paused');
    person.type('72\n');
    expect(person.unchecked()).toContain('The search is paused; it goes on when the operator resumes it.\n');
    await clock.pass(60_000);
    expect(mined(world)).toEqual([]);
    world.service.resume();
    await clock.pass(60_000);
    expect(person.unchecked()).toContain('The search goes on.');
    expect(mined(world)).toHaveLength(1);
    await world.stop();
  });
});

describe('a nonce that is typed', () => {
  it('is tried on the block that is searched for, and costs nothing however wrong it is', async () => {
    const opened = await open(new MemoryStore(), 10n ** 60n);
    const { person } = await connect(opened);
    person.type('nonce 5\n');
    expect(person.unchecked()).toMatch(/^Error: no block is searched for now/);
    person.type('72\n');
    person.unchecked();
    person.type('nonce 5\n');
    expect(person.unchecked()).toMatch(
      /^[0-9a-f]{64}\n\d+ leading zero bits; difficulty 10{60} takes about 199\.3\. Block 1 does not hold with it\.\n/,
    );
    for (const [wrong, why] of [
      ['nonce', 'nonce needs a number: '],
      ['nonce 9007199254740992', '"9007199254740992" is not a nonce that can be tried: '],
      ['nonce -1', '"-1" is not a nonce that can be tried: '],
      ['NONCE 1.5', '"1.5" is not a nonce that can be tried: '],
      ['nonce \x07', '"\\x07" is not a nonce that can be tried: '],
    ] as const) {
      person.type(`${wrong}\n`);
      const accepted = 'a whole number from 0 to 9007199254740991, digits only, for example nonce 7.';
      expect(person.unchecked()).toBe(`Error: ${why}${accepted}\n\nEnter a new BPM:`);
    }
    person.type('nonce 9007199254740991\n');
    expect(person.unchecked()).toContain('leading zero bits');
    expect(person.isConnected).toBe(true);
    await opened.world.stop();
  });

  it('takes the block when that holds with it', async () => {
    const opened = await open(new MemoryStore(), 1n);
    const { clock, world } = opened;
    const { person } = await connect(opened);
    person.type('72\nnonce 12\n');
    expect(person.unchecked()).toContain('Block 1 holds with it.\n');
    await clock.pass(10);
    expect(mined(world)).toMatchObject([{ BPM: 72, Work: { Nonce: 12 } }]);
    await world.stop();
  });
});

describe('a chain of work that is there already', () => {
  it('goes on where it was, whatever a new chain would be', async () => {
    const first = await open();
    const { person } = await connect(first);
    person.type('1\n2\n3\n');
    await first.clock.pass(60_000);
    await first.world.stop();
    const second = await open(first.store, 999n);
    // Its clock is at the beginning again.
    await second.clock.pass(120_000);
    const other = await connect(second);
    other.person.type('4\n');
    await second.clock.pass(60_000);
    expect(mined(second.world).map(({ Index, BPM }) => [Index, BPM])).toEqual([[4, 4]]);
    expect(findFault(await chainOf(first.store), verifySignature)).toBeUndefined();
    await second.world.stop();
  });
});
