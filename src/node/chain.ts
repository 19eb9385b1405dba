import { inTurns } from '../base/run-to-end.ts';
import { ChainVerifier, type Tip } from '../consensus/verifier.ts';
import { type Block, buildBlock, buildGenesis, type DrawnBlock } from '../core/block.ts';
import { HashChain, isLastLink } from '../core/hash-chain.ts';
import type { Signer, VerifySignature } from '../core/keys.ts';
import type { FrozenPool } from '../core/pool.ts';
import { SumTree } from '../core/sum-tree.ts';
import { limits } from './limits.ts';
import {
  type BlockStore,
  ChainError,
  type Clock,
  DamageError,
  DiskFullError,
  type EventListener,
  type Secrets,
} from './ports.ts';

interface ChainPorts {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly verifySignature: VerifySignature;
  readonly store: BlockStore;
  readonly listener: EventListener;
  /** Whoever waits for a long chain may want to stop. */
  readonly stopAsked?: AbortSignal;
}

/** The chain as the engine keeps it: its tip, the secrets that its next blocks reveal, and the one way to extend it. */
export class Chain {
  readonly #ports: ChainPorts;
  readonly #authority: Signer;
  #tip: Tip;
  #links: HashChain;
  #isStopped = false;
  /** A block is drawn and waits for room on the disk. */
  #isWaiting = false;
  #hasWaited = false;
  #wake: () => void = () => undefined;

  private constructor(ports: ChainPorts, tip: Tip, authority: Signer, links: HashChain) {
    this.#ports = ports;
    this.#authority = authority;
    this.#tip = tip;
    this.#links = links;
  }

  /**
   * Loads the chain from its store, checking every block, or founds a new one with `linksPerChain` links when the store is
   * empty. The listener hears of every block in order. Throws a ChainError when the chain does not hold, or when the
   * secrets are not those that it was begun with, and the reason of `stopAsked` when that comes first.
   */
  static async open(ports: ChainPorts, linksPerChain: number): Promise<Chain> {
    const { clock, secrets } = ports;
    const tip = (await load(ports)) ?? (await found(ports, linksPerChain));
    const { salt, links: length, link } = tip.seal;
    const number = Math.floor(tip.index / length);
    const links = await inTurns(clock, HashChain.make(salt, number, length, secrets.lastLink(salt, number)));
    const authority = secrets.authority(salt);
    if (links.at(tip.index) !== link || authority.key !== tip.authority) {
      throw new ChainError(
        'the master secret is not the one that this chain was begun with, so its next draw can be neither revealed nor signed',
      );
    }
    return new Chain(ports, tip, authority, links);
  }

  get tip(): Tip {
    return this.#tip;
  }

  /** True while a drawn block waits for room on the disk. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** The block that is being stored, or was stored last, had to wait for room on the disk, and the listener has heard so. */
  get hasWaited(): boolean {
    return this.#hasWaited;
  }

  /** Lets go of a block that waits for room on the disk: `extend` rejects then, and nobody has heard of that draw. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  /**
   * Draws the winner of a frozen pool, forges its block, checks it like a stranger's, and stores it. When this resolves, the
   * block is durable and may be announced. While the disk is full it waits, and tries again with the very same block: a draw is never
   * made twice. Rejects with a StoreError when the disk refuses, and with a ChainError when the stored chain is gone. Not to be called again before it has resolved.
   */
  async extend(pool: FrozenPool): Promise<DrawnBlock> {
    const { clock } = this.#ports;
    this.#hasWaited = false;
    const tree = await inTurns(clock, SumTree.grow(pool.leaves));
    const index = this.#tip.index + 1;
    const nextLinks = isLastLink(index, this.#tip.seal.links) ? await this.#nextLinks(index) : undefined;
    const timestamp = clock.timestamp();
    const block = buildBlock({
      index,
      // The wall clock may have gone back; the chain's time never does (SPEC 4).
      timestamp: timestamp < this.#tip.timestamp ? this.#tip.timestamp : timestamp,
      prevHash: this.#tip.hash,
      chainId: this.#tip.chainId,
      authority: this.#authority,
      reveal: this.#links.at(index),
      nextCommitment: nextLinks?.commitment,
      pool,
      tree,
    });
    const checked = new ChainVerifier(this.#ports.verifySignature, this.#tip).next(block);
    if ('fault' in checked) {
      throw new Error(`forged block ${index} breaks the rule ${checked.fault.rule}: ${checked.fault.why}`);
    }
    await this.#store(block, pool);
    this.#tip = checked.tip;
    this.#links = nextLinks ?? this.#links;
    return block;
  }

  /** Rejects with a ChainError when the stored chain was removed, moved or replaced: nothing more may be announced then. */
  async verifyPlace(): Promise<void> {
    await this.#ports.store.verifyPlace();
  }

  async #store(block: DrawnBlock, pool: FrozenPool): Promise<void> {
    const { store, listener } = this.#ports;
    const index = block.Index;
    for (;;) {
      try {
        await store.append(block, pool.candidates);
        break;
      } catch (error) {
        if (!(error instanceof DiskFullError) || this.#isStopped) throw error;
        if (!this.#isWaiting) listener.onEvent({ kind: 'disk-full', index, why: error.message });
        this.#isWaiting = true;
        this.#hasWaited = true;
        await this.#pause(limits.diskRetryMs);
      }
    }
    if (this.#isWaiting) listener.onEvent({ kind: 'disk-free', index });
    this.#isWaiting = false;
  }

  async #pause(milliseconds: number): Promise<void> {
    const { clock } = this.#ports;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      clock.wakeAt(clock.monotonicMs() + milliseconds, resolve);
    });
  }

  #nextLinks(lastIndex: number): Promise<HashChain> {
    const { clock, secrets } = this.#ports;
    const { salt, links } = this.#tip.seal;
    const number = lastIndex / links;
    return inTurns(clock, HashChain.make(salt, number, links, secrets.lastLink(salt, number)));
  }
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

async function found(
  { clock, secrets, store, listener, verifySignature }: ChainPorts,
  linksPerChain: number,
): Promise<Tip> {
  const salt = secrets.newSalt();
  const links = await inTurns(clock, HashChain.make(salt, 0, linksPerChain, secrets.lastLink(salt, 0)));
  const block: Block = buildGenesis(clock.timestamp(), {
    Salt: salt,
    Commitment: links.commitment,
    Links: linksPerChain,
    Authority: secrets.authority(salt).key,
  });
  const checked = new ChainVerifier(verifySignature).next(block);
  if ('fault' in checked)
    throw new Error(`the forged genesis breaks the rule ${checked.fault.rule}: ${checked.fault.why}`);
  await store.append(block, []);
  listener.onEvent({ kind: 'loaded', block, text: JSON.stringify(block) });
  return checked.tip;
}
