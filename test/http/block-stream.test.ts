import { describe, expect, it } from 'vitest';
import { compactLayout, indentedLayout, streamBlocks } from '../../src/http/block-stream.ts';
import { limits } from '../../src/http/limits.ts';
import { chain } from '../storage/contract.ts';

const perPiece = limits.blocksPerPiece;
const next = async (): Promise<void> => undefined;

async function textOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += Buffer.from(piece).toString('latin1');
  return text;
}

describe('the stream of blocks', () => {
  it.each([
    [0, -1],
    [0, 0],
    [0, perPiece - 1],
    [0, perPiece],
    [5, 3 * perPiece],
  ])('from %d to %d is an array of them, of which few are read at a time', async (first, last) => {
    const reads: number[] = [];
    const pieces = await streamBlocks(
      async (from, end) => {
        reads.push(end - from + 1);
        return Array.from({ length: end - from + 1 }, (_, place) => `{"Index":${from + place}}`);
      },
      { first, last, layout: compactLayout, next },
    );
    expect(reads.length).toBeLessThanOrEqual(1);
    expect(JSON.parse(await textOf(pieces))).toEqual(
      Array.from({ length: last - first + 1 }, (_, place) => ({ Index: first + place })),
    );
    expect(Math.max(0, ...reads)).toBeLessThanOrEqual(perPiece);
  });

  it.each([1, perPiece, perPiece + 1])(
    'is what JSON.stringify makes of %d blocks where they are indented',
    async (count) => {
      const blocks = Array.from({ length: count }, (_, place) => ({ ...chain[place % chain.length], Index: place }));
      const read = async (from: number, end: number): Promise<readonly string[]> =>
        blocks.slice(from, end + 1).map((block) => JSON.stringify(block));
      const pieces = await streamBlocks(read, { first: 0, last: count - 1, layout: indentedLayout, next });
      expect(await textOf(pieces)).toBe(`${JSON.stringify(blocks, undefined, 2)}\n`);
    },
  );

  it('waits before each piece until one may be made', async () => {
    let pieces = 0;
    const read = async (): Promise<readonly string[]> => ['{}'];
    const counts = async (): Promise<void> => {
      pieces += 1;
    };
    await textOf(await streamBlocks(read, { first: 0, last: 3 * perPiece, layout: compactLayout, next: counts }));
    expect(pieces).toBe(4);
  });

  it('rejects at once when its first blocks cannot be read, and while it is taken when later ones cannot', async () => {
    const fails = async (from: number): Promise<readonly string[]> => {
      if (from >= broken) throw new Error('damaged');
      return ['{}'];
    };
    const all = { first: 0, last: 99, layout: compactLayout, next };
    let broken = 0;
    await expect(streamBlocks(fails, all)).rejects.toThrow('damaged');
    broken = perPiece;
    const pieces = await streamBlocks(fails, all);
    expect((await pieces.next()).done).toBe(false);
    await expect(pieces.next()).rejects.toThrow('damaged');
  });
});
