import { describe, expect, it } from 'vitest';
import { AdjustableClock } from '../../src/platform/adjustable-clock.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';

describe('a clock that can be put forward', () => {
  it('wakes those whose moment has passed, in the order of their moments, and the others later', async () => {
    const inner = new SimulatedClock();
    const clock = new AdjustableClock(inner);
    const woken: string[] = [];
    for (const [name, atMs] of [['third', 300] as const, ['first', 100] as const, ['second', 200] as const]) {
      clock.wakeAt(atMs, () => woken.push(name));
    }
    const cancel = clock.wakeAt(150, () => woken.push('cancelled'));
    clock.increaseTime(250);
    cancel();
    expect(woken).toEqual([]);
    await inner.pass(0);
    expect(woken).toEqual(['first', 'second']);
    await inner.pass(49);
    expect(woken).toEqual(['first', 'second']);
    await inner.pass(1);
    expect(woken).toEqual(['first', 'second', 'third']);
    expect(clock.monotonicMs()).toBe(300);
  });

  it('has its wall clock go with it, and set without it', () => {
    const inner = new SimulatedClock();
    const clock = new AdjustableClock(inner);
    const startMs = Date.parse(clock.timestamp());
    clock.increaseTime(1500);
    expect(Date.parse(clock.timestamp())).toBe(startMs + 1500);
    clock.setTime('2001-01-01T00:00:00.000Z');
    expect([clock.timestamp(), clock.monotonicMs()]).toEqual(['2001-01-01T00:00:00.000Z', 1500]);
    clock.increaseTime(1000);
    inner.stall(500);
    expect([clock.timestamp(), clock.monotonicMs()]).toEqual(['2001-01-01T00:00:01.500Z', 3000]);
  });
});
