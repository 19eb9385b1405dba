/** What the crowd knows of the draws from its own screens, to hold against what the server announced. */
export class Ledger {
  /** By block: the stakes of all candidates that were accepted for it. */
  readonly #accepted = new Map<number, bigint[]>();
  readonly #draws = new Map<number, { readonly total: bigint; readonly stake: bigint }>();

  accept(block: number, stake: bigint): void {
    const stakes = this.#accepted.get(block) ?? [];
    stakes.push(stake);
    this.#accepted.set(block, stakes);
  }

  /** Somebody read that they won: with which stake, among how many tickets. */
  win(block: number, total: bigint, stake: bigint): void {
    if (this.#draws.has(block)) throw new Error(`block ${block} has two winners`);
    this.#draws.set(block, { total, stake });
  }

  get draws(): number {
    return this.#draws.size;
  }

  get candidates(): number {
    return [...this.#draws.keys()].reduce((sum, block) => sum + (this.#accepted.get(block)?.length ?? 0), 0);
  }

  /** The blocks whose tickets are not exactly those of the candidates that were accepted for them. */
  wrongTotals(): readonly number[] {
    return [...this.#draws]
      .filter(
        ([block, { total }]) => (this.#accepted.get(block) ?? []).reduce((sum, stake) => sum + stake, 0n) !== total,
      )
      .map(([block]) => block);
  }

  /** How often each stake won, and how often it should have. */
  fairness(): readonly { readonly stake: bigint; readonly won: number; readonly expected: number }[] {
    const rows = new Map<bigint, { won: number; expected: number }>();
    const rowOf = (stake: bigint): { won: number; expected: number } => {
      const row = rows.get(stake) ?? { won: 0, expected: 0 };
      rows.set(stake, row);
      return row;
    };
    for (const [block, { total, stake: winner }] of this.#draws) {
      rowOf(winner).won += 1;
      for (const stake of this.#accepted.get(block) ?? []) rowOf(stake).expected += Number(stake) / Number(total);
    }
    return [...rows].map(([stake, row]) => ({ stake, ...row })).sort((one, other) => Number(one.stake - other.stake));
  }
}

/** Pearson's chi-square of counts against what was expected, and the chance that fair draws are as far off (Wilson and Hilferty 1931). */
export function chiSquare(rows: readonly { readonly won: number; readonly expected: number }[]): {
  readonly value: number;
  readonly degrees: number;
  readonly chance: number;
} {
  const value = rows.reduce((sum, { won, expected }) => sum + (won - expected) ** 2 / expected, 0);
  const degrees = rows.length - 1;
  const spread = 2 / (9 * degrees);
  const deviation = (Math.cbrt(value / degrees) - (1 - spread)) / Math.sqrt(spread);
  return { value, degrees, chance: upperTail(deviation) };
}

/** The chance of a standard normal value above this one (Abramowitz and Stegun 26.2.17; good to 7 digits). */
function upperTail(deviation: number): number {
  if (deviation < 0) return 1 - upperTail(-deviation);
  const t = 1 / (1 + 0.2316419 * deviation);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp(-(deviation ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
