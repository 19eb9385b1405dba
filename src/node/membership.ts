import type { StakeSource } from '../consensus/engine.ts';
import type { EventListener, Identities, InvalidPayload } from './ports.ts';
import type { ResumableSessions, ResumeResult } from './resumable-sessions.ts';
import { type Validator, ValidatorRegistry } from './validator-registry.ts';

export interface MembershipPorts {
  readonly listener: EventListener;
  readonly sessions: ResumableSessions;
  readonly identities: Identities;
  /** Validators can always come back, with the tainted blocks that they have made. */
  readonly keepsStrikes?: boolean;
}

/** The people of a node: who joins, comes back, leaves and is slashed, with the stakes that they typed. */
export class Membership implements StakeSource {
  readonly #ports: MembershipPorts;
  readonly #registry = new ValidatorRegistry();
  /** The tainted blocks of holders of wallets, who can always come back. */
  readonly #strikes = new Map<string, number>();

  constructor(ports: MembershipPorts) {
    this.#ports = ports;
  }

  /** How many validators are connected. */
  get connected(): number {
    return this.#registry.connected;
  }

  /** The validators that are connected, in the order in which they joined. */
  validators(): Iterable<Readonly<Validator>> {
    return this.#registry.validators();
  }

  stakeOf(validator: string): bigint {
    return this.#known(validator).stake;
  }

  /** Makes a validator with a stake of at least 1 and returns its address. */
  join(stake: bigint): string {
    if (stake < 1n) throw new RangeError(`a stake must be at least 1, not ${stake}`);
    return this.#add(stake);
  }

  /** Makes a validator without a stake and returns its address. */
  enter(): string {
    return this.#add(0n);
  }

  /** Makes the holder of a wallet a validator again, or for the first time. */
  admit(address: string, stake: bigint): void {
    const known = this.#registry.find(address);
    if (known === undefined) this.#register(address, stake, this.#strikes.get(address) ?? 0);
    else {
      this.#registry.reconnect(known);
      this.#ports.listener.onEvent({ kind: 'returned', validator: address, stake: known.stake });
    }
  }

  #add(stake: bigint): string {
    const address = this.#ports.identities.newAddress();
    return this.#register(address, stake);
  }

  #register(address: string, stake: bigint, strikes = 0): string {
    this.#registry.add(address, stake, strikes);
    this.#ports.listener.onEvent({ kind: 'joined', validator: address, stake });
    return address;
  }

  /**
   * Opens a session for a validator that has just joined and returns its code; undefined where none are kept. `takenOver` is called when another
   * connection resumes the session with that code: from then on the validator must not be spoken for by the connection that opened it.
   */
  openSession(address: string, takenOver: () => void): string | undefined {
    const { sessions } = this.#ports;
    const code = sessions.open(address, this.#known(address).stake);
    sessions.attach(address, takenOver);
    return code;
  }

  /** Gives the validator of a code back: with its stake, its tainted blocks and, where it has one that waits, its candidate. */
  resumeSession(code: string, network: string, takenOver: () => void): ResumeResult {
    const { sessions, listener } = this.#ports;
    const resumed = sessions.resume(code, network);
    if (resumed.kind !== 'resumed') return resumed;
    const { address, stake, strikes } = resumed;
    sessions.attach(address, takenOver);
    const validator = this.#registry.find(address) ?? this.#registry.add(address, stake, strikes);
    this.#registry.reconnect(validator);
    listener.onEvent({ kind: 'returned', validator: address, stake });
    return resumed;
  }

  /** Tells everybody by which name a validator wants to be shown. It is kept nowhere here: a name decides nothing. */
  rename(address: string, name: string): void {
    this.#ports.listener.onEvent({ kind: 'named', validator: this.#known(address).address, name });
  }

  /** Counts a tainted block of a validator, also for when it comes back, and returns how many it has made. */
  addStrike(address: string): number {
    const validator = this.#known(address);
    validator.strikes += 1;
    this.#ports.sessions.setStrikes(address, validator.strikes);
    if (this.#ports.keepsStrikes) this.#strikes.set(address, validator.strikes);
    return validator.strikes;
  }

  /**
   * Resolves when tainted blocks and lost stakes that were counted in this turn are remembered after a crash of the machine, too; rejects when
   * the disk refuses. Undefined where no sessions are kept: then there is nothing that could come back.
   */
  sessionsSynced(): Promise<void> | undefined {
    return this.#ports.sessions.synced();
  }

  /** Takes a validator's stake away, and its place. `stake` is what it has where that is not what it joined with. */
  slash(address: string, invalid: InvalidPayload, stake: bigint = this.#known(address).stake): void {
    const validator = this.#known(address);
    this.#strikes.delete(address);
    this.#registry.remove(validator);
    this.#ports.sessions.remove(address);
    this.#ports.listener.onEvent({ kind: 'slashed', validator: address, stake, invalid });
  }

  /** The validator hung up. It is forgotten when no candidate of its waits: `isInTheDraw` says whether one does. */
  leave(address: string, isInTheDraw: boolean): void {
    const validator = this.#known(address);
    this.#ports.sessions.detach(address);
    if (isInTheDraw) this.#registry.disconnect(validator);
    // Nothing is left to wait for: keeping it would let people who come and go fill the memory of a round.
    else this.#registry.remove(validator);
    this.#ports.listener.onEvent({ kind: 'left', validator: address, stake: validator.stake, isInTheDraw });
  }

  /** The person is at another door now, and the validator is none of this one any more. */
  moveAway(address: string, isInTheDraw: boolean): void {
    const validator = this.#registry.find(address);
    if (validator === undefined) return;
    this.#registry.remove(validator);
    this.#ports.listener.onEvent({ kind: 'left', validator: address, stake: validator.stake, isInTheDraw });
  }

  /** Removes the session of a validator: its code is void, and after a crash, too, once `sessionsSynced` has resolved. */
  voidSession(address: string): void {
    this.#ports.sessions.remove(address);
  }

  /** No candidate waits any more: those who have left are forgotten, and sessions whose time is over. */
  forgetGone(): void {
    this.#registry.removeDisconnected();
    this.#ports.sessions.removeExpired();
  }

  #known(address: string): Validator {
    const validator = this.#registry.find(address);
    if (validator === undefined) throw new Error(`nobody is registered as ${address}`);
    return validator;
  }
}
