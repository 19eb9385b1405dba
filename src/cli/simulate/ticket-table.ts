/**
 * Who holds which ticket while stakes grow: the prefix sums of the stakes in a Fenwick tree (Fenwick 1994). The holder of a ticket is the one that
 * `SumTree.leafOf` finds; without the hashes, because 100 of them for every round would be most of the time of a simulation.
 */
export class TicketTable {
  /** Node n, from 1, has the sum of as many places up to n as its lowest bit counts. */
  readonly #sums: bigint[];
  #total = 0n;

  /** A table of these stakes, in drawing order. */
  constructor(stakes: readonly bigint[]) {
    this.#sums = new Array<bigint>(stakes.length + 1).fill(0n);
    for (const [place, stake] of stakes.entries()) this.add(place, stake);
  }

  /** All tokens together. */
  get total(): bigint {
    return this.#total;
  }

  /** Gives tokens to the holder at `place`. */
  add(place: number, tokens: bigint): void {
    this.#total += tokens;
    for (let node = place + 1; node < this.#sums.length; node += node & -node) {
      this.#sums[node] = (this.#sums[node] ?? 0n) + tokens;
    }
  }

  /** The place of the holder of ticket 0 … total - 1. */
  holderOf(ticket: bigint): number {
    let node = 0;
    let left = ticket;
    for (let step = 2 ** (31 - Math.clz32(this.#sums.length)); step >= 1; step /= 2) {
      const sum = this.#sums[node + step];
      if (sum === undefined || sum > left) continue;
      node += step;
      left -= sum;
    }
    return node;
  }
}
