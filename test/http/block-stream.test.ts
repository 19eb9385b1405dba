import { describe, expect, it } from 'vitest';
import { streamBlocks } from '../../src/http/block-stream.ts';
import { limits } from '../../src/http/limits.ts';

const perPiece = limits.blocksPerPiece;

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
      first,
      last,
    );
    expect(reads.length).toBeLessThanOrEqual(1);
    let text = '';
    for await (const piece of pieces) text += Buffer.from(piece).toString('latin1');
    expect(JSON.parse(text)).toEqual(
      Array.from({ length: last - first + 1 }, (_, place) => ({ Index: first + place })),
    );
    expect(Math.max(0, ...reads)).toBeLessThanOrEqual(perPiece);
  });

  it('rejects at once when its first blocks cannot be read, and while it is taken when later ones cannot', async () => {
    const fails = async (from: number): Promise<readonly string[]> => {
      if (from >= broken) throw new Error('damaged');
      return ['{}'];
    };
    let broken = 0;
    await expect(streamBlocks(fails, 0, 99)).rejects.toThrow('damaged');
    broken = perPiece;
    const pieces = await streamBlocks(fails, 0, 99);
    expect((await pieces.next()).done).toBe(false);
    await expect(pieces.next()).rejects.toThrow('damaged');
  });
});
