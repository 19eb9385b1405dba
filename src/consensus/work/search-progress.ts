/** A search for a block as it stands: over all its timestamps, since its candidate's turn came. */
export interface SearchProgress {
  readonly index: number;
  readonly difficulty: bigint;
  /** Nonces that were tried. */
  readonly tried: number;
  readonly elapsedMs: number;
}

/** Nonces tried in a second; 0 before there is anything to measure. */
export function hashRate({ tried, elapsedMs }: Pick<SearchProgress, 'tried' | 'elapsedMs'>): number {
  return elapsedMs === 0 ? 0 : (tried / elapsedMs) * 1000;
}

/** How long a search of this difficulty takes on average at the rate of this one, ms; undefined before there is a rate. It is the same however long it has lasted: luck remembers nothing. */
export function expectedMs(progress: SearchProgress): number | undefined {
  const rate = hashRate(progress);
  return rate === 0 ? undefined : (Number(progress.difficulty) / rate) * 1000;
}

/**
 * The share of all searches of this difficulty that end within so many nonces: 1 - (1 - 1/difficulty)^tried. Half of them take more than 0.69 times the
 * difficulty, and one in 20 more than three times.
 */
export function shareEnded({ difficulty, tried }: SearchProgress): number {
  return -Math.expm1(tried * Math.log1p(-1 / Number(difficulty)));
}
