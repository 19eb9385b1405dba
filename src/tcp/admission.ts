import { PerSubnetLimiter } from '../base/per-subnet-limiter.ts';
import { limits } from './limits.ts';
import { type UnstakedConnection, UnstakedConnections } from './unstaked-connections.ts';

export interface AdmissionOptions {
  readonly connectionsMax: number;
  /** 0 is no limit. Connections from this machine itself are not counted. */
  readonly connectionsPerAddressMax: number;
  /** The connections that exist. */
  readonly connections: { readonly size: number };
}

/** A place for one connection. */
export class Place {
  readonly #unstaked: UnstakedConnections;
  readonly #subnet: string | undefined;
  readonly #leaveSubnet: () => void;

  /** @param subnet undefined where its subnet has no limit */
  constructor(unstaked: UnstakedConnections, subnet: string | undefined, leaveSubnet: () => void) {
    this.#unstaked = unstaked;
    this.#subnet = subnet;
    this.#leaveSubnet = leaveSubnet;
  }

  /** The connection that takes the place. It may be evicted while it has no balance. */
  occupy(connection: UnstakedConnection): void {
    this.#unstaked.add(connection, this.#subnet);
  }

  /** The connection that took the place is gone. */
  vacate(connection: UnstakedConnection): void {
    this.#leaveSubnet();
    this.#unstaked.delete(connection, this.#subnet);
  }
}

/**
 * Decides which connections are admitted: so many in all, and so many a subnet. A connection without a balance is evicted when there is no
 * room, so that a single idle machine cannot keep out a class.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #perSubnet: PerSubnetLimiter;
  readonly #unstaked = new UnstakedConnections();

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#perSubnet = new PerSubnetLimiter(options.connectionsPerAddressMax);
  }

  /** A place for a connection from an address; or why there is none, in all or for this address. */
  admit(address: string): Place | 'full' | 'address-full' {
    const subnet = this.#perSubnet.subnetOf(address);
    const leaveSubnet = this.#perSubnet.enter(address) ?? this.#enterAfterEviction(address, subnet);
    if (leaveSubnet === undefined) return 'address-full';
    if (!this.#hasRoom()) {
      leaveSubnet();
      return 'full';
    }
    return new Place(this.#unstaked, subnet, leaveSubnet);
  }

  #enterAfterEviction(address: string, subnet: string | undefined): (() => void) | undefined {
    const isEvicted = subnet !== undefined && this.#unstaked.evictOne(subnet);
    // The evicted connection is counted until it has read why.
    return isEvicted ? this.#perSubnet.enter(address, limits.evictionsMax) : undefined;
  }

  #hasRoom(): boolean {
    const { connections, connectionsMax } = this.#options;
    if (connections.size < connectionsMax) return true;
    return connections.size < connectionsMax + limits.evictionsMax && this.#unstaked.evictOne();
  }
}
