import { describe, expect, it } from 'vitest';
import { SystemClock } from '../../src/platform/system-clock.ts';

const clock = new SystemClock();

describe('the clock of the machine', () => {
  it('wakes no earlier than a millisecond before the moment', async () => {
    const wakeMs = clock.monotonicMs() + 20;
    await new Promise<void>((resolve) => clock.wakeAt(wakeMs, resolve));
    expect(clock.monotonicMs()).toBeGreaterThan(wakeMs - 1);
  });

  it('wakes for a moment that has passed before one that is to come', async () => {
    let hasWoken = false;
    const cancel = clock.wakeAt(clock.monotonicMs() + 600_000, () => {
      hasWoken = true;
    });
    await new Promise<void>((resolve) => clock.wakeAt(clock.monotonicMs() - 1000, resolve));
    cancel();
    expect(hasWoken).toBe(false);
  });

  it('does not wake when it is told not to', async () => {
    let hasWoken = false;
    const cancel = clock.wakeAt(clock.monotonicMs(), () => {
      hasWoken = true;
    });
    cancel();
    await new Promise<void>((resolve) => clock.wakeAt(clock.monotonicMs() + 20, resolve));
    expect(hasWoken).toBe(false);
  });

  it('does not wake at once for a moment that is further away than a timer can wait', async () => {
    let hasWoken = false;
    const cancel = clock.wakeAt(clock.monotonicMs() + 1e12, () => {
      hasWoken = true;
    });
    await new Promise<void>((resolve) => clock.wakeAt(clock.monotonicMs() + 20, resolve));
    cancel();
    expect(hasWoken).toBe(false);
  });

  it('lets all other work have a turn', async () => {
    let others = 0;
    setImmediate(() => {
      others += 1;
    });
    await clock.yieldToEventLoop();
    expect(others).toBe(1);
  });

  it('says the time in UTC, with milliseconds', () => {
    expect(clock.timestamp()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});
