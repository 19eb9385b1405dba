import { limits } from './limits.ts';

/** The name under which networks are counted together when there is no room to count them one by one. */
const otherNetworks = 'others';

/** Counts the wrong codes of the last minute by network, so that guessing is slowed for the network that guesses and for no other. */
export class FailedAttemptLimiter {
  readonly #counts = new Map<string, number>();
  #sinceMs = 0;

  /** True when codes of this network are not looked at for now. */
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
    return this.#counts.has(network) || this.#counts.size < limits.wrongCodeNetworksMax ? network : otherNetworks;
  }

  #forgetOld(nowMs: number): void {
    if (nowMs - this.#sinceMs < limits.wrongCodesSpanMs) return;
    this.#sinceMs = nowMs;
    this.#counts.clear();
  }
}
