import { expect, it } from 'vitest';
import { BlockRate } from '../../src/http/block-rate.ts';

it('counts the blocks of the last minute, and forgets them second by second', () => {
  let nowMs = 5500;
  const rate = new BlockRate(() => nowMs);
  expect(rate.perMinute).toBe(0);
  rate.add();
  rate.add();
  nowMs = 6500;
  rate.add();
  expect(rate.perMinute).toBe(3);
  nowMs = 64_999;
  expect(rate.perMinute).toBe(3);
  nowMs = 65_000;
  expect(rate.perMinute).toBe(1);
  nowMs = 66_000;
  expect(rate.perMinute).toBe(0);
});
