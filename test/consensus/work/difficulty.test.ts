import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadingZeroBits, meets, targetOf } from '../../../src/consensus/work/difficulty.ts';

const hashes = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

function hex(hash: bigint): string {
  return hash.toString(16).padStart(64, '0');
}

describe('the target of a difficulty', () => {
  it('is the largest number that times the difficulty is below 2^256', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.bigInt({ min: 1n, max: 300n }), fc.bigInt({ min: 1n, max: 10n ** 77n })),
        (difficulty) => {
          const target = targetOf(difficulty);
          expect(target * difficulty).toBeLessThan(2n ** 256n);
          expect((target + 1n) * difficulty).toBeGreaterThanOrEqual(2n ** 256n);
          expect(meets(hex(target), difficulty)).toBe(true);
          if (target < 2n ** 256n - 1n) expect(meets(hex(target + 1n), difficulty)).toBe(false);
        },
      ),
    );
  });
});

describe('the leading zero bits of a hash', () => {
  it('are as many as there are before its first one bit', () => {
    fc.assert(
      fc.property(hashes, fc.integer({ min: 0, max: 256 }), (number, shift) => {
        const hash = number >> BigInt(shift);
        const length = hash === 0n ? 0 : hash.toString(2).length;
        expect(leadingZeroBits(hex(hash))).toBe(256 - length);
      }),
    );
    expect(leadingZeroBits(hex(0n))).toBe(256);
    expect(leadingZeroBits(hex(1n))).toBe(255);
  });
});
