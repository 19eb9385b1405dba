import { limits } from './limits.ts';

/** What the courier wants of a connection. */
export interface ChainSubscriber {
  /** It has taken a whole chain before. */
  readonly hasTakenChain: boolean;
  /** A chain is on its way to it. */
  readonly isDelivering: boolean;
  /** Begins the chain that waits for it, or sends its next piece. Returns the bytes. */
  sendPiece(): number;
  /** Gives up on it: it reads too slowly. */
  disconnectSlowConsumer(): void;
}

export interface ChainDeliveryOptions {
  readonly clock: {
    monotonicMs(): number;
    wakeAt(monotonicMs: number, wake: () => void): () => void;
    turn(): Promise<void>;
  };
  /** Chains that are on their way at the same time … */
  readonly deliveriesMax: number;
  /** … of which so many to those who have not taken one before. */
  readonly newcomersMax: number;
  /** After so long without progress somebody else may be served in its place … */
  readonly stallMs: number;
  /** … and more than so many of these are given up, the longest first. */
  readonly stalledMax: number;
}

/** What is good for real sockets. */
export const socketDeliveries: Omit<ChainDeliveryOptions, 'clock'> = {
  deliveriesMax: limits.chainDeliveriesMax,
  newcomersMax: limits.chainDeliveriesMax / 2,
  stallMs: limits.chainStallMs,
  stalledMax: limits.chainsStalledMax,
};

interface Delivery {
  /** The moment of the last progress. */
  readonly lastMs: number;
  readonly isToNewcomer: boolean;
}

/**
 * Carries the chain to everybody: to some at a time, a piece at a time, and at most `limits.chainBytesPerTurn` between two turns of the
 * event loop. So megabytes for hundreds of people keep nobody else waiting, and hundreds who read nothing fill the system's memory with
 * no more than some chains. Those who have taken a chain before come first: whoever only opens connections cannot keep them from it.
 */
export class ChainDeliveryScheduler {
  readonly #options: ChainDeliveryOptions;
  readonly #readers = new Set<ChainSubscriber>();
  readonly #newcomers = new Set<ChainSubscriber>();
  /** To whom a chain is on its way, those whose last progress is longest ago first. */
  readonly #underWay = new Map<ChainSubscriber, Delivery>();
  /** Of these, who can take their next piece. */
  readonly #ready = new Set<ChainSubscriber>();
  /** To whom a chain is on its way, too, but without progress for long: longest first. */
  readonly #stalled = new Set<ChainSubscriber>();
  #newcomersUnderWay = 0;
  #isRunning = false;
  #cancelWake: () => void = () => undefined;

  constructor(options: ChainDeliveryOptions) {
    this.#options = options;
  }

  /** A connection has a chain waiting for it, or can take its next piece. */
  add(recipient: ChainSubscriber): void {
    if (this.#stalled.delete(recipient)) this.#begin(recipient, false);
    else if (this.#underWay.has(recipient)) this.#ready.add(recipient);
    else if (recipient.hasTakenChain) this.#readers.add(recipient);
    else this.#newcomers.add(recipient);
    this.#wake();
  }

  /** A connection is gone. */
  remove(recipient: ChainSubscriber): void {
    for (const set of [this.#readers, this.#newcomers, this.#ready, this.#stalled]) set.delete(recipient);
    this.#end(recipient);
    this.#wake();
  }

  #wake(): void {
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    this.#cancelWake();
    this.#stallSome();
    this.#beginSome();
    while (this.#ready.size > 0) {
      await this.#options.clock.turn();
      this.#sendSome();
      this.#beginSome();
    }
    this.#isRunning = false;
    this.#wakeAtNextStall();
  }

  #sendSome(): void {
    let bytes = 0;
    let count = 0;
    for (const recipient of this.#ready) {
      if (bytes >= limits.chainBytesPerTurn || count >= limits.connectionsPerTurn) break;
      // Out first: a connection that wants another piece goes to the back of the line.
      this.#ready.delete(recipient);
      bytes += recipient.sendPiece();
      count += 1;
      const delivery = this.#end(recipient);
      if (recipient.isDelivering) this.#keep(recipient, delivery?.isToNewcomer ?? false);
    }
  }

  #beginSome(): void {
    const { deliveriesMax, newcomersMax } = this.#options;
    for (const recipient of this.#readers) {
      if (this.#underWay.size >= deliveriesMax) return;
      this.#begin(recipient, false);
    }
    for (const recipient of this.#newcomers) {
      if (this.#underWay.size >= deliveriesMax || this.#newcomersUnderWay >= newcomersMax) return;
      this.#begin(recipient, true);
    }
  }

  #begin(recipient: ChainSubscriber, isToNewcomer: boolean): void {
    this.#readers.delete(recipient);
    this.#newcomers.delete(recipient);
    this.#keep(recipient, isToNewcomer);
    this.#ready.add(recipient);
  }

  #keep(recipient: ChainSubscriber, isToNewcomer: boolean): void {
    this.#underWay.set(recipient, { lastMs: this.#options.clock.monotonicMs(), isToNewcomer });
    if (isToNewcomer) this.#newcomersUnderWay += 1;
  }

  #end(recipient: ChainSubscriber): Delivery | undefined {
    const delivery = this.#underWay.get(recipient);
    if (delivery?.isToNewcomer) this.#newcomersUnderWay -= 1;
    this.#underWay.delete(recipient);
    return delivery;
  }

  /** Lets others have the places of those who make no progress, and gives up the worst of these when they are too many. */
  #stallSome(): void {
    const { clock, stallMs, stalledMax } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const [recipient, { lastMs }] of this.#underWay) {
      if (lastMs + stallMs > nowMs) break;
      if (this.#ready.has(recipient)) continue;
      this.#end(recipient);
      this.#stalled.add(recipient);
    }
    for (const recipient of this.#stalled) {
      if (this.#stalled.size <= stalledMax) return;
      this.#stalled.delete(recipient);
      recipient.disconnectSlowConsumer();
    }
  }

  #wakeAtNextStall(): void {
    const { clock, stallMs } = this.#options;
    for (const { lastMs } of this.#underWay.values()) {
      this.#cancelWake = clock.wakeAt(lastMs + stallMs, () => this.#wake());
      return;
    }
  }
}
