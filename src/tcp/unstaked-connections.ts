/** Somebody who may have no balance. */
export interface UnstakedConnection {
  /** It has been here long enough to have entered a balance. */
  readonly isSettled: boolean;
  /** Leaves when it has no balance; false when it stays. */
  evict(): boolean;
}

/**
 * Those who have not entered a balance, in the order in which they came, and some who meanwhile have: who makes room when somebody else
 * comes and there is none, whether for everybody or for one network address.
 */
export class UnstakedConnections {
  readonly #all = new Set<UnstakedConnection>();
  readonly #byNetwork = new Map<string, Set<UnstakedConnection>>();

  /** Adds one, of a network where these are counted. */
  add(watcher: UnstakedConnection, network: string | undefined): void {
    this.#all.add(watcher);
    if (network === undefined) return;
    const neighbours = this.#byNetwork.get(network);
    if (neighbours === undefined) this.#byNetwork.set(network, new Set([watcher]));
    else neighbours.add(watcher);
  }

  delete(watcher: UnstakedConnection, network: string | undefined): void {
    this.#all.delete(watcher);
    if (network === undefined) return;
    const neighbours = this.#byNetwork.get(network);
    neighbours?.delete(watcher);
    if (neighbours?.size === 0) this.#byNetwork.delete(network);
  }

  /** The one who has been here longest leaves, of one network or of all; false when nobody does. */
  evictOne(network?: string): boolean {
    const watchers = network === undefined ? this.#all : (this.#byNetwork.get(network) ?? []);
    for (const watcher of watchers) {
      // All behind it have come later. Their balance may be on its way.
      if (!watcher.isSettled) return false;
      // Once somebody has a balance, or is leaving, that stays so.
      this.#all.delete(watcher);
      if (network !== undefined) this.#byNetwork.get(network)?.delete(watcher);
      if (watcher.evict()) return true;
    }
    return false;
  }
}
