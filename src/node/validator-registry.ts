/** A participant with a stake. */
export interface Validator {
  readonly address: string;
  readonly stake: bigint;
  /** How many tainted blocks it has made. */
  strikes: number;
  isConnected: boolean;
}

/** The validators that exist now: the connected ones, and the disconnected ones whose candidate waits for its draw. */
export class ValidatorRegistry {
  readonly #validators = new Map<string, Validator>();
  #connected = 0;

  /** How many are connected. */
  get connected(): number {
    return this.#connected;
  }

  add(address: string, stake: bigint, strikes = 0): Validator {
    if (this.#validators.has(address)) throw new Error(`the address ${address} was given out twice`);
    const validator = { address, stake, strikes, isConnected: true };
    this.#validators.set(address, validator);
    this.#connected += 1;
    return validator;
  }

  /** The validator with this address; undefined when it was slashed or removed. */
  find(address: string): Validator | undefined {
    return this.#validators.get(address);
  }

  /** Marks a validator as connected again. */
  reconnect(validator: Validator): void {
    if (validator.isConnected) return;
    validator.isConnected = true;
    this.#connected += 1;
  }

  /** Marks a validator as disconnected. `removeDisconnected` removes it. */
  disconnect(validator: Validator): void {
    if (!validator.isConnected) return;
    validator.isConnected = false;
    this.#connected -= 1;
  }

  remove(validator: Validator): void {
    this.disconnect(validator);
    this.#validators.delete(validator.address);
  }

  /** Removes the disconnected validators, when no candidate of theirs waits any more. */
  removeDisconnected(): void {
    if (this.#connected === this.#validators.size) return;
    for (const [address, validator] of this.#validators) {
      if (!validator.isConnected) this.#validators.delete(address);
    }
  }

  /** The connected validators, in the order in which they joined. */
  *validators(): Generator<Validator> {
    for (const validator of this.#validators.values()) if (validator.isConnected) yield validator;
  }
}
