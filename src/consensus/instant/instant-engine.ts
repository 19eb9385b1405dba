import { inTurns } from '../../base/run-to-end.ts';
import type { InstantBlock } from '../../core/block.ts';
import { signedBlock } from '../../core/build-block.ts';
import type { Signer } from '../../core/keys.ts';
import type { Candidate } from '../../core/pool.ts';
import { CandidateQueue } from '../candidate-queue.ts';
import type { Engine, EnginePorts, EngineStatus, Proposal, SealedProposal, StoredBlock } from '../engine.ts';
import type { Tip } from '../verifier.ts';
import { limits } from './limits.ts';

export interface InstantEngineOptions extends EnginePorts {
  /** Signs the blocks. */
  readonly authority: Signer;
}

/** A candidate, and those who wait to hear what became of it. */
interface Waiting {
  readonly candidate: Candidate;
  readonly resolve: (sealed: SealedProposal) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes a block of every candidate at once, in the order in which they were accepted. Those that come while the disk is busy share the next synced
 * write, so nobody waits for more than two of them.
 */
export class InstantEngine implements Engine {
  readonly #options: InstantEngineOptions;
  readonly #queue = new CandidateQueue<Waiting>();
  /** The candidates that are being made into blocks. */
  #group: readonly Waiting[] = [];
  /** Those of the queue that a slash has taken out. */
  readonly #withdrawn = new Set<Waiting>();
  #isPaused = false;

  constructor(options: InstantEngineOptions) {
    this.#options = options;
  }

  /** Accepts a candidate, one after the other of the same validator, too; nothing while blocks are paused. */
  propose(validator: string, payload: number): Proposal {
    if (this.#isPaused) return { kind: 'paused' };
    const { stakes, listener, chain } = this.#options;
    const candidate = { validator, stake: stakes.stakeOf(validator), payload };
    const index = chain.height + 1 + this.#group.length + this.#queue.length;
    let isTaken = false;
    const sealed = new Promise<SealedProposal>((resolve, reject) => {
      isTaken = this.#queue.push({ candidate, resolve, reject });
    });
    if (!isTaken) return { kind: 'full' };
    // A proposal whose outcome is not asked for must not end the process when the disk refuses it.
    sealed.catch(() => undefined);
    listener.onEvent({ kind: 'proposed', candidate, index });
    return { kind: 'sealing', sealed };
  }

  isWaiting(validator: string): boolean {
    return [...this.#waiting()].some(({ candidate }) => candidate.validator === validator);
  }

  withdraw(validator: string): void {
    for (const waiting of this.#waiting()) {
      if (waiting.candidate.validator === validator) this.#withdrawn.add(waiting);
    }
  }

  *candidates(): Iterable<Candidate> {
    for (const { candidate } of this.#waiting()) yield candidate;
  }

  async run(stopping: AbortSignal): Promise<void> {
    const stop = (): void => this.#queue.close();
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) stop();
    try {
      // What was accepted before the end is made into blocks, too.
      while ((await this.#queue.ready()) || this.#queue.length > 0) {
        await this.#seal(this.#queue.drain(limits.groupBlocksMax));
      }
    } catch (error) {
      this.#fail(error);
      throw error;
    } finally {
      stop();
    }
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
  }

  /** Blocks come all the time: nothing waits for one. */
  get isBlockDue(): boolean {
    return false;
  }

  status(): EngineStatus {
    const candidates = this.#queue.length - this.#withdrawn.size;
    return {
      kind: 'instant',
      candidates,
      totalStake: 0n,
      remainingMs: undefined,
      isPaused: this.#isPaused,
      isDrawing: this.#group.length > 0,
    };
  }

  *#waiting(): Iterable<Waiting> {
    for (const waiting of this.#queue.entries()) if (!this.#withdrawn.has(waiting)) yield waiting;
  }

  async #seal(taken: readonly Waiting[]): Promise<void> {
    const { chain, clock, candidatesTaken, blockSettled } = this.#options;
    const group = taken.filter((waiting) => !this.#withdrawn.has(waiting));
    for (const waiting of taken) {
      if (this.#withdrawn.delete(waiting)) waiting.reject(new Error('the candidate was withdrawn'));
    }
    candidatesTaken();
    if (group.length === 0) return;
    this.#group = group;
    const { tip } = chain;
    if (tip === undefined) throw new Error('a chain without a genesis cannot be extended');
    const stored = await inTurns(clock, this.#build(tip, group));
    const fault = await chain.acceptAll(stored, () => ({ receipts: oneCandidate }));
    if (fault !== undefined) throw new Error(`built block ${fault.index} breaks the rule ${fault.rule}: ${fault.why}`);
    this.#group = [];
    for (const [place, { resolve }] of group.entries()) {
      const sealed = stored[place];
      if (sealed !== undefined) resolve(sealed);
    }
    blockSettled();
  }

  /** Builds and signs the blocks of a group behind a tip. Yields after each. */
  *#build(tip: Tip, group: readonly Waiting[]): Generator<void, readonly InstantStoredBlock[]> {
    const { clock, authority } = this.#options;
    const stored: InstantStoredBlock[] = [];
    let { index, hash, timestamp } = tip;
    for (const { candidate } of group) {
      const now = clock.timestamp();
      // The wall clock may have gone back; the chain's time never does (SPEC 4).
      timestamp = now < timestamp ? timestamp : now;
      index += 1;
      const content = {
        Index: index,
        Timestamp: timestamp,
        BPM: candidate.payload,
        PrevHash: hash,
        Validator: candidate.validator,
      };
      const block = signedBlock(content, tip.chainId, authority);
      hash = block.Hash;
      stored.push({ block, text: JSON.stringify(block), body: [] });
      yield;
    }
    return stored;
  }

  #fail(error: unknown): void {
    this.#queue.close();
    for (const { reject } of [...this.#group, ...this.#queue.drain()]) reject(error);
    this.#group = [];
  }
}

/** A block with all that is stored of it. */
interface InstantStoredBlock extends StoredBlock {
  readonly block: InstantBlock;
}

/** What is told of a block that had no rivals. */
const oneCandidate = { size: 1, of: () => undefined };
