import { latestRoundAt, roundTimeMs } from '../core/beacon.ts';
import { type BeaconInfo, beaconOfInfo, type PublishedRound, publishedRound } from '../core/beacon-info.ts';
import { timestampMs } from '../core/timestamp.ts';
import { limits } from './limits.ts';

export interface BeaconRoundsOptions {
  readonly info: BeaconInfo;
  /** The signature of a round, in hex. */
  sign(round: number): string;
  /** The wall clock. */
  timestamp(): string;
}

/** A round that has not come yet, and when it does, in milliseconds from now. */
export interface TooEarly {
  readonly round: number;
  readonly inMs: number;
}

/** What a beacon has published: a signature for each round whose time has come, and for no other. */
export class BeaconRounds {
  readonly #options: BeaconRoundsOptions;
  /** Those that were asked for last, the oldest first. */
  readonly #kept = new Map<number, PublishedRound>();

  constructor(options: BeaconRoundsOptions) {
    this.#options = options;
  }

  get info(): BeaconInfo {
    return this.#options.info;
  }

  /** The round that was published last. */
  latest(): PublishedRound | TooEarly {
    return this.at(Math.max(1, latestRoundAt(beaconOfInfo(this.info), this.#nowMs())));
  }

  /** A round from 1 on. It is made again whenever it is asked for, but for the newest ones, which everybody asks for at the same time. */
  at(round: number): PublishedRound | TooEarly {
    const inMs = Number(roundTimeMs(beaconOfInfo(this.info), round)) - this.#nowMs();
    if (inMs > 0) return { round, inMs };
    const kept = this.#kept.get(round);
    if (kept !== undefined) return kept;
    const published = publishedRound(round, this.#options.sign(round));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= limits.beaconRoundsKeptMax && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(round, published);
    return published;
  }

  #nowMs(): number {
    return timestampMs(this.#options.timestamp());
  }
}
