import type { Beacon, BeaconRound } from '../../core/block.ts';
import { timestampMs } from '../../core/timestamp.ts';
import type { Clock } from '../clock.ts';
import type { AwaitedRound, BeaconSource, EnginePorts, SealStatus } from '../engine.ts';
import { limits } from './limits.ts';
import { roundsOf, type SealedDraw } from './sealed-draw.ts';

export interface BeaconWaitPorts {
  readonly clock: Clock;
  readonly beacons: BeaconSource;
  readonly listener: EnginePorts['listener'];
}

/** Waits until the beacons have published the rounds of a sealed pool. There is no falling back: while one is silent, the draw waits (SPEC 5.3). */
export class BeaconWait {
  readonly #ports: BeaconWaitPorts;
  readonly #beacons: readonly Beacon[];
  #status: SealStatus | undefined;

  constructor(ports: BeaconWaitPorts, beacons: readonly Beacon[]) {
    this.#ports = ports;
    this.#beacons = beacons;
  }

  /** The pool that waits; undefined while none does. */
  get status(): SealStatus | undefined {
    return this.#status;
  }

  /** Marks the rounds as late that are due by now and were not heard yet, and returns them. */
  markLate(): readonly AwaitedRound[] {
    if (this.#status === undefined) return [];
    const nowMs = this.#nowMs();
    const rounds = this.#status.rounds.map((round) => {
      return { ...round, isLate: round.isLate || (round.signature === undefined && round.timeMs <= nowMs) };
    });
    this.#status = { ...this.#status, rounds };
    return rounds.filter(({ isLate, signature }) => isLate && signature === undefined);
  }

  /** Tells of a pool that was sealed and kept. Returns how long it is until the last of its rounds is published, ms. */
  begin({ seal, signature }: SealedDraw): number {
    const rounds = roundsOf(this.#beacons, seal.Sealed);
    this.#status = { pool: seal, signature, rounds };
    this.#ports.listener.onEvent({ kind: 'sealed', ...this.#status });
    return Math.max(0, ...rounds.map(({ timeMs }) => timeMs - this.#nowMs()));
  }

  /** What the beacons have published, in the order of the genesis, once all have. Undefined when `stopping` is aborted before. */
  async heard(stopping: AbortSignal): Promise<readonly BeaconRound[] | undefined> {
    const { rounds = [] } = this.#status ?? {};
    const signatures = await Promise.all(rounds.map((awaited, place) => this.#hear(awaited, place, stopping)));
    const published = rounds.flatMap(({ round }, place) => {
      const signature = signatures[place];
      return signature === undefined ? [] : [{ Round: round, Signature: signature }];
    });
    if (published.length < rounds.length) return undefined;
    // A block that says to be older than the rounds in it would break the rule `beacon`. Our clock may be behind that of a beacon.
    while (rounds.some(({ timeMs }) => timeMs > this.#nowMs())) {
      if (stopping.aborted) return undefined;
      await this.#pause();
    }
    return published;
  }

  /** The draw is over, or given up. */
  end(): void {
    this.#status = undefined;
  }

  async #hear(awaited: AwaitedRound, place: number, stopping: AbortSignal): Promise<string | undefined> {
    const beacon = this.#beacons[place];
    if (beacon === undefined) throw new Error(`there is no beacon ${place}`);
    const signature = await this.#ports.beacons.signatureOf(beacon, awaited.round, stopping);
    if (signature === undefined || this.#status === undefined) return signature;
    const { pool, rounds } = this.#status;
    const heard = { ...awaited, isLate: rounds[place]?.isLate === true, signature };
    const now = rounds.with(place, heard);
    this.#status = { ...this.#status, rounds: now };
    const left = now.filter((round) => round.signature === undefined);
    this.#ports.listener.onEvent({ kind: 'beacon-heard', index: pool.Index, heard, awaited: left });
    return signature;
  }

  async #pause(): Promise<void> {
    const { clock } = this.#ports;
    await new Promise<void>((resolve) => {
      clock.wakeAt(clock.monotonicMs() + limits.clockLookMs, resolve);
    });
  }

  #nowMs(): number {
    return timestampMs(this.#ports.clock.timestamp());
  }
}
