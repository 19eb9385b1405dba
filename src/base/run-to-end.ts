/** What a long computation needs of a clock in order to yield to the event loop. */
export interface Turns {
  /** Yields to the event loop: resolves after all other pending work has run. */
  yieldToEventLoop(): Promise<void>;
  /** True when the computation has run long enough and should yield. */
  isTurnOver(): boolean;
}

/** A computation that is over already, where one in steps is asked for. */
export function* atOnce<T>(value: T): Generator<never, T> {
  yield* [];
  return value;
}

/** Runs a computation that is made in steps to its end without yielding. */
export function runToEnd<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Runs a computation that is made in steps and yields to the event loop whenever the clock says so. The server's clock decides by elapsed
 * time, the simulation's by the count of steps: there the same input always yields at the same steps.
 */
export async function inTurns<T>(turns: Turns, steps: Generator<unknown, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (turns.isTurnOver()) await turns.yieldToEventLoop();
  }
}
