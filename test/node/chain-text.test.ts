import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainText } from '../../src/node/chain-text.ts';
import { chainTextOf, storeOf } from './chain-text-of.ts';

async function textOf(chain: ChainText, first = 0, end = chain.count, bytesWanted = 1): Promise<string> {
  let text = '';
  for (let next = first; next < end; ) {
    const piece = (await chain.slice(next)).read(next, end, bytesWanted);
    text += piece.bytes.toString('latin1');
    next = piece.next;
  }
  return text;
}

const textsOf = (blocks: readonly string[]): string => blocks.map((text) => `,${text}`).join('');

const blocks = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 50 }), { minLength: 1 });
const slices = fc.integer({ min: 1, max: 9 });
const bytes = fc.integer({ min: 1, max: 200 });

describe('the text of a chain', () => {
  it('is its blocks with a comma before each, in slices and pieces of any size, from any block to any other', async () => {
    await fc.assert(
      fc.asyncProperty(blocks, slices, bytes, fc.nat(), fc.nat(), async (texts, blocksPerSlice, wanted, one, other) => {
        const [first = 0, end = 0] = [one, other].map((place) => place % (texts.length + 1)).sort((a, b) => a - b);
        const chain = chainTextOf(texts, blocksPerSlice);
        expect(await textOf(chain, first, end, wanted)).toBe(textsOf(texts.slice(first, end)));
      }),
    );
  });

  it('gives pieces of whole blocks that have the bytes that are wanted, and no block more', async () => {
    const slice = await chainTextOf(['aaa', 'bbb', 'ccc', 'ddd'], 4).slice(0);
    expect(slice.read(0, 4, 4)).toEqual({ bytes: Buffer.from(',aaa'), next: 1 });
    expect(slice.read(0, 4, 5)).toEqual({ bytes: Buffer.from(',aaa,bbb'), next: 2 });
    expect(slice.read(1, 3, 100)).toEqual({ bytes: Buffer.from(',bbb,ccc'), next: 3 });
  });

  it('reads the blocks that were added since it read a slice', async () => {
    const texts = ['a', 'b'];
    const chain = chainTextOf(texts, 4);
    expect(await textOf(chain)).toBe(',a,b');
    texts.push('c', 'd', 'e');
    chain.lengthen(4);
    expect(await textOf(chain)).toBe(',a,b,c,d,e');
  });

  it('has another one in its place when its last blocks fall out, and is read to its own end still, also after a second time', async () => {
    await fc.assert(
      fc.asyncProperty(
        blocks,
        blocks,
        blocks,
        slices,
        fc.nat(),
        async (kept, removed, others, blocksPerSlice, read) => {
          const texts = [...kept, ...removed];
          const chain = chainTextOf(texts, blocksPerSlice);
          await textOf(chain, 0, read % (texts.length + 1));
          texts.splice(kept.length);
          const second = chain.without(removed);
          texts.push(...others);
          second.lengthen(texts.length - 1);
          expect(await textOf(second)).toBe(textsOf([...kept, ...others]));
          expect(await textOf(chain)).toBe(textsOf([...kept, ...removed]));
          const gone = texts.splice(1);
          const third = second.without(gone);
          expect(await textOf(third)).toBe(textsOf(kept.slice(0, 1)));
          expect(await textOf(second)).toBe(textsOf([...kept, ...others]));
          expect(await textOf(chain)).toBe(textsOf([...kept, ...removed]));
        },
      ),
    );
  });

  it('does not mix what falls out while it is read with what comes instead', async () => {
    const texts = ['a', 'b', 'c'];
    let told = (): void => undefined;
    const store = {
      blockRange: async (first: number, last: number): Promise<readonly string[]> => {
        texts.splice(2, 1, 'C');
        told();
        return texts.slice(first, last + 1);
      },
    };
    const chain = new ChainText({ store, blocksPerSlice: 3, keptBytesMax: 1000 }, 3);
    told = () => {
      told = () => undefined;
      chain.without(['c']).lengthen(2);
    };
    expect(await textOf(chain)).toBe(',a,b,c');
  });
});

describe('those who read the same part of a chain', () => {
  it('share one read and its memory, and the part behind it is read for them ahead', async () => {
    const reads: string[] = [];
    const texts = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { blockRange } = storeOf(texts);
    const store = {
      blockRange: (first: number, last: number): Promise<readonly string[]> => {
        reads.push(`${first}-${last}`);
        return blockRange(first, last);
      },
    };
    const chain = new ChainText({ store, blocksPerSlice: 2, keptBytesMax: 1000 }, texts.length);
    const [one, other] = await Promise.all([chain.slice(0), chain.slice(1)]);
    expect(one).toBe(other);
    expect(await textOf(chain)).toBe(',a,b,c,d,e,f');
    expect(reads).toEqual(['0-1', '2-3', '4-5']);
  });

  it('find again what was read last, as far as there is room for it', async () => {
    const texts = ['a', 'b', 'c', 'd'];
    const chain = chainTextOf(texts, 1, 4);
    await textOf(chain);
    expect([0, 1, 2, 3].map((index) => chain.sliceAt(index, () => undefined) !== undefined)).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('all hear the error when a block cannot be read, and the chain is given to nobody after that', async () => {
    const store = {
      blockRange: async (): Promise<readonly string[]> => {
        throw new Error('the disk is gone');
      },
    };
    const chain = new ChainText({ store, blocksPerSlice: 2, keptBytesMax: 1000 }, 4);
    const answers = await Promise.allSettled([chain.slice(0), chain.slice(1), chain.slice(2)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(chain.hasFailed).toBe(true);
    expect(() => chain.sliceAt(3, () => undefined)).toThrow('the disk is gone');
  });
});
