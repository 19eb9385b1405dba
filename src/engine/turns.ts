import { limits } from '../core/limits.ts';
import type { Clock } from './ports.ts';

/**
 * Runs a computation that yields after every hash, `limits.hashesPerTurn` of them at a time, with a turn for everybody
 * else in between. The count and not the clock ends a turn, so that the same input always takes the same turns.
 */
export async function inTurns<T>(clock: Clock, steps: Generator<void, T>): Promise<T> {
  for (let count = 1; ; count++) {
    const step = steps.next();
    if (step.done) return step.value;
    if (count % limits.hashesPerTurn === 0) await clock.turn();
  }
}
