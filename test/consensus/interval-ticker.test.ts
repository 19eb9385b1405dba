import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IntervalTicker } from '../../src/consensus/interval-ticker.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';

/** A grid of 1000 ms from now on, and the moments of its ticks. */
function ticking(clock: SimulatedClock): { grid: IntervalTicker; ticksMs: number[] } {
  const ticksMs: number[] = [];
  const grid = new IntervalTicker(clock, clock.monotonicMs(), 1000, () => ticksMs.push(clock.monotonicMs()));
  return { grid, ticksMs };
}

describe('a grid', () => {
  it('ticks at whole intervals, the first one interval after its start', async () => {
    const clock = new SimulatedClock();
    const { ticksMs } = ticking(clock);
    await clock.pass(999);
    expect(ticksMs).toEqual([]);
    await clock.pass(2001);
    expect(ticksMs).toEqual([1000, 2000, 3000]);
  });

  it('ticks once, late, after a stall of several intervals, and then on the old grid', async () => {
    const clock = new SimulatedClock();
    const { ticksMs } = ticking(clock);
    clock.stall(3700);
    await clock.pass(1300);
    expect(ticksMs).toEqual([3700, 4000, 5000]);
  });

  it('tells each tick when it was due: a late one, at the first moment that was missed', async () => {
    const clock = new SimulatedClock();
    const dueMs: number[] = [];
    new IntervalTicker(clock, 0, 1000, (atMs) => dueMs.push(atMs));
    await clock.pass(2000);
    clock.stall(3700);
    await clock.pass(300);
    expect(dueMs).toEqual([1000, 2000, 3000, 6000]);
  });

  it('does not drift, however late its wakes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 20 }), async (stallsMs) => {
        const clock = new SimulatedClock();
        const { grid, ticksMs } = ticking(clock);
        for (const stallMs of stallsMs) {
          clock.stall(stallMs);
          await clock.pass(1000);
          expect((clock.monotonicMs() + grid.remainingMs) % 1000).toBe(0);
        }
        const intervals = ticksMs.map((tickMs) => Math.floor(tickMs / 1000));
        expect(new Set(intervals).size).toBe(intervals.length);
      }),
    );
  });

  it('does not care about a wall clock that jumps', async () => {
    const clock = new SimulatedClock();
    const { ticksMs } = ticking(clock);
    clock.jumpWall(-86_400_000);
    await clock.pass(1000);
    clock.jumpWall(172_800_000);
    await clock.pass(1000);
    expect(ticksMs).toEqual([1000, 2000]);
  });

  it('goes back to sleep when it is woken before its time', () => {
    const wakes: { atMs: number; wake: () => void }[] = [];
    let nowMs = 0;
    const clock = {
      monotonicMs: () => nowMs,
      timestamp: () => '',
      yieldToEventLoop: () => Promise.resolve(),
      isTurnOver: () => false,
      wakeAt(atMs: number, wake: () => void): () => void {
        wakes.push({ atMs, wake });
        return () => undefined;
      },
    };
    let ticks = 0;
    new IntervalTicker(clock, 0, 1000, () => {
      ticks += 1;
    });
    nowMs = 999.4;
    wakes[0]?.wake();
    expect(ticks).toBe(0);
    expect(wakes.map(({ atMs }) => atMs)).toEqual([1000, 1000]);
    nowMs = 1000;
    wakes[1]?.wake();
    expect(ticks).toBe(1);
  });

  it('says how long it is until the next tick, and 0 when that is late', async () => {
    const clock = new SimulatedClock();
    const { grid } = ticking(clock);
    await clock.pass(300);
    expect(grid.remainingMs).toBe(700);
    clock.stall(2000);
    expect(grid.remainingMs).toBe(0);
  });

  it('does not tick after it was stopped', async () => {
    const clock = new SimulatedClock();
    const { grid, ticksMs } = ticking(clock);
    await clock.pass(1000);
    grid.stop();
    await clock.pass(5000);
    expect(ticksMs).toEqual([1000]);
  });
});
