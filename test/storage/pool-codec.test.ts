import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { limits as coreLimits } from '../../src/core/limits.ts';
import type { Candidate } from '../../src/core/pool.ts';
import { limits as storageLimits } from '../../src/storage/limits.ts';
import { decodePool, encodePool } from '../../src/storage/pool-codec.ts';
import { hexOf } from '../core/build-chain.ts';

const candidates = fc.array(
  fc.record({
    validator: fc.nat().map(hexOf),
    stake: fc.bigInt({ min: 1n, max: 10n ** 72n }),
    payload: fc.integer({ min: 0, max: coreLimits.bpmMax }),
  }),
);

describe('a pool as text', () => {
  it('reads back as it was, whatever the stakes', async () => {
    await fc.assert(
      fc.asyncProperty(candidates, async (pool) => {
        expect(decodePool(runToEnd(encodePool(pool)).toString(), 1)).toEqual(pool);
      }),
    );
  });

  it('is JSON with amounts as strings, which any language reads exactly', async () => {
    const pool: readonly Candidate[] = [{ validator: hexOf('a'), stake: 10n ** 20n, payload: 72 }];
    expect(runToEnd(encodePool(pool)).toString()).toBe(
      `[{"Validator":"${hexOf('a')}","Stake":"100000000000000000000","BPM":72}]`,
    );
  });

  it('is made in steps, the same whatever their number', () => {
    for (const size of [
      0,
      1,
      storageLimits.encodedPerStep,
      storageLimits.encodedPerStep + 1,
      3 * storageLimits.encodedPerStep,
    ]) {
      const pool = Array.from({ length: size }, (_, payload) => ({ validator: hexOf(payload), stake: 1n, payload }));
      const entries = pool.map(({ validator, payload }) => ({ Validator: validator, Stake: '1', BPM: payload }));
      const steps = encodePool(pool);
      // One step is no reason to wait for a turn of the event loop, so a small pool is not interrupted.
      for (let left = Math.ceil(size / storageLimits.encodedPerStep); left > 1; left--)
        expect(steps.next().done).toBe(false);
      expect(steps.next()).toEqual({ done: true, value: Buffer.from(JSON.stringify(entries)) });
    }
  });

  it.each([
    ['no JSON', 'x'],
    ['no array', '{}'],
    ['an entry that is null', '[null]'],
    ['an entry without a stake', `[{"Validator":"${hexOf(0)}","BPM":1}]`],
    ['a stake that is a number', `[{"Validator":"${hexOf(0)}","Stake":1,"BPM":1}]`],
    ['an address that is none', '[{"Validator":"x","Stake":"1","BPM":1}]'],
  ])('is refused when it is %s', (_, text) => {
    expect(() => decodePool(text, 7)).toThrow('the pool of block 7 is no array of candidates');
  });
});
