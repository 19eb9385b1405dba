import { inTurns } from '../../base/run-to-end.ts';
import type { LedgerSummary, SealedBlock, WorkBlock } from '../../core/block.ts';
import type { Candidate } from '../../core/pool.ts';
import type { CommitDetails, Engine, EnginePorts, EngineStatus, Proposal, Receipts, SignedBody } from '../engine.ts';
import type { LedgerToExtend } from '../ledger-to-extend.ts';
import type { Tip } from '../verifier.ts';
import {
  BlockSearch,
  difficultyBehind,
  type SearchedContent,
  type SubmittedNonce,
  type TriedNonce,
} from './block-search.ts';
import { CandidateBacklog, type WaitingCandidate } from './candidate-backlog.ts';
import { aheadOf, isTooFarAhead } from './future.ts';
import { limits } from './limits.ts';
import type { MinedCandidates } from './mined-candidates.ts';
import type { NonceSearch } from './search/nonce-search.ts';

/** When a node searches: while candidates or transactions wait, or without a break, for blocks of its own with BPM 0 (SPEC 7). */
export type MiningTime = 'waiting' | 'always';

export interface WorkEngineOptions extends EnginePorts {
  readonly nonces: NonceSearch;
  readonly mine: MiningTime;
  /** The Validator of the node's own blocks. */
  readonly miner: string;
  readonly mined: MinedCandidates;
}

/** What became of a nonce that was found outside: it is too large, belongs to no content that is wanted, or makes a block, which is stored. */
export type SubmittedWork = SubmittedNonce | { readonly kind: 'stored'; readonly block: WorkBlock };

/** A candidate, or a block of the node's own, which no validator proposed. */
type Wanted = WaitingCandidate | 'own';

/** What a block takes of the ledger of its chain; nothing in a chain without one. */
interface LedgerPart {
  readonly summary?: LedgerSummary;
  readonly signed?: SignedBody;
}

/** Nothing is drawn here, so there are no tickets to be told of. */
const noReceipts: Receipts = { size: 0, of: () => undefined };

/**
 * Makes blocks by work (SPEC 7), for one candidate at a time, the oldest first. The search for a block is given up when another block takes its
 * place on the chain, and when its candidate is withdrawn.
 */
export class WorkEngine implements Engine {
  /** Blocks come when they are found. */
  readonly isBlockDue = false;
  readonly #options: WorkEngineOptions;
  readonly #search: BlockSearch;
  readonly #backlog = new CandidateBacklog();
  /** What is searched for. */
  #wanted: Wanted | undefined;
  /** The block that is searched for or stored, once it is; undefined when it is given up. */
  #made: Promise<WorkBlock | undefined> = Promise.resolve(undefined);
  #isRunning = false;
  #isMaking = false;
  /** A block was found, and is being stored. */
  #isStoring = false;
  /** Resolves when nothing is searched for any more. */
  #making: Promise<void> = Promise.resolve();
  #fail: (error: unknown) => void = () => undefined;
  #isPaused = false;
  /** The operator wants one block more, whether candidates wait or not, and whether the search is paused or not. */
  #isBlockAsked = false;
  /** A block of the node's own would take transactions. */
  #areTransactionsWaiting: boolean;
  /** The tip that is too far in the future to be built on, which has been told. */
  #futureTip: Tip | undefined;
  #wake: () => void = () => undefined;

  constructor(options: WorkEngineOptions) {
    this.#options = options;
    this.#areTransactionsWaiting = options.ledger?.isWaiting === true;
    this.#search = new BlockSearch(options);
  }

  async run(stopping: AbortSignal): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.#isRunning = !stopping.aborted;
    const stop = (): void => this.#stop();
    stopping.addEventListener('abort', stop, { once: true });
    try {
      while (this.#isRunning) {
        this.#seek();
        await Promise.race([failed, this.#idle()]);
        if (this.#isRunning) await this.#options.chain.verifyPlace();
      }
      await Promise.race([failed, this.#making]);
    } finally {
      stopping.removeEventListener('abort', stop);
      this.#stop();
    }
  }

  propose(validator: string, payload: number): Proposal {
    const { stakes, listener } = this.#options;
    const candidate = this.#backlog.add({ validator, payload, stake: stakes.stakeOf(validator) });
    if (candidate === undefined) return { kind: 'full' };
    const tip = this.#tip();
    const ahead = this.#backlog.size - 1;
    const index = tip.index + 1 + ahead;
    listener.onEvent({ kind: 'proposed', candidate, index });
    // A block of the node's own gives way to people.
    if (this.#wanted === 'own') this.#search.interrupt();
    this.#seek();
    const isNext = ahead === 0 && !this.#isPaused;
    return {
      kind: 'queued',
      index,
      round: candidate.number,
      ahead,
      ...(isNext ? { difficulty: difficultyBehind(tip) } : {}),
    };
  }

  isWaiting(validator: string): boolean {
    return this.#backlog.has(validator);
  }

  /** A block that is being stored stays. */
  withdraw(validator: string): undefined {
    this.#backlog.withdraw(validator);
    this.#options.mined.withdraw(validator);
    const wanted = this.#wanted;
    if (wanted !== undefined && wanted !== 'own' && wanted.validator === validator) this.#search.interrupt();
    return undefined;
  }

  candidates(): Iterable<Candidate> {
    return this.#backlog.candidates();
  }

  /** Searches for a block of the node's own where no candidate waits that they could go with. */
  transactionsWait(): void {
    this.#areTransactionsWaiting = true;
    this.#seek();
  }

  /** Searches for one block although no candidate waits, and also while the search is paused. */
  sealNow(): void {
    this.#isBlockAsked = true;
    this.#seek();
  }

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#search.interrupt();
    this.#options.listener.onEvent({ kind: 'paused', hasRounds: false });
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    // Told first: the search begins at once, and tells that it does.
    this.#options.listener.onEvent({ kind: 'resumed', remainingMs: undefined });
    this.#seek();
  }

  /** A block was stored, maybe one from elsewhere: one that is searched for in its place can never be on this chain. */
  tipMoved(): void {
    this.#areTransactionsWaiting = this.#options.ledger?.isWaiting === true;
    this.#search.interrupt();
  }

  /** Blocks fell out of the chain: the candidates of this node that were in them wait again, each in its old place in the order. */
  blocksRemoved(blocks: readonly SealedBlock[]): void {
    for (const { Hash } of blocks) {
      const candidate = this.#options.mined.find(Hash);
      if (candidate !== undefined) this.#backlog.putBack(candidate);
    }
    this.tipMoved();
    this.#seek();
  }

  /** A block is on the chain, maybe again after it fell out: the candidate of this node that is in it waits no longer. */
  blockCommitted({ Hash }: SealedBlock): void {
    const candidate = this.#options.mined.find(Hash);
    if (candidate !== undefined) this.#backlog.remove(candidate);
    this.tipMoved();
  }

  /** Tries one nonce on the block that is searched for, which is taken when it holds with it. */
  tryNonce(nonce: number): TriedNonce {
    return this.#search.tryNonce(nonce);
  }

  /** What nonces are searched for at the moment; undefined when nothing is wanted. */
  get content(): SearchedContent | undefined {
    return this.#search.content;
  }

  /**
   * Takes a nonce that was found outside for one of the last contents. When the block holds with it, resolves once it is stored; rejects as `run`
   * when it cannot be.
   */
  async submitNonce(contentHash: string, nonce: number): Promise<SubmittedWork> {
    const submitted = this.#search.submitNonce(contentHash, nonce);
    if (submitted.kind !== 'tried' || !submitted.holds) return submitted;
    const block = await this.#made;
    return block?.Hash === submitted.hash ? { kind: 'stored', block } : { kind: 'stale' };
  }

  status(): EngineStatus {
    const { progress } = this.#search;
    return {
      kind: 'work',
      candidates: this.#backlog.size,
      totalStake: 0n,
      remainingMs: undefined,
      isPaused: this.#isPaused,
      isDrawing: this.#isStoring,
      ...(progress === undefined ? {} : { search: progress }),
    };
  }

  #tip(): Tip {
    const { tip } = this.#options.chain;
    if (tip === undefined) throw new Error('a chain without a genesis cannot be made longer');
    return tip;
  }

  /** Begins to search for what waits, at once, unless it is done already. */
  #seek(): void {
    if (!this.#isMaking) this.#making = this.#makeAll().catch(this.#fail);
  }

  async #makeAll(): Promise<void> {
    this.#isMaking = true;
    try {
      for (let wanted = this.#next(); wanted !== undefined; wanted = this.#next()) {
        const tip = this.#tip();
        if (this.#isInFuture(tip)) return;
        this.#wanted = wanted;
        this.#made = this.#make(tip, wanted);
        await this.#made;
      }
    } finally {
      this.#isMaking = false;
      this.#wanted = undefined;
    }
  }

  /** What to search for next; undefined for nothing. */
  #next(): Wanted | undefined {
    if (!this.#isRunning || (this.#isPaused && !this.#isBlockAsked)) return undefined;
    const isOwnWanted = this.#isBlockAsked || this.#options.mine === 'always' || this.#areTransactionsWaiting;
    return this.#backlog.oldest ?? (isOwnWanted ? 'own' : undefined);
  }

  /** True when no node would take a block behind this tip yet, because it could not be earlier than the tip (SPEC 7). */
  #isInFuture(tip: Tip): boolean {
    const { clock, listener } = this.#options;
    const aheadMs = aheadOf(tip.timestamp, clock);
    const isInFuture = isTooFarAhead(tip.timestamp, clock);
    if (isInFuture && this.#futureTip !== tip) {
      listener.onEvent({ kind: 'future-tip', index: tip.index, aheadMs });
      // The next look is due sooner than it was.
      this.#wake();
    }
    this.#futureTip = isInFuture ? tip : undefined;
    return isInFuture;
  }

  async #make(tip: Tip, wanted: Wanted): Promise<WorkBlock | undefined> {
    const { chain, listener, miner, mined, ledger } = this.#options;
    const { validator, payload } = wanted === 'own' ? { validator: miner, payload: 0 } : wanted;
    const part = ledger === undefined ? {} : await this.#ledgerPart(ledger, wanted, validator);
    // The ledger was drafted in turns: the candidate may be withdrawn, another block stored, or the search paused since.
    if (part === undefined || chain.tip !== tip || this.#next() !== wanted) return undefined;
    const difficulty = difficultyBehind(tip);
    listener.onEvent({ kind: 'searching', index: tip.index + 1, difficulty, validator, payload });
    const { summary, ...beside } = part;
    const searched = { validator, payload, ...(summary === undefined ? {} : { ledger: summary }) };
    const block = await this.#search.find(tip, searched);
    if (block === undefined || chain.tip !== tip) return undefined;
    const stored = { block, text: JSON.stringify(block), body: [], ...beside };
    this.#isStoring = true;
    if (wanted !== 'own') mined.add(block.Index, block.Hash, wanted);
    const fault = await chain
      .accept(stored, () => this.#settle(wanted))
      .finally(() => {
        this.#isStoring = false;
      });
    if (fault !== undefined) mined.forget(block.Hash);
    // Another block was stored in this place first: the candidate is still the oldest one.
    if (fault !== undefined && chain.tip === tip)
      throw new Error(`built block ${fault.index} breaks the rule ${fault.rule}: ${fault.why}`);
    this.#options.blockSettled();
    return fault === undefined ? block : undefined;
  }

  /**
   * The ledger behind the block that is searched for, with the transactions that wait now: what comes later is for the block after it. Undefined
   * where the block would have been for transactions alone, and the ledger takes none of them.
   */
  async #ledgerPart(ledger: LedgerToExtend, wanted: Wanted, validator: string): Promise<LedgerPart | undefined> {
    const { clock, mine } = this.#options;
    const draft = await ledger.freeze().draft();
    if (draft.transactions.length === 0) {
      this.#areTransactionsWaiting = false;
      if (wanted === 'own' && mine !== 'always' && !this.#isBlockAsked) return undefined;
    }
    const { summary } = await inTurns(clock, draft.finish(validator));
    return { summary, signed: { Transactions: draft.transactions } };
  }

  /** The block that was wanted is stored, and about to be told. */
  #settle(wanted: Wanted): CommitDetails {
    this.#isBlockAsked = false;
    if (wanted === 'own') return { receipts: noReceipts };
    this.#backlog.remove(wanted);
    this.#options.candidatesTaken();
    return { receipts: noReceipts, round: wanted.number };
  }

  /** Waits until it is time to look whether the chain is still in its place, and whether the clock has come up to it. */
  async #idle(): Promise<void> {
    const { clock } = this.#options;
    const waitMs = this.#futureTip === undefined ? limits.placeCheckMs : limits.timestampAgeMaxMs;
    await new Promise<void>((resolve) => {
      const cancel = clock.wakeAt(clock.monotonicMs() + waitMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #stop(): void {
    this.#isRunning = false;
    this.#search.interrupt();
    this.#wake();
  }
}
