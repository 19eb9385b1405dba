import { describe, expect, it } from 'vitest';
import { SettableClock } from '../../src/platform/settable-clock.ts';

describe('a clock that is set by hand', () => {
  it('wakes what waits at its moment, in the order of the moments and then of the asking', async () => {
    const clock = new SettableClock();
    const woken: string[] = [];
    const wake = (name: string): (() => void) => {
      return () => woken.push(`${name} at ${clock.monotonicMs()}`);
    };
    clock.wakeAt(20, wake('late'));
    clock.wakeAt(10, wake('first'));
    clock.wakeAt(10, wake('second'));
    clock.wakeAt(21, wake('never'));
    await clock.pass(20);
    expect(woken).toEqual(['first at 10', 'second at 10', 'late at 20']);
    expect(clock.monotonicMs()).toBe(20);
    expect(clock.timestamp()).toBe('2026-01-01T00:00:00.020Z');
  });

  it('wakes what began to wait in between, and not what waits no longer', async () => {
    const clock = new SettableClock('2027-03-01T12:00:00.000Z');
    const woken: number[] = [];
    const cancel = clock.wakeAt(5, () => woken.push(0));
    clock.wakeAt(2, () => {
      cancel();
      clock.wakeAt(1, () => woken.push(clock.monotonicMs()));
      clock.wakeAt(7, () => woken.push(clock.monotonicMs()));
    });
    await clock.pass(7);
    expect(woken).toEqual([2, 7]);
    expect(clock.timestamp()).toBe('2027-03-01T12:00:00.007Z');
  });

  it('does what follows before time goes on', async () => {
    const clock = new SettableClock();
    const seen: number[] = [];
    clock.wakeAt(1, async () => {
      for (let turn = 0; turn < 5; turn++) await clock.yieldToEventLoop();
      seen.push(clock.monotonicMs());
    });
    await clock.pass(10);
    expect(seen).toEqual([1]);
    expect(clock.isTurnOver()).toBe(false);
  });

  it('may jump: what waits meanwhile is woken late', async () => {
    const clock = new SettableClock();
    const woken: number[] = [];
    clock.wakeAt(10, () => woken.push(clock.monotonicMs()));
    clock.increaseTime(25);
    expect(woken).toEqual([]);
    clock.setTime('2030-01-01T00:00:00.000Z');
    await clock.pass(0);
    expect(woken).toEqual([25]);
    expect(clock.timestamp()).toBe('2030-01-01T00:00:00.000Z');
  });
});
