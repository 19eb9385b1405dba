import type { ChainKind, LogStatus, SealStatus } from '../consensus/engine.ts';
import type { SearchProgress } from '../consensus/work/search-progress.ts';
import type { DoorStatus, LedgerStatus, NetworkStatus, Search, Snapshot, Status } from './api/types.ts';
import type { BlockRate } from './block-rate.ts';
import type { PageLedger } from './ledger-routes.ts';
import type { LiveState } from './live-state.ts';
import { sealReport } from './seal-report.ts';

/** The part of the lottery's own status that the dashboard reports. */
export interface LotteryStatus {
  readonly kind: ChainKind;
  readonly validators: number;
  /** Candidates that wait. */
  readonly candidates: number;
  /** Undefined where there are no rounds. */
  readonly remainingMs: number | undefined;
  readonly isPaused: boolean;
  readonly isDrawing: boolean;
  readonly isDiskFull: boolean;
  readonly isSandbox: boolean;
  readonly seed?: string | undefined;
  readonly search?: SearchProgress;
  readonly seal?: SealStatus;
  readonly log?: LogStatus;
}

export interface StatusReportOptions {
  readonly version: string;
  /** A round. */
  readonly intervalMs: number;
  readonly liveState: LiveState;
  readonly blockRate: BlockRate;
  readonly lotteryStatus: () => LotteryStatus;
  /** Undefined in a chain without a ledger. */
  readonly ledger: () => Pick<PageLedger, 'supply' | 'accountCount' | 'terms' | 'waitingCount'> | undefined;
  /** Undefined on a server without other nodes. */
  readonly network: () => NetworkStatus | undefined;
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
    const { version, intervalMs, liveState, blockRate, lotteryStatus, connections, subscribers } = this.#options;
    const {
      kind,
      validators,
      candidates,
      remainingMs,
      isPaused,
      isDrawing,
      isDiskFull,
      isSandbox,
      seed,
      search,
      seal,
      log,
    } = lotteryStatus();
    const hasRounds = kind === 'lottery';
    const ledger = this.#ledger();
    const network = this.#options.network();
    return {
      version,
      consensus: kind,
      height: liveState.height,
      phase: isDiskFull ? 'disk-full' : isDrawing ? 'drawing' : isPaused ? 'paused' : 'open',
      intervalMs: liveState.workIntervalMs ?? intervalMs,
      remainingMs: Math.round(remainingMs ?? 0),
      candidates: hasRounds ? liveState.candidates : candidates,
      totalStake: String(liveState.totalStake),
      validators,
      connections: connections(),
      watchers: subscribers(),
      join: this.#join,
      pages: this.#pages,
      ...(isSandbox ? { sandbox: true } : {}),
      ...(seed === undefined ? {} : { seed }),
      ...(ledger === undefined ? {} : { ledger }),
      ...(hasRounds ? {} : { blocksPerMinute: blockRate.perMinute }),
      ...(search === undefined ? {} : this.#search(search)),
      ...(seal === undefined ? {} : { seal: sealReport(seal) }),
      ...(network === undefined ? {} : { network }),
      ...(log === undefined ? {} : { log: doorStatus(log) }),
    };
  }

  #ledger(): LedgerStatus | undefined {
    const ledger = this.#options.ledger();
    if (ledger === undefined) return undefined;
    const { supply, accountCount, terms, waitingCount } = ledger;
    return { supply: String(supply), accounts: accountCount, reward: String(terms.reward), waiting: waitingCount };
  }

  /** The search with what it is for; nothing in the moment before that is known. */
  #search({ index, difficulty, tried, elapsedMs }: SearchProgress): { readonly search?: Search } {
    const { searched } = this.#options.liveState;
    if (searched?.index !== index) return {};
    const { validator, payload } = searched;
    return {
      search: {
        index,
        difficulty: String(difficulty),
        validator,
        bpm: payload,
        tried,
        elapsedMs: Math.round(elapsedMs),
      },
    };
  }

  snapshot(): Snapshot {
    const { liveState } = this.#options;
    const { newest } = liveState;
    return { status: this.status(), segments: liveState.segments(), newest, profiles: liveState.profilesOf(newest) };
  }
}

function doorStatus({ leader, ...log }: LogStatus): DoorStatus {
  return { ...log, ...(leader === undefined ? {} : { leader }) };
}
