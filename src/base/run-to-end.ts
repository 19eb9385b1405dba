/** What a long computation wants of a clock. */
export interface Turns {
  /** Resolves after everybody else has had a turn. */
  turn(): Promise<void>;
  /** True when a computation has gone on long enough: the others wait for their turn. */
  isTurnOver(): boolean;
}

/** Runs a computation that is made in steps to its end, without a pause. */
export function runToEnd<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Runs a computation that is made in steps, with a turn for everybody else whenever one is due. That is the clock's to say: by time where
 * people wait, by the count of steps in a simulation, so that the same input always takes the same turns there.
 */
export async function inTurns<T>(turns: Turns, steps: Generator<unknown, T>): Promise<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (turns.isTurnOver()) await turns.turn();
  }
}
