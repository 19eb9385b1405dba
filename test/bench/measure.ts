/** One measurement next to its baseline. */
export interface Finding {
  readonly what: string;
  /** What one unit of ours was compared with. */
  readonly against: string;
  /** Ours by bare, the median over all pairs of runs. */
  readonly ratio: number;
  /** The quartiles of that. */
  readonly spread: readonly [number, number];
  readonly goal?: Goal;
  /** Absolute figures of this run, for orientation only: machines differ. */
  readonly note?: string;
}

interface Goal {
  readonly bound: 'at most' | 'at least';
  readonly value: number;
}

/** A group of measurements that can be asked for by name. */
export interface Group {
  readonly name: string;
  run(): AsyncIterable<Finding>;
}

export interface Pair {
  readonly ours: () => Promise<number> | number;
  readonly bare: () => Promise<number> | number;
}

export interface Comparison {
  readonly ratio: number;
  readonly spread: readonly [number, number];
  /** The medians of both. */
  readonly ours: number;
  readonly bare: number;
}

/**
 * Runs both in turns, changing who is first, and compares each run with its neighbour: what the machine does meanwhile hits both. The
 * first pair warms up and does not count. Whatever the functions return (milliseconds, bytes, lines per second) is compared.
 */
export async function compare(pair: Pair, runs: number): Promise<Comparison> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const order = run % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
    for (const who of order) {
      const value = await pair[who]();
      if (run > 0) (who === 'ours' ? ours : bare).push(value);
    }
  }
  return comparison(ours, bare);
}

/** Compares each value of ours with its neighbour. */
export function comparison(ours: readonly number[], bare: readonly number[]): Comparison {
  const ratios = ours.map((value, run) => value / (bare[run] ?? Number.NaN));
  return {
    ratio: quantile(ratios, 0.5),
    spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
    ours: quantile(ours, 0.5),
    bare: quantile(bare, 0.5),
  };
}

/** Milliseconds that some work takes. */
export function timed(work: () => unknown): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

/** A time by itself, ms, beside the one that it should take at most. */
export function milliseconds(what: string, values: readonly number[], value: number): Finding {
  return {
    what,
    against: 'one millisecond',
    ratio: quantile(values, 0.5),
    spread: [quantile(values, 0.25), quantile(values, 0.75)],
    goal: { bound: 'at most', value },
  };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}

/** True when there is a goal and it is reached. */
export function isReached({ ratio, goal }: Finding): boolean | undefined {
  if (goal === undefined) return undefined;
  return goal.bound === 'at most' ? ratio <= goal.value : ratio >= goal.value;
}
