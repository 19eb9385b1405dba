import type { ServerEvent } from './server-event.ts';

/** From `min` to `max`, both included. */
export interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

/** Draws one number of a range. `dice` returns a number from 0 up to but not 1. */
export function pick({ min, max }: Range, random: () => number): bigint {
  const steps = BigInt(Math.floor(random() * 2 ** 53));
  return min + (((max - min + 1n) * steps) >> 53n);
}

export interface AutoPlayerOptions {
  /** What to stake when the server asks; undefined when a person does that. */
  readonly stake: bigint | undefined;
  /** The BPMs to propose; undefined when a person proposes. */
  readonly bpm: Range | undefined;
  /** Whether `tick` says when to propose, rather than the rounds. */
  readonly isTimed: boolean;
  readonly random: () => number;
}

/** Decides what a client sends by itself. It knows neither sockets nor time: it takes events and returns lines to send. */
export class AutoPlayer {
  readonly #options: AutoPlayerOptions;
  #hasStaked = false;
  #isValidator = false;
  /** A round has begun in which it has proposed nothing yet. */
  #owesCandidate = false;
  /** What it proposed is not answered yet. */
  #isWaiting = false;

  constructor(options: AutoPlayerOptions) {
    this.#options = options;
  }

  /** False while there is a stake to enter first: what a person types before that would be taken for it. */
  get isPastStake(): boolean {
    return this.#options.stake === undefined || this.#hasStaked;
  }

  /** Takes an event; returns the line to send now, undefined for no line. */
  onEvent(event: ServerEvent): string | undefined {
    const { stake, isTimed } = this.#options;
    if (event.kind === 'welcome') {
      this.#isValidator = true;
      this.#owesCandidate = true;
    } else if (event.kind === 'winner') {
      this.#owesCandidate = true;
    } else if (event.kind === 'prompt' && event.asks === 'balance') {
      // The prompt comes again after every announcement, and after a balance that was refused: that one is not tried again.
      if (stake === undefined || this.#hasStaked) return undefined;
      this.#hasStaked = true;
      return String(stake);
    } else if (event.kind === 'prompt') {
      this.#isWaiting = false;
      return isTimed || !this.#owesCandidate ? undefined : this.#propose();
    }
    return undefined;
  }

  /** It is time to propose again; undefined when the last one is not answered yet, or there is no stake. */
  tick(): string | undefined {
    return this.#isWaiting || !this.#isValidator ? undefined : this.#propose();
  }

  #propose(): string | undefined {
    const { bpm, random } = this.#options;
    if (bpm === undefined) return undefined;
    this.#owesCandidate = false;
    this.#isWaiting = true;
    return String(pick(bpm, random));
  }
}
