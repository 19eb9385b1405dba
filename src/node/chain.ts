import { inTurns } from '../base/run-to-end.ts';
import type { Clock } from '../consensus/clock.ts';
import type { ChainToExtend, CommitDetails, StoredBlock } from '../consensus/engine.ts';
import { ChainVerifier, type Fault, type Tip } from '../consensus/verifier.ts';
import { type Block, isGenesis, type SealedBlock } from '../core/block.ts';
import type { VerifySignature } from '../core/keys.ts';
import { limits } from './limits.ts';
import { type BlockStore, DamageError, DiskFullError, type EventListener } from './ports.ts';

export interface ChainPorts {
  readonly clock: Clock;
  readonly verifySignature: VerifySignature;
  readonly store: BlockStore;
  readonly listener: EventListener;
  /** Whoever waits for a long chain may want to stop. */
  readonly stopAsked?: AbortSignal;
}

/**
 * A verified chain with its store: its tip, and the one way to make it longer. It needs no secret, so it takes blocks that were made
 * elsewhere as well as those that are made here.
 */
export class Chain implements ChainToExtend {
  readonly #ports: ChainPorts;
  #tip: Tip | undefined;
  #isStopped = false;
  /** A block is drawn and waits for room on the disk. */
  #isWaiting = false;
  #hasWaited = false;
  #wake: () => void = () => undefined;

  private constructor(ports: ChainPorts, tip: Tip | undefined) {
    this.#ports = ports;
    this.#tip = tip;
  }

  /**
   * Loads the chain from its store and verifies every block; an empty store gives an empty chain. The listener hears of every block in order.
   * Throws a DamageError when the chain does not hold, and the reason of `stopAsked` when that comes first.
   */
  static async open(ports: ChainPorts): Promise<Chain> {
    return new Chain(ports, await load(ports));
  }

  /** The last block that is stored; undefined before the genesis is. */
  get tip(): Tip | undefined {
    return this.#tip;
  }

  /** The index of the last block that is stored; -1 before the genesis is. */
  get height(): number {
    return this.#tip?.index ?? -1;
  }

  /** True while a drawn block waits for room on the disk. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** The block that is being stored, or was stored last, had to wait for room on the disk, and the listener has heard so. */
  get hasWaited(): boolean {
    return this.#hasWaited;
  }

  /** Lets go of a block that waits for room on the disk: `accept` rejects then, and nobody has heard of that draw. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  /** Begins an empty chain with its genesis and returns the tip that this makes. Rejects as the store does, also when the disk is full. */
  async found(genesis: StoredBlock): Promise<Tip> {
    const checked = this.#check(genesis);
    if ('fault' in checked) throw new Error(`the genesis breaks the rule ${checked.fault.rule}: ${checked.fault.why}`);
    await this.#ports.store.append(genesis);
    this.#tip = checked.tip;
    this.#ports.listener.onEvent({ kind: 'loaded', block: checked.block, text: genesis.text });
    return checked.tip;
  }

  /**
   * Takes the block that comes next, whoever made it: verifies it like a stranger's, stores it, and only then tells the listener. Returns the
   * rule that it breaks, and nothing is changed then. Its body is stored as it is: one that was sent by a stranger is checked before, by `findPoolFault`.
   *
   * While the disk is full it waits, and tries again with the very same block: a draw is never made twice. Rejects with a StoreError when the
   * disk refuses, and with a ChainError when the stored chain is gone. Not to be called again before it has resolved.
   * @param detail called once the block is durable, before anybody hears of it
   */
  async accept(stored: StoredBlock, detail: () => CommitDetails): Promise<Fault | undefined> {
    return this.acceptAll([stored], detail);
  }

  /**
   * The same for several blocks that follow each other. They share one write: all are stored or none is, and each is told in its turn. The first
   * fault of any is returned.
   */
  async acceptAll(
    stored: readonly StoredBlock[],
    detail: (stored: StoredBlock) => CommitDetails,
  ): Promise<Fault | undefined> {
    const checked = await inTurns(this.#ports.clock, checkAll(this.#verifier(), stored));
    if ('index' in checked) return checked;
    this.#hasWaited = false;
    const storedMs = await this.#store(stored);
    for (const { given, block, tip } of checked) {
      const details = detail(given);
      this.#tip = tip;
      const { text, body } = given;
      this.#ports.listener.onEvent({ kind: 'committed', block, text, body, storedMs, ...details });
    }
    return undefined;
  }

  /** Rejects with a ChainError when the stored chain was removed, moved or replaced: nothing more may be announced then. */
  async verifyPlace(): Promise<void> {
    await this.#ports.store.verifyPlace();
  }

  /** The text is what is checked, as the text is what everybody is given. */
  #check({ text }: StoredBlock): { readonly block: Block; readonly tip: Tip } | { readonly fault: Fault } {
    return this.#verifier().nextText(text);
  }

  #verifier(): ChainVerifier {
    return new ChainVerifier(this.#ports.verifySignature, this.#tip);
  }

  async #store(stored: readonly StoredBlock[]): Promise<number> {
    const { clock, store, listener } = this.#ports;
    const index = this.height + 1;
    let startMs = clock.monotonicMs();
    for (;;) {
      try {
        await store.append(...stored);
        break;
      } catch (error) {
        if (!(error instanceof DiskFullError) || this.#isStopped) throw error;
        if (!this.#isWaiting) listener.onEvent({ kind: 'disk-full', index, why: error.message });
        this.#isWaiting = true;
        this.#hasWaited = true;
        await this.#pause(limits.diskRetryMs);
        startMs = clock.monotonicMs();
      }
    }
    const storedMs = clock.monotonicMs() - startMs;
    if (this.#isWaiting) listener.onEvent({ kind: 'disk-free', index });
    this.#isWaiting = false;
    return storedMs;
  }

  async #pause(milliseconds: number): Promise<void> {
    const { clock } = this.#ports;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      clock.wakeAt(clock.monotonicMs() + milliseconds, resolve);
    });
  }
}

interface CheckedBlock {
  readonly given: StoredBlock;
  readonly block: SealedBlock;
  readonly tip: Tip;
}

/** Checks blocks one after the other by their texts; returns the first fault. Yields between two of them. */
function* checkAll(
  verifier: ChainVerifier,
  stored: readonly StoredBlock[],
): Generator<void, readonly CheckedBlock[] | Fault> {
  const blocks: CheckedBlock[] = [];
  for (const given of stored) {
    if (blocks.length > 0) yield;
    const checked = verifier.nextText(given.text);
    if ('fault' in checked) return checked.fault;
    const { block, tip } = checked;
    if (isGenesis(block)) throw new Error('a chain is begun by `found`');
    blocks.push({ given, block, tip });
  }
  return blocks;
}

async function load({ store, listener, stopAsked, verifySignature }: ChainPorts): Promise<Tip | undefined> {
  const verifier = new ChainVerifier(verifySignature);
  for await (const batch of store.blocks()) {
    stopAsked?.throwIfAborted();
    for (const text of batch) {
      const checked = verifier.nextText(text);
      if ('fault' in checked) {
        const { index, rule, why } = checked.fault;
        throw new DamageError(`block ${index} of the stored chain breaks the rule "${rule}": ${why}`);
      }
      listener.onEvent({ kind: 'loaded', block: checked.block, text });
    }
  }
  return verifier.tip;
}
