import { limits } from './limits.ts';

/** All networks that came when there was no room to count them one by one. */
const others = 'others';

/** The wrong codes of the last while, counted by network: whoever guesses is slowed, and nobody else with them. */
export class FailedAttemptLimiter {
  readonly #counts = new Map<string, number>();
  #sinceMs = 0;

  /** True when no more codes of this network are to be looked at for now. */
  isOverLimit(network: string, nowMs: number): boolean {
    this.#forgetOld(nowMs);
    return (this.#counts.get(this.#nameOf(network)) ?? 0) >= limits.wrongCodesPerMinuteMax;
  }

  /** Counts a wrong code. */
  add(network: string, nowMs: number): void {
    this.#forgetOld(nowMs);
    const name = this.#nameOf(network);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  #nameOf(network: string): string {
    return this.#counts.has(network) || this.#counts.size < limits.wrongCodeNetworksMax ? network : others;
  }

  #forgetOld(nowMs: number): void {
    if (nowMs - this.#sinceMs < limits.wrongCodesSpanMs) return;
    this.#sinceMs = nowMs;
    this.#counts.clear();
  }
}
