import type { ChainKind, Engine, EngineStatus, Proposal } from '../consensus/engine.ts';
import type { Candidate } from '../core/pool.ts';

/** The engine of a node that follows the chain of another: it makes no blocks, because they come from its peers. What people propose goes to the authority. */
export class FollowingEngine implements Engine {
  readonly #kind: ChainKind;

  constructor(kind: ChainKind) {
    this.#kind = kind;
  }

  propose(): Proposal {
    return { kind: 'paused' };
  }

  isWaiting(): boolean {
    return false;
  }

  withdraw(): undefined {
    return undefined;
  }

  candidates(): Iterable<Candidate> {
    return [];
  }

  async run(stopping: AbortSignal): Promise<void> {
    if (stopping.aborted) return;
    await new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }));
  }

  transactionsWait(): void {}

  sealNow(): void {}

  pause(): void {}

  resume(): void {}

  get isBlockDue(): boolean {
    return false;
  }

  status(): EngineStatus {
    return {
      kind: this.#kind,
      candidates: 0,
      totalStake: 0n,
      remainingMs: undefined,
      isPaused: false,
      isDrawing: false,
    };
  }
}
