import { limits } from '../../http/api/limits.ts';

/**
 * When the next draw is, as far as a client can know. A server says it of the round of a new candidate, but not how long a round is, and a
 * round without candidates ends in silence. A candidate's own round does end with an announcement, though: if it was accepted in the first half of the time between two
 * announcements, no second round fits between them, and that time is one round. Times are ms of a monotonic clock.
 */
export class RoundEstimate {
  #drawnMs: number | undefined;
  #acceptedMs: number | undefined;
  #roundMs: number | undefined;
  #endsSealed = false;
  /** When the open round ends, as the server said. */
  #endMs: number | undefined;

  /** A candidate of this client was accepted. */
  accepted(nowMs: number): void {
    this.#acceptedMs ??= nowMs;
  }

  /** The server said when the round ends; `seconds` is undefined while draws are paused. */
  told(nowMs: number, seconds: number | undefined): void {
    this.#endMs = seconds === undefined ? undefined : nowMs + seconds * 1000;
    if (seconds === undefined) this.#roundMs = undefined;
  }

  /** The pool of a round was sealed. Where draws wait for beacons a round ends then, and its winner comes later. */
  sealed(nowMs: number): void {
    this.#endsSealed = true;
    this.#end(nowMs);
  }

  /** A winner was announced. */
  drawn(nowMs: number): void {
    if (!this.#endsSealed) this.#end(nowMs);
  }

  /** Until the round ends; undefined as long as that is not known, or when it has turned out to be wrong. */
  remainingMs(nowMs: number): number | undefined {
    if (this.#endMs !== undefined && nowMs <= this.#endMs + limits.drawOverdueMs)
      return Math.max(0, this.#endMs - nowMs);
    if (this.#drawnMs === undefined || this.#roundMs === undefined) return undefined;
    const elapsedMs = nowMs - this.#drawnMs;
    const isOverdue = this.#acceptedMs !== undefined && nowMs - this.#acceptedMs > this.#roundMs + limits.drawOverdueMs;
    // The operator has drawn by hand, or paused.
    if (isOverdue) this.#roundMs = undefined;
    return this.#roundMs === undefined ? undefined : this.#roundMs - (elapsedMs % this.#roundMs);
  }

  #end(nowMs: number): void {
    if (this.#drawnMs !== undefined && this.#acceptedMs !== undefined) {
      const gapMs = nowMs - this.#drawnMs;
      if ((nowMs - this.#acceptedMs) * 2 > gapMs) this.#roundMs = gapMs;
    }
    this.#drawnMs = nowMs;
    this.#endMs = undefined;
    this.#acceptedMs = undefined;
  }
}
