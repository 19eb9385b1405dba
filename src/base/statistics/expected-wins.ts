/** Half the width of a band that holds 95 of 100 results of a normal distribution, in standard deviations. */
export const bandDeviations = 1.96;

/** `part` of `whole`, 0 … 1. Exact to the last digits of a number at any size: both are rounded first, and the quotient once more. */
export function shareOf(part: bigint, whole: bigint): number {
  return Number(part) / Number(whole);
}

/** The same, cut to so many decimals: for tables, which are then the same on every machine and have no tail such as 0.30000000000000004. */
export function decimalShareOf(part: bigint, whole: bigint, decimals: number): number {
  return Number((part * 10n ** BigInt(decimals)) / whole) / 10 ** decimals;
}

/**
 * The wins that chance lets expect of a validator, added up draw by draw from its shares of the stakes. Draws are independent, so means and
 * variances add up.
 */
export class ExpectedWins {
  #mean = 0;
  #variance = 0;

  /** Adds a draw in which the validator had this share of the tickets, 0 … 1. */
  add(share: number): void {
    this.#mean += share;
    this.#variance += share * (1 - share);
  }

  /** The mean number of wins. */
  get mean(): number {
    return this.#mean;
  }

  /** The standard deviation of the number of wins. */
  get deviation(): number {
    return Math.sqrt(this.#variance);
  }
}

/**
 * The standard deviation of the wins of a validator with this share of the stakes in `rounds` equal rounds. With a reward for each win the rounds
 * are those of Pólya's urn, and the wins are beta-binomial: `urn` is the stakes divided by the reward, infinite without one.
 */
export function winsDeviation(share: number, rounds: number, urn: number): number {
  const clustering = urn === Number.POSITIVE_INFINITY ? 1 : (urn + rounds) / (urn + 1);
  return Math.sqrt(rounds * share * (1 - share) * clustering);
}

/** True when the wins are inside of the band that holds 95 of 100 fair results. */
export function isInBand(wins: number, expected: number, deviation: number): boolean {
  return Math.abs(wins - expected) <= bandDeviations * deviation;
}
