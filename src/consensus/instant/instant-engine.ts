import { inTurns } from '../../base/run-to-end.ts';
import type { GroupSigner, VerifySignature } from '../../core/keys.ts';
import type { Candidate } from '../../core/pool.ts';
import { CandidateQueue } from '../candidate-queue.ts';
import type { Engine, EnginePorts, EngineStatus, Proposal, SealedProposal } from '../engine.ts';
import type { LedgerToExtend } from '../ledger-to-extend.ts';
import type { Fault, Tip } from '../verifier.ts';
import { GroupDraft } from './group-draft.ts';
import { makeLedgerBlocks } from './ledger-blocks.ts';
import { limits } from './limits.ts';

export interface InstantEngineOptions extends EnginePorts {
  /** Signs the blocks. */
  readonly authority: GroupSigner;
}

/** A candidate, and those who wait to hear what became of it. */
interface Waiting {
  readonly candidate: Candidate;
  readonly resolve: (sealed: SealedProposal) => void;
  readonly reject: (error: unknown) => void;
  /** It stands for the transactions that wait, and was not proposed by a validator. */
  readonly isForTransactions?: true;
}

/**
 * Makes a block of every candidate at once, in the order in which they were accepted. Those that come while the disk is busy share the next synced
 * write, so a candidate waits for two of them at most, and are hashed and signed meanwhile. In a chain with a ledger
 * the first of a group takes the transactions that wait.
 */
export class InstantEngine implements Engine {
  readonly #options: InstantEngineOptions;
  readonly #queue = new CandidateQueue<Waiting>();
  /** The candidates that are being made into blocks. */
  #group: readonly Waiting[] = [];
  /** The index of the last block that they become. */
  #lastTaken: number | undefined;
  /** The blocks of the first in the queue, drafted while the group before is being stored. A withdrawal makes it useless. */
  #ahead: GroupDraft | undefined;
  #isDrafting = false;
  /** Those of the queue that a slash has taken out. */
  readonly #withdrawn = new Set<Waiting>();
  /** A block for transactions alone is in the queue: one is enough for all that wait. */
  #isTransactionBlockDue = false;
  #isPaused = false;

  constructor(options: InstantEngineOptions) {
    this.#options = options;
  }

  /** Accepts a candidate, one after the other of the same validator, too; nothing while blocks are paused. */
  propose(validator: string, payload: number): Proposal {
    if (this.#isPaused) return { kind: 'paused' };
    const { stakes, listener, chain } = this.#options;
    const candidate = { validator, stake: stakes.stakeOf(validator), payload };
    const index = (this.#lastTaken ?? chain.height) + 1 + this.#queue.length;
    let isTaken = false;
    const sealed = new Promise<SealedProposal>((resolve, reject) => {
      isTaken = this.#queue.push({ candidate, resolve, reject });
    });
    if (!isTaken) return { kind: 'full' };
    // A proposal whose outcome is not asked for must not end the process when the disk refuses it.
    sealed.catch(() => undefined);
    listener.onEvent({ kind: 'proposed', candidate, index });
    if (this.#ahead !== undefined && !this.#isDrafting) void this.#draftAhead();
    return { kind: 'sealing', sealed };
  }

  isWaiting(validator: string): boolean {
    return [...this.#waiting()].some(({ candidate }) => candidate.validator === validator);
  }

  withdraw(validator: string): undefined {
    for (const waiting of this.#waiting()) {
      if (waiting.candidate.validator === validator) this.#withdrawn.add(waiting);
    }
    return undefined;
  }

  *candidates(): Iterable<Candidate> {
    for (const { candidate } of this.#waiting()) yield candidate;
  }

  async run(stopping: AbortSignal): Promise<void> {
    const stop = (): void => this.#queue.close();
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) stop();
    this.#takeUpTransactions();
    try {
      // What was accepted before the end is made into blocks, too.
      while ((await this.#queue.ready()) || this.#queue.length > 0) {
        await this.#options.chain.making(() => this.#seal(this.#queue.drain(this.#groupBlocksMax)));
      }
    } catch (error) {
      this.#fail(error);
      throw error;
    } finally {
      stop();
    }
  }

  /** They go with the next candidate, and where none waits into a block of their own, which is the faucet's with BPM 0. */
  transactionsWait(): void {
    this.#takeUpTransactions();
  }

  /** Every candidate is made into a block at once, so there is nothing to bring forward. */
  sealNow(): void {}

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#options.listener.onEvent({ kind: 'paused', hasRounds: false });
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#options.listener.onEvent({ kind: 'resumed', remainingMs: undefined });
    this.#takeUpTransactions();
  }

  /** Blocks come all the time: nothing waits for one. */
  get isBlockDue(): boolean {
    return false;
  }

  status(): EngineStatus {
    const candidates = this.#queue.length - this.#withdrawn.size - (this.#isTransactionBlockDue ? 1 : 0);
    return {
      kind: 'instant',
      candidates,
      totalStake: 0n,
      remainingMs: undefined,
      isPaused: this.#isPaused,
      isDrawing: this.#group.length > 0,
    };
  }

  get #groupBlocksMax(): number {
    return this.#options.ledger === undefined ? limits.groupBlocksMax : limits.ledgerGroupBlocksMax;
  }

  *#waiting(): Iterable<Waiting> {
    for (const waiting of this.#queue.entries()) {
      if (!this.#withdrawn.has(waiting) && waiting.isForTransactions === undefined) yield waiting;
    }
  }

  #takeUpTransactions(): void {
    const { ledger } = this.#options;
    if (ledger?.isWaiting !== true || this.#isPaused || this.#isTransactionBlockDue) return;
    const candidate = { validator: ledger.standIn, stake: 0n, payload: 0 };
    // Where the queue is full, the candidates in it take the transactions with them.
    this.#isTransactionBlockDue = this.#queue.push({
      candidate,
      resolve: () => undefined,
      reject: () => undefined,
      isForTransactions: true,
    });
  }

  /**
   * Drafts the blocks of those who come while a group is being stored, in turns of their own: a proposal takes no longer for it, and a thousand that
   * come at once do not hold up the event loop.
   */
  async #draftAhead(): Promise<void> {
    const { clock } = this.#options;
    this.#isDrafting = true;
    await clock.yieldToEventLoop();
    if (this.#ahead !== undefined) await inTurns(clock, this.#draftQueue(this.#ahead));
    this.#isDrafting = false;
  }

  /** Adds the first of the queue to the draft of the next group, until that is full or is taken. Yields after each. */
  *#draftQueue(draft: GroupDraft): Generator<void, void> {
    while (this.#ahead === draft && draft.length < limits.groupBlocksMax) {
      const waiting = this.#queue.at(draft.length);
      if (waiting === undefined) return;
      draft.add(waiting.candidate);
      yield;
    }
  }

  async #seal(taken: readonly Waiting[]): Promise<void> {
    const { chain, ledger, candidatesTaken, blockSettled } = this.#options;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const group = taken.filter((waiting) => !this.#withdrawn.has(waiting));
    for (const waiting of taken) {
      if (this.#withdrawn.delete(waiting)) waiting.reject(new Error('the candidate was withdrawn'));
    }
    candidatesTaken();
    if (group.length === 0) return;
    this.#group = group;
    const { tip } = chain;
    if (tip === undefined) throw new Error('a chain without a genesis cannot be extended');
    this.#lastTaken = tip.index + group.length;
    if (ledger === undefined) await this.#sealTogether(tip, group, group.length === taken.length ? ahead : undefined);
    else await this.#sealWithLedger(ledger, tip, group);
    this.#group = [];
    this.#lastTaken = undefined;
    // What the ledger has refused once is not tried again before another block has changed it.
    if (chain.tip !== tip) this.#takeUpTransactions();
    blockSettled();
  }

  async #sealTogether(tip: Tip, group: readonly Waiting[], ahead: GroupDraft | undefined): Promise<void> {
    const { chain, clock, authority } = this.#options;
    // Each block depends on the one before it: where one is taken out, those behind it are drafted anew.
    const draft = ahead ?? new GroupDraft(clock, authority, tip.chainId, tip);
    await inTurns(clock, addAll(draft, group));
    const stored = await draft.signed();
    this.#ahead = new GroupDraft(clock, authority, tip.chainId, draft.end);
    if (this.#queue.length > 0 && !this.#isDrafting) void this.#draftAhead();
    const isSignedHere: VerifySignature = (...signed) => draft.hasSigned(...signed);
    const fault = await chain.acceptAll(stored, () => ({ receipts: oneCandidate }), isSignedHere);
    throwIfFaulty(fault);
    await inTurns(clock, resolveAll(group, stored));
  }

  async #sealWithLedger(ledger: LedgerToExtend, tip: Tip, group: readonly Waiting[]): Promise<void> {
    const { chain, clock, authority } = this.#options;
    const proposed = group.filter(({ isForTransactions }) => isForTransactions === undefined);
    if (proposed.length < group.length) this.#isTransactionBlockDue = false;
    // What waits goes with a candidate, and needs no block of its own then. The blocks before may have taken all of it.
    if (proposed.length === 0 && !ledger.isWaiting) return;
    const taken = proposed.length === 0 ? group : proposed;
    const candidates = taken.map(({ candidate }) => candidate);
    const stored = await makeLedgerBlocks({ clock, authority, ledger }, tip, candidates);
    if (proposed.length === 0 && stored[0]?.signed.Transactions.length === 0) return;
    throwIfFaulty(await chain.acceptAll(stored, () => ({ receipts: oneCandidate })));
    await inTurns(clock, resolveAll(taken, stored));
  }

  #fail(error: unknown): void {
    this.#queue.close();
    for (const { reject } of [...this.#group, ...this.#queue.drain()]) reject(error);
    this.#group = [];
  }
}

/** Adds those of a group that are not yet in its draft. Yields after each. */
function* addAll(draft: GroupDraft, group: readonly Waiting[]): Generator<void, void> {
  for (const { candidate } of group.slice(draft.length)) {
    draft.add(candidate);
    yield;
  }
}

/** Tells those who wait what became of their candidates. Yields after each. */
function* resolveAll(group: readonly Waiting[], stored: readonly SealedProposal[]): Generator<void, void> {
  for (const [place, { resolve }] of group.entries()) {
    const sealed = stored[place];
    if (sealed !== undefined) resolve(sealed);
    yield;
  }
}

function throwIfFaulty(fault: Fault | undefined): void {
  if (fault !== undefined) throw new Error(`built block ${fault.index} breaks the rule ${fault.rule}: ${fault.why}`);
}

/** What is told of a block that had no rivals. */
const oneCandidate = { size: 1, of: () => undefined };
