import { inTurns } from '../base/run-to-end.ts';
import type { Clock } from '../consensus/clock.ts';
import type { BeaconSource } from '../consensus/engine.ts';
import { roundTimeMs, type VerifyBeacon } from '../core/beacon.ts';
import type { Beacon } from '../core/block.ts';
import { isHex } from '../core/json-record.ts';
import { hexDigits } from '../core/limits.ts';
import { timestampMs } from '../core/timestamp.ts';
import type { JsonAnswer } from './json-request.ts';
import { limits } from './limits.ts';

/** What the operator is to hear of relays. */
export type RelayEvent =
  /** A relay gave a signature that the beacon's key did not make. It is not asked any more. */
  | { readonly kind: 'lied'; readonly url: string; readonly beacon: string; readonly round: number }
  /** No relay is left that has not lied: the draws wait for good. */
  | { readonly kind: 'none left'; readonly beacon: string };

export interface BeaconClientOptions {
  readonly clock: Clock;
  /** Asks for a JSON document over HTTP. Does not reject, and gives up after a while. */
  readonly ask: (url: string, stopping: AbortSignal) => Promise<JsonAnswer>;
  readonly verifyBeacon: VerifyBeacon;
  /** Where each beacon is asked, by its ChainHash: addresses without a slash at their end, the preferred one first. */
  readonly relays: ReadonlyMap<string, readonly string[]>;
  readonly onRelay: (event: RelayEvent) => void;
}

/** A round that relays are asked for, until `signal` is aborted. */
interface Asked {
  readonly beacon: Beacon;
  readonly round: number;
  readonly signal: AbortSignal;
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
    if (stopping.aborted) return undefined;
    const over = new AbortController();
    const stop = (): void => over.abort();
    stopping.addEventListener('abort', stop, { once: true });
    const { signal } = over;
    const asked: Asked = { beacon, round, signal };
    try {
      return await new Promise<string | undefined>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
        let before: Promise<void> | undefined;
        for (const [place, url] of this.#honestRelays(beacon).entries()) {
          // The next one is asked at once when this one has failed, and after a while when it is only slow.
          const turn = before && Promise.race([before, this.#pause(place * limits.beaconHedgeMs, signal)]);
          const first = async (): Promise<string | undefined> => {
            await turn;
            return this.#ask(url, asked);
          };
          before = first().then((signature) => {
            if (signature !== undefined) resolve(signature);
            else this.#askAgain(url, asked).then((later) => later !== undefined && resolve(later), reject);
          }, reject);
        }
      });
    } finally {
      // The signal of a server lives as long as that, and must not gather listeners.
      stopping.removeEventListener('abort', stop);
      over.abort();
    }
  }

  #honestRelays({ ChainHash }: Beacon): readonly string[] {
    return (this.#options.relays.get(ChainHash) ?? []).filter((url) => !this.#liars.has(url));
  }

  /** Asks a relay that had nothing, more and more seldom, for as long as the round is wanted and it has not lied. */
  async #askAgain(url: string, asked: Asked): Promise<string | undefined> {
    for (let pauseMs: number = limits.beaconRetryMsMin; ; pauseMs = Math.min(2 * pauseMs, limits.beaconRetryMsMax)) {
      await this.#pause(pauseMs, asked.signal);
      if (asked.signal.aborted || this.#liars.has(url)) return undefined;
      const signature = await this.#ask(url, asked);
      if (signature !== undefined) return signature;
    }
  }

  async #ask(url: string, { beacon, round, signal }: Asked): Promise<string | undefined> {
    if (signal.aborted) return undefined;
    const answer = await this.#options.ask(`${url}/${beacon.ChainHash}/public/${round}`, signal);
    const signature = 'why' in answer || !answer.isOk ? undefined : signatureIn(answer.json, round);
    if (signature === undefined) return undefined;
    const { clock, verifyBeacon, onRelay } = this.#options;
    if (await inTurns(clock, verifyBeacon(beacon.PublicKey, round, signature))) return signature;
    if (!this.#liars.has(url)) {
      this.#liars.add(url);
      onRelay({ kind: 'lied', url, beacon: beacon.Name, round });
      if (this.#honestRelays(beacon).length === 0) onRelay({ kind: 'none left', beacon: beacon.Name });
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
