import type { ChainKind } from '../consensus/engine.ts';
import type { Snapshot, Status } from './api/types.ts';
import type { LiveState } from './live-state.ts';

/** The part of the lottery's own status that the dashboard reports. */
export interface LotteryStatus {
  readonly validators: number;
  readonly kind: ChainKind;
  /** Undefined where there are no rounds. */
  readonly remainingMs: number | undefined;
  readonly isPaused: boolean;
  readonly isDrawing: boolean;
  readonly isDiskFull: boolean;
}

export interface StatusReportOptions {
  readonly version: string;
  readonly intervalMs: number;
  readonly liveState: LiveState;
  readonly lotteryStatus: () => LotteryStatus;
  /** Participants: connected at nc, with or without a stake, or with a seat over HTTP. */
  readonly connections: () => number;
  /** Subscribers of the event stream. */
  readonly subscribers: () => number;
}

/** Composes what the API and the events say about the current state of the lottery. */
export class StatusReport {
  readonly #options: StatusReportOptions;
  #join: readonly string[] = [];
  #pages: readonly string[] = [];

  constructor(options: StatusReportOptions) {
    this.#options = options;
  }

  /** Sets the commands to join and the addresses of the page, which are known only when the server listens. */
  setAddresses(join: readonly string[], pages: readonly string[]): void {
    this.#join = join;
    this.#pages = pages;
  }

  status(): Status {
    const { version, intervalMs, liveState, lotteryStatus, connections, subscribers } = this.#options;
    const { kind, validators, remainingMs, isPaused, isDrawing, isDiskFull } = lotteryStatus();
    return {
      version,
      consensus: kind,
      height: liveState.height,
      phase: isDiskFull ? 'disk-full' : isDrawing ? 'drawing' : isPaused ? 'paused' : 'open',
      intervalMs,
      remainingMs: Math.round(remainingMs ?? 0),
      candidates: liveState.candidates,
      totalStake: String(liveState.totalStake),
      validators,
      connections: connections(),
      watchers: subscribers(),
      join: this.#join,
      pages: this.#pages,
    };
  }

  snapshot(): Snapshot {
    const { liveState } = this.#options;
    return { status: this.status(), segments: liveState.segments(), newest: liveState.newest };
  }
}
