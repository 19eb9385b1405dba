import type { Clock } from '../../consensus/clock.ts';
import { limits } from './limits.ts';
import type { SyncListener, SyncProgress } from './sync-event.ts';

/** Tells how far a node is that fetches many blocks, now and then, with an estimate by the rate so far. */
export class ProgressReport {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #listener: SyncListener;
  /** Where it began; undefined while nothing is fetched. */
  #start: { readonly height: number; readonly atMs: number } | undefined;
  #toldMs = 0;
  #told: SyncProgress | undefined;

  constructor(clock: Pick<Clock, 'monotonicMs'>, listener: SyncListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** What was told last; undefined while everything that peers have is stored. */
  get told(): SyncProgress | undefined {
    return this.#told;
  }

  /** Blocks up to `height` are stored, of those that peers have. */
  progressed(height: number, target: number): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#start === undefined) {
      this.#start = { height, atMs: nowMs };
      this.#toldMs = nowMs;
    } else if (nowMs - this.#toldMs < limits.progressMs) return;
    if (height >= target) return;
    this.#toldMs = nowMs;
    const done = height - this.#start.height;
    const remainingMs = done > 0 ? ((nowMs - this.#start.atMs) * (target - height)) / done : undefined;
    this.#told = { height, target, remainingMs };
    this.#listener.onSync({ kind: 'syncing', ...this.#told });
  }

  /** Everything that peers have is stored: told where something had to be fetched. */
  caughtUp(height: number): void {
    if (this.#start === undefined) return;
    this.#start = undefined;
    this.#told = undefined;
    this.#listener.onSync({ kind: 'synced', height });
  }
}
