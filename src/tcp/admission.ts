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
export interface Place {
  /** The connection that takes the place. It may be evicted while it has no balance. */
  occupy(connection: UnstakedConnection): void;
  /** The connection is gone. */
  vacate(): void;
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
    return this.#place(subnet, leaveSubnet);
  }

  #place(subnet: string | undefined, leaveSubnet: () => void): Place {
    let occupant: UnstakedConnection | undefined;
    return {
      occupy: (connection) => {
        occupant = connection;
        this.#unstaked.add(connection, subnet);
      },
      vacate: () => {
        leaveSubnet();
        if (occupant !== undefined) this.#unstaked.delete(occupant, subnet);
      },
    };
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
