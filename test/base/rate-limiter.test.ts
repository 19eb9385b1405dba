import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { RateLimiter } from '../../src/base/rate-limiter.ts';

/** How many lines are taken at once. */
function burst(limiter: RateLimiter, nowMs: number): number {
  let lines = 0;
  while (limiter.waitMs(nowMs) === 0 && lines < 100_000) {
    limiter.spend(nowMs);
    lines += 1;
  }
  return lines;
}

describe('the lines taken from one connection', () => {
  it.each([1, 10, 100, 1000])('are twice %i in a burst, from the first moment on', (linesPerSecond) => {
    expect(burst(new RateLimiter(linesPerSecond), 0)).toBe(limits.lineBurstSeconds * linesPerSecond);
    expect(burst(new RateLimiter(linesPerSecond), 5_000_000)).toBe(limits.lineBurstSeconds * linesPerSecond);
  });

  it('are so many a second after that', () => {
    const limiter = new RateLimiter(10);
    burst(limiter, 0);
    expect(limiter.waitMs(0)).toBe(100);
    expect(limiter.waitMs(99)).toBe(1);
    expect(burst(limiter, 100)).toBe(1);
    expect(burst(limiter, 1100)).toBe(10);
  });

  it('are a whole burst again after a silence, and no more than that', () => {
    const limiter = new RateLimiter(10);
    burst(limiter, 0);
    expect(burst(limiter, 1_000_000)).toBe(20);
  });

  it('are without limit at 0', () => {
    expect(burst(new RateLimiter(0), 0)).toBe(100_000);
  });

  it('are never more than the rate and the burst allow, whenever they come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.integer({ min: 0, max: 500 })), (rate, pausesMs) => {
        const limiter = new RateLimiter(rate);
        let nowMs = 0;
        let lines = 0;
        for (const pauseMs of pausesMs) {
          nowMs += pauseMs;
          lines += burst(limiter, nowMs);
          expect(lines).toBeLessThanOrEqual(limits.lineBurstSeconds * rate + (nowMs * rate) / 1000 + 1e-6);
        }
      }),
    );
  });
});
