/** What chance does to somebody who took part in some rounds with a known share of each: the Poisson binomial distribution. */
export interface Chance {
  /** At most 2.5 % of all lotteries bring fewer wins than this. */
  readonly low: number;
  /** At most 2.5 % bring more than this. */
  readonly high: number;
  /** How many of all lotteries lead at least as far from the middle, on either side. */
  readonly pValue: number;
}

/** Up to so many rounds the distribution is computed exactly, which takes the square of their number in steps. */
export const exactRoundsMax = 200;

const tail = 0.025;

/** Compares wins with the shares (0 to 1) of the rounds that they were drawn in. */
export function chanceOf(shares: readonly number[], wins: number): Chance {
  const below = shares.length <= exactRoundsMax ? exactBelow(shares) : approximateBelow(shares);
  const atMost = (count: number): number => below(count + 1);
  const atLeast = (count: number): number => 1 - below(count);
  return {
    low: firstCount(shares.length, (count) => atMost(count) > tail),
    high: firstCount(shares.length, (count) => 1 - atMost(count) <= tail),
    pValue: Math.min(1, 2 * Math.min(atMost(wins), atLeast(wins))),
  };
}

/** P(wins < count), by adding one round after the other. */
function exactBelow(shares: readonly number[]): (count: number) => number {
  let distribution = new Float64Array([1]);
  for (const share of shares) {
    const next = new Float64Array(distribution.length + 1);
    for (const [wins, probability] of distribution.entries()) {
      next[wins] = (next[wins] ?? 0) + probability * (1 - share);
      next[wins + 1] = (next[wins + 1] ?? 0) + probability * share;
    }
    distribution = next;
  }
  const sums = new Float64Array(distribution.length + 1);
  for (const [wins, probability] of distribution.entries()) sums[wins + 1] = (sums[wins] ?? 0) + probability;
  return (count) => Math.min(1, sums[Math.min(Math.max(count, 0), distribution.length)] ?? 1);
}

/** The same from mean, variance and skewness: the refined normal approximation (Hong 2013, On computing the distribution function for the Poisson binomial distribution, 2.3). */
function approximateBelow(shares: readonly number[]): (count: number) => number {
  let mean = 0;
  let variance = 0;
  let third = 0;
  for (const share of shares) {
    mean += share;
    variance += share * (1 - share);
    third += share * (1 - share) * (1 - 2 * share);
  }
  // Somebody who was always alone, or never really there.
  if (variance < 1e-9) return (count) => (count > mean + 0.5 ? 1 : 0);
  const deviation = Math.sqrt(variance);
  const skewness = third / deviation ** 3;
  return (count) => {
    const x = (count - 0.5 - mean) / deviation;
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    return Math.min(1, Math.max(0, normalBelow(x) + (skewness * (1 - x * x) * density) / 6));
  };
}

/** The standard normal distribution function, to 7 digits (Abramowitz and Stegun 26.2.17). */
function normalBelow(x: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(x));
  const polynomial =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const above = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return x < 0 ? above : 1 - above;
}

/** The smallest count from 0 to `max` that a rule, once true, stays true for. */
function firstCount(max: number, isTrue: (count: number) => boolean): number {
  let low = 0;
  let high = max;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
