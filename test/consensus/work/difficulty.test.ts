import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  difficultyBits,
  expectedHashes,
  leadingZeroBits,
  meets,
  retarget,
  slide,
  type TimedBlock,
  targetOf,
} from '../../../src/consensus/work/difficulty.ts';

const all = 1n << 256n;
const hexOf = (number: bigint): string => number.toString(16).padStart(64, '0');
const difficulties = fc.bigInt({ min: 1n, max: 10n ** 77n - 1n });

/** A window of blocks of these difficulties, each so many milliseconds behind the one before. The first one is the genesis. */
function windowOf(
  blocks: readonly (readonly [difficulty: bigint, spanMs: number])[],
  first = 1n,
): readonly TimedBlock[] {
  const window: TimedBlock[] = [{ timeMs: 1000, difficulty: first }];
  for (const [difficulty, spanMs] of blocks) window.push({ timeMs: (window.at(-1)?.timeMs ?? 0) + spanMs, difficulty });
  return window;
}

describe('a hash meets a difficulty', () => {
  it('when their product is below 2^256, and from the next hash on not', () => {
    fc.assert(
      fc.property(difficulties, (difficulty) => {
        const target = targetOf(difficulty);
        expect(target * difficulty < all).toBe(true);
        expect((target + 1n) * difficulty < all).toBe(false);
        expect(meets(hexOf(target), difficulty)).toBe(true);
        if (target + 1n < all) expect(meets(hexOf(target + 1n), difficulty)).toBe(false);
      }),
    );
  });

  it('always when that is 1, and only as zero when it has 77 digits', () => {
    expect(meets('f'.repeat(64), 1n)).toBe(true);
    expect(meets(hexOf(1n), 10n ** 77n - 1n)).toBe(true);
    expect(meets(hexOf(2n), 10n ** 77n - 1n)).toBe(false);
    expect(meets(hexOf(0n), 10n ** 77n - 1n)).toBe(true);
  });

  it('after as many tries on average as it says, which people are told in bits', () => {
    expect(expectedHashes(1_048_576n)).toBe(1_048_576);
    expect(difficultyBits(1_048_576n)).toBe(20);
    expect(difficultyBits(1n)).toBe(0);
    expect(difficultyBits(10n ** 77n - 1n)).toBeCloseTo(255.79, 2);
  });
});

describe('the leading zero bits of a hash', () => {
  it('are as many as there are before its first one bit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: all - 1n }), fc.integer({ min: 0, max: 256 }), (number, shift) => {
        const hash = number >> BigInt(shift);
        const length = hash === 0n ? 0 : hash.toString(2).length;
        expect(leadingZeroBits(hexOf(hash))).toBe(256 - length);
      }),
    );
    expect(leadingZeroBits(hexOf(0n))).toBe(256);
    expect(leadingZeroBits(hexOf(1n))).toBe(255);
  });
});

describe('the difficulty of the next block', () => {
  it('is that of the genesis for block 1', () => {
    expect(retarget(windowOf([], 77n), 10_000)).toEqual({
      difficulty: 77n,
      blocks: 0,
      sum: 0n,
      spanMs: 1,
      unbounded: 77n,
    });
  });

  it('stays where the blocks take as long as they should', () => {
    for (let blocks = 1; blocks <= 16; blocks++) {
      const window = windowOf(Array.from({ length: blocks }, () => [1000n, 5000] as const));
      expect(retarget(window, 5000)).toMatchObject({ difficulty: 1000n, blocks, unbounded: 1000n });
    }
  });

  it('is rounded down', () => {
    expect(retarget(windowOf([[1000n, 10_001]]), 10_000).difficulty).toBe(999n);
    expect(retarget(windowOf([[1000n, 9999]]), 10_000).difficulty).toBe(1000n);
    expect(retarget(windowOf([[1000n, 9990]]), 10_000).difficulty).toBe(1001n);
  });

  it('goes up to four times the one before and no further', () => {
    expect(retarget(windowOf([[1000n, 2500]]), 10_000)).toMatchObject({ difficulty: 4000n, unbounded: 4000n });
    expect(retarget(windowOf([[1000n, 2499]]), 10_000)).toMatchObject({ difficulty: 4000n, unbounded: 4001n });
    expect(retarget(windowOf([[1000n, 2501]]), 10_000)).toMatchObject({ difficulty: 3998n, unbounded: 3998n });
  });

  it('goes down to a quarter of the one before, rounded down, and no further', () => {
    expect(retarget(windowOf([[1003n, 40_000]]), 10_000)).toMatchObject({ difficulty: 250n, unbounded: 250n });
    expect(retarget(windowOf([[1003n, 41_000]]), 10_000)).toMatchObject({ difficulty: 250n, unbounded: 244n });
    expect(retarget(windowOf([[1003n, 39_900]]), 10_000)).toMatchObject({ difficulty: 251n, unbounded: 251n });
  });

  it.each([1n, 2n, 3n, 4n])('never goes below 1, from %i', (difficulty) => {
    expect(retarget(windowOf([[difficulty, 1_000_000]]), 10).difficulty).toBe(1n);
  });

  it('takes blocks of one moment, and time that goes back, for a millisecond', () => {
    for (const spanMs of [0, 1, -1, -1_000_000]) {
      expect(retarget(windowOf([[7n, spanMs]]), 3)).toMatchObject({ spanMs: 1, unbounded: 21n, difficulty: 21n });
    }
  });

  it('is exact with 77 digits and the longest interval', () => {
    const difficulty = 10n ** 77n - 1n;
    expect(retarget(windowOf([[difficulty, 10 ** 14]]), 10 ** 14).difficulty).toBe(difficulty);
    expect(retarget(windowOf([[difficulty, 1]]), Number.MAX_SAFE_INTEGER).difficulty).toBe(4n * difficulty);
  });

  it('looks back on 16 blocks and the moment before them, never on more', () => {
    let window = windowOf([]);
    for (let index = 1; index <= 40; index++) {
      window = slide(window, { timeMs: 1000 + index * 100, difficulty: BigInt(index) });
      const blocks = Math.min(16, index);
      const newest = Array.from({ length: blocks }, (_, place) => BigInt(index - place));
      const sum = newest.reduce((total, difficulty) => total + difficulty, 0n);
      expect(retarget(window, 100)).toMatchObject({
        blocks,
        spanMs: blocks * 100,
        sum,
        unbounded: sum / BigInt(blocks),
      });
    }
    expect(() => retarget([...window, { timeMs: 9999, difficulty: 1n }], 100)).toThrow(RangeError);
    expect(() => retarget([], 100)).toThrow(RangeError);
  });

  it('is what SPEC 7 says of any window', () => {
    const block = fc.tuple(difficulties, fc.integer({ min: 0, max: 10_000_000 }));
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 16 }),
        fc.integer({ min: 1, max: 10 ** 9 }),
        (blocks, interval) => {
          const { difficulty } = retarget(windowOf(blocks), interval);
          const S = blocks.reduce((sum, [each]) => sum + each, 0n);
          const span = BigInt(
            Math.max(
              1,
              blocks.reduce((sum, [, ms]) => sum + ms, 0),
            ),
          );
          const before = blocks.at(-1)?.[0] ?? 0n;
          const asked = (S * BigInt(interval)) / span;
          if (difficulty === asked) return;
          if (asked > difficulty) expect(difficulty).toBe(before * 4n);
          else expect(difficulty).toBe(before / 4n > 1n ? before / 4n : 1n);
        },
      ),
    );
  });
});
