import { describe, expect, it } from 'vitest';
import { checkBlock, draw, verifyChain } from '../../src/library/index.ts';
import { buildChain, candidatesWith } from '../core/build-chain.ts';
import { buildInstantChain, buildWorkChain } from '../core/build-kinds.ts';

const chain = buildChain([candidatesWith([1n, 2n]), candidatesWith([3n]), candidatesWith([4n, 5n])], 2);

describe('verifyChain', () => {
  it.each([
    ['a lottery', chain],
    ['a chain of work', buildWorkChain([500, 500], 4n, 1000)],
    ['an instant chain', buildInstantChain([72, 80])],
  ])('finds that %s holds, as values and as texts', async (_, blocks) => {
    const tip = expect.objectContaining({ index: blocks.length - 1, hash: blocks.at(-1)?.Hash });
    const verdict = { blocks: blocks.length, fault: undefined, tip };
    expect(await verifyChain(blocks)).toEqual(verdict);
    expect(await verifyChain(blocks.map((block) => JSON.stringify(block)))).toEqual(verdict);
  });

  it('reads blocks as they come, and none behind the first fault', async () => {
    const read: number[] = [];
    async function* arriving(): AsyncGenerator<unknown> {
      for (const block of chain) {
        read.push(block.Index);
        yield block.Index === 2 ? { ...block, BPM: block.BPM + 1 } : block;
      }
    }
    expect(await verifyChain(arriving())).toMatchObject({
      blocks: 2,
      fault: { index: 2, rule: 'hash' },
      tip: { index: 1 },
    });
    expect(read).toEqual([0, 1, 2]);
  });

  it.each(['', '{}', `${JSON.stringify(chain[0])} `])('takes the text %j for no block', async (text) => {
    expect(await verifyChain([text])).toMatchObject({ blocks: 0, fault: { index: 0, rule: 'form' } });
  });

  it('verifies signatures as it is told', async () => {
    const none = await verifyChain(chain, { verifySignature: () => false });
    expect(none).toMatchObject({ blocks: 1, fault: { index: 1, rule: 'signature' } });
  });

  it('finds that no blocks are no chain', async () => {
    expect(await verifyChain([])).toEqual({
      blocks: 0,
      fault: { index: 0, rule: 'form', why: 'there is no block' },
      tip: undefined,
    });
  });
});

describe('checkBlock', () => {
  const [genesis, first, second] = chain;

  it('finds that a block holds by its genesis and the block before it', async () => {
    expect(await checkBlock({ genesis, previous: first, block: second, index: 2, pool: undefined })).toBeUndefined();
  });

  it('names the rule that a block breaks', async () => {
    const fault = await checkBlock({ genesis, previous: first, block: chain[3], index: 2, pool: undefined });
    expect(fault).toMatchObject({ index: 2, rule: 'index' });
  });
});

describe('draw', () => {
  const entries = [
    { name: 'Ada', stake: 1n },
    { name: 'Bob', stake: 0n },
    { name: 'Eve', stake: 3n },
  ];

  it('gives the same winner for the same seed and entries', () => {
    expect(draw('monday', entries)).toEqual(draw('monday', entries));
  });

  it('gives each ticket to its holder', () => {
    const drawn = Array.from({ length: 200 }, (_, number) => draw(`draw ${number}`, entries));
    for (const { ticket, winner, tickets } of drawn) {
      expect(winner.name).toBe(ticket === 0n ? 'Ada' : 'Eve');
      expect(tickets).toEqual(ticket === 0n ? { first: 0n, last: 0n } : { first: 1n, last: 3n });
    }
    expect(new Set(drawn.map(({ ticket }) => ticket))).toEqual(new Set([0n, 1n, 2n, 3n]));
  });

  it('draws nothing where there are no tickets, or a stake is below none', () => {
    expect(() => draw('seed', [])).toThrow(RangeError);
    expect(() => draw('seed', [{ stake: 0n }])).toThrow(RangeError);
    expect(() => draw('seed', [{ stake: 2n }, { stake: -1n }])).toThrow('at least 0');
  });
});
