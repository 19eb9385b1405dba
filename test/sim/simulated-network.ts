import { limits } from '../../src/node/sync/limits.ts';
import {
  type PeerConnection,
  PeerError,
  type PeerNetwork,
  type PeerNetworkUser,
  type Topic,
} from '../../src/node/sync/peer-network.ts';
import type { Dice } from './dice.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** What goes wrong between peers. */
export interface NetworkFaults {
  /** The longest time that a text takes to a peer, ms. */
  readonly latencyMaxMs: number;
  /** One announcement in so many is lost on each hop; 0 for none. */
  readonly lossOnceIn: number;
}

/** A world of peers in one process: each sees the others through a network of its own. Everything follows from the dice. */
export class SimulatedNetworks {
  readonly clock: SimulatedClock;
  readonly #dice: Dice;
  readonly #faults: NetworkFaults;
  readonly #networks = new Map<string, SimulatedNetwork>();
  /** The group of a peer while the network is parted: texts go no further than their group. */
  #groups = new Map<string, number>();

  constructor(clock: SimulatedClock, dice: Dice, faults: NetworkFaults) {
    this.clock = clock;
    this.#dice = dice;
    this.#faults = faults;
  }

  /** A peer of this name, at an address of the same name. */
  peer(id: string, host = '127.0.0.1'): SimulatedNetwork {
    const network = new SimulatedNetwork(this, id, host);
    this.#networks.set(id, network);
    return network;
  }

  /** Ends every connection between two groups, until `heal`. A peer in no group is in one with all others in none. */
  part(...groups: readonly (readonly string[])[]): void {
    this.#groups = new Map(groups.flatMap((group, number) => group.map((id) => [id, number] as const)));
    for (const network of this.#networks.values()) network.dropUnreachable();
  }

  heal(): void {
    this.#groups = new Map();
  }

  isReachable(from: string, to: string): boolean {
    return this.#groups.get(from) === this.#groups.get(to) && this.#networks.get(to)?.isListening === true;
  }

  find(id: string): SimulatedNetwork | undefined {
    return this.#networks.get(id);
  }

  isLost(): boolean {
    return this.#faults.lossOnceIn > 0 && this.#dice.once(this.#faults.lossOnceIn);
  }

  /** Takes as long as a text to a peer. */
  async travel(): Promise<void> {
    await this.until(this.arrivalMs(0));
  }

  /** When a text arrives that is sent now, behind one that arrives at `notBeforeMs`. */
  arrivalMs(notBeforeMs: number): number {
    return Math.max(notBeforeMs, this.clock.monotonicMs() + this.#dice.roll(this.#faults.latencyMaxMs + 1));
  }

  async until(atMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.clock.wakeAt(atMs, resolve));
  }
}

/** The network as one simulated peer sees it. */
export class SimulatedNetwork implements PeerNetwork {
  readonly id: string;
  readonly host: string;
  readonly #world: SimulatedNetworks;
  readonly #connected = new Map<string, AbortController>();
  /** When the last announcement comes to each peer: one connection keeps their order. */
  readonly #arrivals = new Map<string, number>();
  /** When each announcement was heard, by its topic and text. */
  readonly #seen = new Map<string, number>();
  #user: PeerNetworkUser | undefined;
  #chainId: string | undefined;
  #heard: readonly Topic[] | undefined;

  constructor(world: SimulatedNetworks, id: string, host: string) {
    this.#world = world;
    this.id = id;
    this.host = host;
  }

  get addresses(): readonly string[] {
    return [this.id];
  }

  get peerAddresses(): readonly string[] {
    return [...this.#connected.keys()];
  }

  /** Peers are found by what others tell alone. */
  get foundAddresses(): readonly string[] {
    return [];
  }

  get isListening(): boolean {
    return this.#user !== undefined;
  }

  async start(user: PeerNetworkUser): Promise<void> {
    this.#user = user;
  }

  async join(chainId: string, heard?: readonly Topic[]): Promise<void> {
    this.#chainId = chainId;
    this.#heard = heard;
  }

  async dial(address: string): Promise<string> {
    await this.#world.travel();
    const other = this.#world.find(address);
    if (this.#user === undefined) throw new PeerError('this node is stopping', false);
    if (other === undefined || other === this || !this.#world.isReachable(this.id, address))
      throw new PeerError(`nobody answers at ${address}`, false);
    if (!this.#connected.has(address)) {
      other.connect(this, true);
      this.connect(other, false);
    }
    return address;
  }

  /** A connection begins, which one of the two has dialled. */
  connect(other: SimulatedNetwork, isInbound: boolean): void {
    this.#connected.set(other.id, new AbortController());
    const connection: PeerConnection = { peer: other.id, host: other.host, isInbound };
    this.#user?.onConnected(connection);
  }

  async *ask(peer: string, request: string, signal: AbortSignal): AsyncGenerator<string> {
    const other = this.#world.find(peer);
    const connection = this.#connected.get(peer);
    if (other === undefined || connection === undefined) throw new PeerError(`${peer} is not connected`, false);
    const either = AbortSignal.any([signal, connection.signal]);
    await untilAborted(this.#world.travel(), either);
    const frames = other.answer(this.id, request, either)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await untilAborted(frames.next(), either);
        if (next.done === true) return;
        await untilAborted(this.#world.travel(), either);
        yield next.value;
      }
    } finally {
      // One that waits for something that never comes cannot be ended, and nobody waits for it.
      void frames.return?.(undefined).catch(() => undefined);
    }
  }

  /** The answer that a peer gets. */
  async *answer(peer: string, request: string, signal: AbortSignal): AsyncGenerator<string> {
    if (this.#user === undefined) throw new PeerError(`${this.id} is gone`, false);
    try {
      yield* this.#user.answer(peer, request, signal);
    } catch (error) {
      if (error instanceof PeerError && error.isInvalid) this.cut(peer);
      throw new PeerError(`${this.id} ended its answer`, false);
    }
  }

  async publish(topic: Topic, text: string): Promise<void> {
    if (!this.#remember(topic, text)) return;
    this.#pass(topic, text);
  }

  /** An announcement arrives. */
  async hear(topic: Topic, text: string, peer: string, chainId: string): Promise<void> {
    if (this.#user === undefined || this.#chainId !== chainId) return;
    if (!this.#connected.has(peer) || this.#heard?.includes(topic) === false) return;
    if (!this.#remember(topic, text)) return;
    const verdict = await this.#user.judge(topic, text, peer);
    if (verdict === 'accept') this.#pass(topic, text);
  }

  /** Returns false for what was heard or said a short while ago. */
  #remember(topic: Topic, text: string): boolean {
    const key = `${topic} ${text}`;
    const nowMs = this.#world.clock.monotonicMs();
    const isOld = nowMs - (this.#seen.get(key) ?? Number.NEGATIVE_INFINITY) >= limits.announcementMemoryMs;
    if (isOld) this.#seen.set(key, nowMs);
    return isOld;
  }

  #pass(topic: Topic, text: string): void {
    const chainId = this.#chainId;
    if (chainId === undefined) return;
    for (const peer of this.#connected.keys()) {
      if (this.#world.isLost()) continue;
      const atMs = this.#world.arrivalMs(this.#arrivals.get(peer) ?? 0);
      this.#arrivals.set(peer, atMs);
      void this.#world.until(atMs).then(async () => this.#world.find(peer)?.hear(topic, text, this.id, chainId));
    }
  }

  cut(peer: string): void {
    this.#world.find(peer)?.drop(this.id);
    this.drop(peer);
  }

  /** A connection is over, whoever ended it. */
  drop(peer: string): void {
    const connection = this.#connected.get(peer);
    if (connection === undefined) return;
    this.#connected.delete(peer);
    connection.abort(new PeerError(`the connection to ${peer} is over`, false));
    this.#user?.onDisconnected(peer);
  }

  dropUnreachable(): void {
    for (const peer of [...this.#connected.keys()]) if (!this.#world.isReachable(this.id, peer)) this.cut(peer);
  }

  async stop(): Promise<void> {
    for (const peer of [...this.#connected.keys()]) this.cut(peer);
    this.#user = undefined;
  }
}

/** What a promise resolves with, or rejects with what the signal says, if that comes first. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Whoever does not wait for it does not hear of its failure, either.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
