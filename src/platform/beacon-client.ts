import { inTurns } from '../base/run-to-end.ts';
import type { Clock } from '../consensus/clock.ts';
import type { BeaconSource } from '../consensus/engine.ts';
import { roundTimeMs, type VerifyBeacon } from '../core/beacon.ts';
import type { Beacon } from '../core/block.ts';
import { isHex } from '../core/json-record.ts';
import { hexDigits } from '../core/limits.ts';
import { timestampMs } from '../core/timestamp.ts';
import { requestJson } from './json-request.ts';
import { limits } from './limits.ts';

/** What the operator is to hear of relays. */
export type RelayEvent =
  /** A relay gave a signature that the beacon's key did not make. It is not asked any more. */
  | { readonly kind: 'lied'; readonly url: string; readonly beacon: string; readonly round: number }
  /** No relay is left that has not lied: the draws wait for good. */
  | { readonly kind: 'none left'; readonly beacon: string };

export interface BeaconClientOptions {
  readonly clock: Clock;
  readonly verifyBeacon: VerifyBeacon;
  /** Where each beacon is asked, by its ChainHash: addresses without a slash at their end, the preferred one first. */
  readonly relays: ReadonlyMap<string, readonly string[]>;
  readonly onRelay: (event: RelayEvent) => void;
}

/**
 * Asks the relays of beacons for rounds (drand's HTTP interface). The preferred relay is asked first, and another one each time that no answer has
 * come for a while; the first signature that verifies counts. So a relay can withhold a round, but neither delay it alone nor make one up.
 */
export class BeaconClient implements BeaconSource {
  readonly #options: BeaconClientOptions;
  readonly #liars = new Set<string>();

  constructor(options: BeaconClientOptions) {
    this.#options = options;
  }

  async signatureOf(beacon: Beacon, round: number, stopping: AbortSignal): Promise<string | undefined> {
    await this.#waitUntil(Number(roundTimeMs(beacon, round)), stopping);
    for (let pauseMs: number = limits.beaconRetryMsMin; !stopping.aborted; ) {
      const signature = await this.#askAll(beacon, round, stopping);
      if (signature !== undefined) return signature;
      await this.#pause(pauseMs, stopping);
      pauseMs = Math.min(2 * pauseMs, limits.beaconRetryMsMax);
    }
    return undefined;
  }

  /** Asks one relay after the other, each while those before it may still answer. The first valid signature, or undefined when all have failed. */
  async #askAll(beacon: Beacon, round: number, stopping: AbortSignal): Promise<string | undefined> {
    const relays = (this.#options.relays.get(beacon.ChainHash) ?? []).filter((url) => !this.#liars.has(url));
    const over = new AbortController();
    const signal = AbortSignal.any([stopping, over.signal]);
    let valid: string | undefined;
    const asked: Promise<void>[] = [];
    const isFound = new Promise<void>((resolve) => {
      for (const [place, url] of relays.entries()) {
        const answered = async (): Promise<void> => {
          // The next one is asked at once when this one has failed, and after a while when it is only slow.
          if (place > 0) await Promise.race([asked[place - 1], this.#pause(place * limits.beaconHedgeMs, signal)]);
          const signature = signal.aborted ? undefined : await this.#ask(url, beacon, round, signal);
          if (signature === undefined) return;
          valid ??= signature;
          resolve();
        };
        asked.push(answered());
      }
    });
    await Promise.race([isFound, Promise.all(asked)]);
    over.abort();
    return valid;
  }

  async #ask(url: string, beacon: Beacon, round: number, stopping: AbortSignal): Promise<string | undefined> {
    const answer = await requestJson(`${url}/${beacon.ChainHash}/public/${round}`, stopping);
    const signature = 'why' in answer || !answer.isOk ? undefined : signatureIn(answer.json, round);
    if (signature === undefined) return undefined;
    const { clock, verifyBeacon, onRelay, relays } = this.#options;
    if (await inTurns(clock, verifyBeacon(beacon.PublicKey, round, signature))) return signature;
    if (!this.#liars.has(url)) {
      this.#liars.add(url);
      onRelay({ kind: 'lied', url, beacon: beacon.Name, round });
      if ((relays.get(beacon.ChainHash) ?? []).every((each) => this.#liars.has(each)))
        onRelay({ kind: 'none left', beacon: beacon.Name });
    }
    return undefined;
  }

  /** Waits until the wall clock says so: a beacon that is asked earlier only says that the round has not come. */
  async #waitUntil(timeMs: number, stopping: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (;;) {
      const leftMs = timeMs - timestampMs(clock.timestamp());
      if (leftMs <= 0 || stopping.aborted) return;
      // In pieces, since the wall clock may be set meanwhile.
      await this.#pause(Math.min(leftMs, limits.beaconLookMs), stopping);
    }
  }

  async #pause(milliseconds: number, stopping: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    if (stopping.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        cancel();
        stopping.removeEventListener('abort', end);
        resolve();
      };
      const cancel = clock.wakeAt(clock.monotonicMs() + milliseconds, end);
      stopping.addEventListener('abort', end);
    });
  }
}

/** The signature in an answer of a relay; undefined where that is none for this round. */
function signatureIn(json: unknown, round: number): string | undefined {
  if (typeof json !== 'object' || json === null || !('round' in json) || !('signature' in json)) return undefined;
  return json.round === round && isHex(json.signature, hexDigits.beaconSignature) ? json.signature : undefined;
}
