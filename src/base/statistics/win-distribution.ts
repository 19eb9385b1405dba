/**
 * The wins that chance gives a validator who took part in some rounds with a known share of the stakes in each: the Poisson binomial
 * distribution.
 */
export interface WinDistribution {
  /** At most 2.5 % of all lotteries bring fewer wins than this. */
  readonly low: number;
  /** At most 2.5 % bring more than this. */
  readonly high: number;
  /** The part of all lotteries that lead at least as far from the middle, on either side. */
  readonly pValue: number;
}

/** The probabilities of neighbouring numbers of wins, from `first` on. Numbers that are not listed hardly ever happen. */
interface Distribution {
  readonly first: number;
  readonly probabilities: Float64Array;
}

const tail = 0.025;

/**
 * Numbers of wins that are less likely than this are left out, so that a round costs as many steps as there are numbers of wins that
 * can happen, about 23 standard deviations, and not as many as there were rounds. In 50,000 rounds that leaves out less than 1e-25 in all.
 */
const negligible = 1e-30;

/**
 * Compares wins with the shares (0 to 1) of the rounds that they were drawn in. Exact, however many rounds and however small the
 * shares: an approximation is worst in the tails, and an accusation rests on these. Yields after every round.
 */
export function* winDistribution(shares: readonly number[], wins: number): Generator<void, WinDistribution> {
  const { first, probabilities } = yield* distributionOf(shares);
  const at = (count: number): number => probabilities[count - first] ?? 0;
  const last = first + probabilities.length - 1;
  let low = first;
  for (let atMost = at(low); atMost <= tail && low < last; atMost += at(low)) low += 1;
  let high = last;
  for (let above = at(high); above <= tail && high > first; above += at(high)) high -= 1;
  const atMost = sum(probabilities.subarray(0, Math.max(0, wins - first + 1)));
  // Not 1 - P(wins < count), which has no digits left where the tail is thin.
  const atLeast = sum(probabilities.subarray(Math.max(0, wins - first)));
  return { low, high, pValue: Math.min(1, 2 * Math.min(atMost, atLeast)) };
}

/**
 * The p-value of the least likely of several results (Bonferroni's bound). It also holds for results that depend on each other, as the wins of a
 * lottery do: one validator wins where the others lose.
 */
export function leastPValue(pValues: readonly number[]): number {
  return Math.min(1, Math.min(1, ...pValues) * Math.max(1, pValues.length));
}

/** Adds one round after the other, in place. */
function* distributionOf(shares: readonly number[]): Generator<void, Distribution> {
  const probabilities = new Float64Array(shares.length + 1);
  const at = (count: number): number => probabilities[count] ?? 0;
  probabilities[0] = 1;
  let first = 0;
  let last = 0;
  for (const share of shares) {
    last += 1;
    const loss = 1 - share;
    let oneLess = 0;
    for (let wins = first; wins <= last; wins++) {
      const probability = probabilities[wins] ?? 0;
      probabilities[wins] = probability * loss + oneLess * share;
      oneLess = probability;
    }
    for (; at(first) < negligible; first++) probabilities[first] = 0;
    for (; at(last) < negligible; last--) probabilities[last] = 0;
    yield;
  }
  return { first, probabilities: probabilities.subarray(first, last + 1) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
