import type { BeaconSource } from '../../src/consensus/engine.ts';
import { roundTimeMs } from '../../src/core/beacon.ts';
import type { Beacon } from '../../src/core/block.ts';
import { timestampMs } from '../../src/core/timestamp.ts';
import type { TestBeacon } from '../core/build-beacon-chain.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** Beacons on a simulated clock: each speaks when its round is published, unless it is silent, and then as soon as it is heard again. */
export class SimulatedBeacons implements BeaconSource {
  readonly beacons: readonly Beacon[];
  readonly asked: string[] = [];
  readonly #clock: SimulatedClock;
  readonly #byName: ReadonlyMap<string, TestBeacon>;
  readonly #silent = new Map<string, (() => void)[]>();

  constructor(clock: SimulatedClock, beacons: readonly TestBeacon[]) {
    this.#clock = clock;
    this.beacons = beacons.map(({ beacon }) => beacon);
    this.#byName = new Map(beacons.map((one) => [one.beacon.Name, one]));
  }

  /** A beacon says nothing until `speak`. */
  silence(name: string): void {
    this.#silent.set(name, []);
  }

  speak(name: string): void {
    const waiting = this.#silent.get(name) ?? [];
    this.#silent.delete(name);
    for (const wake of waiting) wake();
  }

  /** The process that waited is gone. */
  forget(): void {
    for (const name of this.#silent.keys()) this.#silent.set(name, []);
  }

  async signatureOf(beacon: Beacon, round: number, stopping: AbortSignal): Promise<string | undefined> {
    this.asked.push(`${beacon.Name} ${round}`);
    const dueInMs = Number(roundTimeMs(beacon, round)) - timestampMs(this.#clock.timestamp());
    await this.#orStopped(stopping, (wake) => this.#clock.wakeAt(this.#clock.monotonicMs() + dueInMs, wake));
    const isSilent = this.#silent.has(beacon.Name) && !stopping.aborted;
    if (isSilent) await this.#orStopped(stopping, (wake) => this.#silent.get(beacon.Name)?.push(wake));
    return stopping.aborted ? undefined : this.#byName.get(beacon.Name)?.sign(round);
  }

  async #orStopped(stopping: AbortSignal, wait: (wake: () => void) => void): Promise<void> {
    if (stopping.aborted) return;
    await new Promise<void>((resolve) => {
      stopping.addEventListener('abort', () => resolve(), { once: true });
      wait(resolve);
    });
  }
}
