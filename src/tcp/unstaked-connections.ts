/** A connection that may have no balance. */
export interface UnstakedConnection {
  /** It has been here long enough to have entered a balance. */
  readonly isSettled: boolean;
  /** Closes it when it has no balance. False when it stays. */
  evict(): boolean;
}

/**
 * The connections without a balance, and some that have entered one meanwhile, in the order in which they came. One of them is evicted when
 * another connection comes and there is no room, be it for all connections or for those of one subnet.
 */
export class UnstakedConnections {
  readonly #all = new Set<UnstakedConnection>();
  readonly #bySubnet = new Map<string, Set<UnstakedConnection>>();

  /** Adds a connection; `subnet` is undefined where its subnet has no limit. */
  add(connection: UnstakedConnection, subnet: string | undefined): void {
    this.#all.add(connection);
    if (subnet === undefined) return;
    const ofSubnet = this.#bySubnet.get(subnet);
    if (ofSubnet === undefined) this.#bySubnet.set(subnet, new Set([connection]));
    else ofSubnet.add(connection);
  }

  delete(connection: UnstakedConnection, subnet: string | undefined): void {
    this.#all.delete(connection);
    if (subnet === undefined) return;
    const ofSubnet = this.#bySubnet.get(subnet);
    ofSubnet?.delete(connection);
    if (ofSubnet?.size === 0) this.#bySubnet.delete(subnet);
  }

  /** Evicts the connection that has been here longest, of one subnet or of all. False when none can be evicted. */
  evictOne(subnet?: string): boolean {
    const connections = subnet === undefined ? this.#all : (this.#bySubnet.get(subnet) ?? []);
    for (const connection of connections) {
      // The ones behind it came later still, and their balances may be on their way.
      if (!connection.isSettled) return false;
      // A connection that has a balance or is closing is never evicted, so it need not be asked again.
      this.#all.delete(connection);
      if (subnet !== undefined) this.#bySubnet.get(subnet)?.delete(connection);
      if (connection.evict()) return true;
    }
    return false;
  }
}
