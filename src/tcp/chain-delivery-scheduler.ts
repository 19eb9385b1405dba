import { limits } from './limits.ts';

/** A connection to which the chain is delivered. */
export interface ChainSubscriber {
  /** It has taken a whole chain before. */
  readonly hasTakenChain: boolean;
  /** A chain is on its way to it. */
  readonly isDelivering: boolean;
  /** Begins the chain that waits for the connection, or sends its next piece. Returns the bytes that were sent. */
  sendPiece(): number;
  /** Closes the connection because it reads too slowly. */
  disconnectSlowConsumer(): void;
}

export interface ChainDeliveryOptions {
  readonly clock: {
    monotonicMs(): number;
    wakeAt(monotonicMs: number, wake: () => void): () => void;
    yieldToEventLoop(): Promise<void>;
  };
  /** Chains that are on their way at the same time … */
  readonly deliveriesMax: number;
  /** … of which so many to those who have not taken one before. */
  readonly newcomersMax: number;
  /** A delivery that makes no progress for so long gives its place to another one … */
  readonly stallMs: number;
  /** … and of more than so many of these, the ones that have stalled longest are disconnected. */
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
 * Decides when each connection is sent the chain: some connections at a time, a piece at a time, and at most `limits.chainBytesPerTurn` in one
 * turn of the event loop. So megabytes for hundreds of people do not delay anything else, and hundreds of connections that read nothing
 * fill the system's memory with a few chains at most. Connections that have taken a chain before come first, so that opening many
 * connections cannot keep the chain from them.
 */
export class ChainDeliveryScheduler {
  readonly #options: ChainDeliveryOptions;
  readonly #readers = new Set<ChainSubscriber>();
  readonly #newcomers = new Set<ChainSubscriber>();
  /** The deliveries that are under way, the one whose last progress is longest ago first. */
  readonly #underWay = new Map<ChainSubscriber, Delivery>();
  /** Of these, the connections that can take their next piece. */
  readonly #ready = new Set<ChainSubscriber>();
  /** Connections whose delivery has stalled, the longest first. They hold no place among those under way. */
  readonly #stalled = new Set<ChainSubscriber>();
  #newcomersUnderWay = 0;
  #isRunning = false;
  #cancelWake: () => void = () => undefined;

  constructor(options: ChainDeliveryOptions) {
    this.#options = options;
  }

  /** A connection has a chain waiting for it, or can take its next piece. */
  add(subscriber: ChainSubscriber): void {
    if (this.#stalled.delete(subscriber)) this.#begin(subscriber, false);
    else if (this.#underWay.has(subscriber)) this.#ready.add(subscriber);
    else if (subscriber.hasTakenChain) this.#readers.add(subscriber);
    else this.#newcomers.add(subscriber);
    this.#wake();
  }

  /** A connection is gone. */
  remove(subscriber: ChainSubscriber): void {
    for (const set of [this.#readers, this.#newcomers, this.#ready, this.#stalled]) set.delete(subscriber);
    this.#end(subscriber);
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
      await this.#options.clock.yieldToEventLoop();
      this.#sendSome();
      this.#beginSome();
    }
    this.#isRunning = false;
    this.#wakeAtNextStall();
  }

  #sendSome(): void {
    let bytes = 0;
    let count = 0;
    for (const subscriber of this.#ready) {
      if (bytes >= limits.chainBytesPerTurn || count >= limits.connectionsPerTurn) break;
      // Deleted before it sends, so that a connection that asks for another piece goes to the end of the queue.
      this.#ready.delete(subscriber);
      bytes += subscriber.sendPiece();
      count += 1;
      const delivery = this.#end(subscriber);
      if (subscriber.isDelivering) this.#keep(subscriber, delivery?.isToNewcomer ?? false);
    }
  }

  #beginSome(): void {
    const { deliveriesMax, newcomersMax } = this.#options;
    for (const subscriber of this.#readers) {
      if (this.#underWay.size >= deliveriesMax) return;
      this.#begin(subscriber, false);
    }
    for (const subscriber of this.#newcomers) {
      if (this.#underWay.size >= deliveriesMax || this.#newcomersUnderWay >= newcomersMax) return;
      this.#begin(subscriber, true);
    }
  }

  #begin(subscriber: ChainSubscriber, isToNewcomer: boolean): void {
    this.#readers.delete(subscriber);
    this.#newcomers.delete(subscriber);
    this.#keep(subscriber, isToNewcomer);
    this.#ready.add(subscriber);
  }

  #keep(subscriber: ChainSubscriber, isToNewcomer: boolean): void {
    this.#underWay.set(subscriber, { lastMs: this.#options.clock.monotonicMs(), isToNewcomer });
    if (isToNewcomer) this.#newcomersUnderWay += 1;
  }

  #end(subscriber: ChainSubscriber): Delivery | undefined {
    const delivery = this.#underWay.get(subscriber);
    if (delivery?.isToNewcomer) this.#newcomersUnderWay -= 1;
    this.#underWay.delete(subscriber);
    return delivery;
  }

  /** Takes the places of deliveries that make no progress, and disconnects the longest stalled when they are too many. */
  #stallSome(): void {
    const { clock, stallMs, stalledMax } = this.#options;
    const nowMs = clock.monotonicMs();
    for (const [subscriber, { lastMs }] of this.#underWay) {
      if (lastMs + stallMs > nowMs) break;
      if (this.#ready.has(subscriber)) continue;
      this.#end(subscriber);
      this.#stalled.add(subscriber);
    }
    for (const subscriber of this.#stalled) {
      if (this.#stalled.size <= stalledMax) return;
      this.#stalled.delete(subscriber);
      subscriber.disconnectSlowConsumer();
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
