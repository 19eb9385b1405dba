import { inTurns } from '../base/run-to-end.ts';
import type { Clock } from '../consensus/clock.ts';
import type { ChainToExtend, CommitDetails, StoredBlock } from '../consensus/engine.ts';
import { ChainVerifier, type Checked, type Fault, type Tip } from '../consensus/verifier.ts';
import type { VerifyBeacon } from '../core/beacon.ts';
import { type GenesisBlock, isGenesis, type SealedBlock } from '../core/block.ts';
import { parseExact } from '../core/exact-json.ts';
import type { VerifySignature } from '../core/keys.ts';
import { loadBeaconVerifier } from '../core/load-beacon-verifier.ts';
import { type LedgerChange, LedgerState } from '../ledger/ledger-state.ts';
import { idsOf, judgeBranch, type Rejection, readRemoved, transactionTexts } from './branch.ts';
import { type AcceptedBlock, checkAll } from './check-blocks.ts';
import {
  blocksPerCheckpoint,
  checkpointText,
  parseCheckpoint,
  type ReadCheckpoint,
  readCheckpoint,
} from './checkpoint.ts';
import { ChainHistory, type ForkPoint, readForkPoint } from './fork-point.ts';
import { limits } from './limits.ts';
import {
  AccountsError,
  type AppendedBlock,
  type BlockStore,
  DamageError,
  DiskFullError,
  type EventListener,
  type RemovedBlock,
  type Rollback,
} from './ports.ts';
import { writesOf } from './shared-writes.ts';

export interface ChainPorts {
  readonly clock: Clock;
  readonly verifySignature: VerifySignature;
  readonly store: BlockStore;
  readonly listener: EventListener;
  /** Blocks are kept without what lies beside them, and judged as far as they prove themselves; of a ledger no account is known. */
  readonly keeps?: 'headers';
  /** Every stored block is verified, also those that a checkpoint tells of. */
  readonly verifiesAll?: boolean;
  /** From one checkpoint to the next; as `limits` say where it is left out. */
  readonly blocksPerCheckpoint?: number;
  /** Aborted when the loading of a long chain is not wanted any more. */
  readonly stopAsked?: AbortSignal;
}

/**
 * A verified chain with its store: its tip, and the one way to make it longer. It needs no secret, so it takes blocks that were made
 * elsewhere as well as those that are made here.
 */
export class Chain implements ChainToExtend {
  readonly #ports: ChainPorts;
  readonly #history = new ChainHistory();
  /** What changes the chain after what was asked for before, and what makes blocks. */
  #lastChange: Promise<unknown> = Promise.resolve();
  #lastMaking: Promise<unknown> = Promise.resolve();
  #tip: Tip | undefined;
  #state: LedgerState | undefined;
  /** In a chain whose draws wait for beacons. */
  #verifyBeacon: VerifyBeacon | undefined;
  #isStopped = false;
  /** A block is drawn and waits for room on the disk. */
  #isWaiting = false;
  #hasWaited = false;
  #wake: () => void = () => undefined;
  /** The block of the last checkpoint. */
  #checkpointed: number;
  readonly #takenAtWord: number | undefined;

  private constructor(ports: ChainPorts, { tip, state, verifyBeacon, takenAtWord }: Loaded) {
    this.#ports = ports;
    this.#takenAtWord = takenAtWord;
    this.#checkpointed = takenAtWord ?? 0;
    this.#tip = tip;
    this.#state = state;
    this.#verifyBeacon = verifyBeacon;
    this.#keepCheckpoint();
  }

  /**
   * Loads the chain from its store; an empty store gives an empty chain. Blocks that a checkpoint of this store tells of were verified before, and are taken at its word; all others
   * are verified. The listener hears of the genesis and the newest blocks in order, of all where there is no checkpoint.
   * Throws a DamageError when the chain does not hold, an AccountsError when the stored accounts of a ledger are not those behind its last block, and the reason of `stopAsked` when that comes first.
   */
  static async open(ports: ChainPorts): Promise<Chain> {
    return new Chain(ports, await load(ports));
  }

  /** The last block that was taken at the word of a checkpoint; undefined where every block was verified at this start. */
  get takenAtWord(): number | undefined {
    return this.#takenAtWord;
  }

  /** The last block that is stored; undefined before the genesis is. */
  get tip(): Tip | undefined {
    return this.#tip;
  }

  /** The ledger behind the last block that is stored; undefined in a chain without one. Only this chain changes it. */
  get state(): LedgerState | undefined {
    return this.#state;
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

  /** Lets go of a block that waits for room on the disk: `accept` rejects then, and people have not heard of that draw. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  /** Begins an empty chain with its genesis and returns the tip that this makes. Rejects as the store does, also when the disk is full. */
  async found(genesis: StoredBlock): Promise<Tip> {
    const checked = await this.#check(genesis);
    if ('fault' in checked) throw new Error(`the genesis breaks the rule ${checked.fault.rule}: ${checked.fault.why}`);
    if (!isGenesis(checked.block)) throw new Error('a chain is begun with a genesis');
    const state = this.#ports.keeps === 'headers' ? undefined : await stateOfGenesis(this.#ports.clock, checked.block);
    const effects =
      state === undefined
        ? {}
        : { effects: { accounts: new Map([...state.accounts()].entries()), transactionIds: [] } };
    this.#verifyBeacon = await loadBeaconVerifier(checked.tip.form);
    await this.#ports.store.append({ ...genesis, ...effects });
    this.#tip = checked.tip;
    this.#state = state;
    this.#ports.listener.onEvent({ kind: 'loaded', block: checked.block, text: genesis.text });
    return checked.tip;
  }

  /**
   * Takes the block that comes next, from here or from elsewhere: verifies it like a stranger's, stores it, and only then tells the listener. Returns the
   * rule that it breaks, and nothing is changed then. Its body is stored as it is: one that was sent by a stranger is checked before, by `findPoolFault`.
   * With a ledger a body may be left out: it follows from the signed candidates.
   *
   * While the disk is full it waits, and tries again with the very same block: a draw is never made twice. Rejects with a StoreError when the
   * disk refuses, and with a ChainError when the stored chain is gone. What is asked for meanwhile is done afterwards.
   * @param detail called once the block is durable, before anybody hears of it
   */
  async accept(stored: StoredBlock, detail: () => CommitDetails): Promise<Fault | undefined> {
    return this.acceptAll([stored], detail);
  }

  /**
   * The same for several blocks that follow each other. They share one write: all are stored or none is, and each is told in its turn. The first
   * fault of any is returned. Blocks with many transactions take several writes, so that none holds up the event loop.
   * @param isSignedHere true for signatures that the caller has made itself just now, which are not verified again
   */
  async acceptAll(
    stored: readonly StoredBlock[],
    detail: (stored: StoredBlock) => CommitDetails,
    isSignedHere?: VerifySignature,
  ): Promise<Fault | undefined> {
    return this.#inTurn(async () => {
      for (const together of writesOf(stored)) {
        const fault = await this.#acceptTogether(together, detail, isSignedHere);
        if (fault !== undefined) return fault;
      }
      return undefined;
    });
  }

  /**
   * Takes another branch in place of the end of this chain, where all of it holds and it is heavier (SPEC 7): the one that was known first stays
   * otherwise. All is stored in one write. The listener hears which blocks fell out, and then of every block of the branch as of any other.
   * @param branch blocks that follow each other, the first behind a block of this chain
   */
  async adopt(branch: readonly StoredBlock[], detail: (stored: StoredBlock) => CommitDetails): Promise<Adoption> {
    return this.#inTurn(() => this.#adopt(branch, detail));
  }

  /** The tip as it was behind an earlier block. */
  async tipAt(index: number): Promise<Tip | undefined> {
    return this.#inTurn(async () => {
      if (index < 0 || index > this.height) return undefined;
      if (index === this.height) return this.#tip;
      return (this.#history.pointAt(index) ?? (await readForkPoint(this.#ports, index, undefined))).tip;
    });
  }

  async #adopt(branch: readonly StoredBlock[], detail: (stored: StoredBlock) => CommitDetails): Promise<Adoption> {
    const [first] = branch;
    const { clock, store } = this.#ports;
    if (first === undefined || this.#tip === undefined || isGenesis(first.block)) return { kind: 'unlinked' };
    const { Index, PrevHash } = first.block;
    const fork = Index - 1;
    if (fork < 0 || fork > this.height) return { kind: 'unlinked' };
    const point =
      fork === this.height
        ? { tip: this.#tip }
        : (this.#history.pointAt(fork) ?? (await readForkPoint(this.#ports, fork, this.#state)));
    if (point.tip.hash !== PrevHash) return { kind: 'unlinked' };
    const judged = await judgeBranch({ ...this.#ports, tip: this.#tip, state: this.#state }, branch, point);
    if ('kind' in judged) return judged;
    const { back, removed, rollback } = await this.#rollbackTo(point);
    const appended = judged.map(({ given, effects }) => ({ ...given, ...effects }));
    const storedMs = await this.#whenThereIsRoom(() =>
      removed.length === 0
        ? store.append(...appended)
        : store.replace({ ...rollback, returned: transactionTexts(point.tip, removed) }, ...appended),
    );
    if (removed.length > 0) this.#goBack(point.tip, back, removed, branch.length);
    await inTurns(clock, this.#tellAll(judged, storedMs, detail));
    this.#keepCheckpoint();
    return { kind: 'adopted', removed: removed.length };
  }

  /**
   * Gives up the blocks behind an earlier one for nothing, once the block that is being made is stored. For sandboxes alone: people were told of these
   * blocks.
   */
  async revertTo(fork: number): Promise<void> {
    await this.making(() => this.#inTurn(() => this.#revertTo(fork)));
  }

  async #revertTo(fork: number): Promise<void> {
    if (fork >= this.height) return;
    const point = this.#history.pointAt(fork) ?? (await readForkPoint(this.#ports, fork, this.#state));
    const { back, removed, rollback } = await this.#rollbackTo(point);
    await this.#whenThereIsRoom(() => this.#ports.store.replace(rollback));
    this.#goBack(point.tip, back, removed, 0);
  }

  async making<Result>(make: () => Promise<Result>): Promise<Result> {
    const result = this.#lastMaking.then(make);
    this.#lastMaking = result.catch(() => undefined);
    return result;
  }

  /** What the store gives up on the way back to a block, and how the accounts change with it. */
  async #rollbackTo({ tip, back: accounts }: ForkPoint): Promise<WayBack> {
    const { clock, store } = this.#ports;
    const back = accounts && (await inTurns(clock, this.#changeBack(tip.index, accounts)));
    const removed = await readRemoved(store, tip, this.height);
    const undone = back === undefined ? {} : { undone: { ...back, ...idsOf(tip, removed) } };
    return { back, removed, rollback: { first: tip.index + 1, ...undone } };
  }

  #changeBack(fork: number, { accounts, accountCount }: NonNullable<ForkPoint['back']>): Generator<void, LedgerChange> {
    if (this.#state === undefined) throw new Error('a chain without a ledger has no accounts');
    return this.#state.change(fork, accounts, accountCount);
  }

  #goBack(tip: Tip, back: LedgerChange | undefined, removed: readonly RemovedBlock[], added: number): void {
    if (back !== undefined) this.#state?.swap(back);
    this.#tip = tip;
    this.#history.goBack(tip.index);
    this.#keepCheckpoint();
    const change = back === undefined ? {} : { change: back };
    this.#ports.listener.onEvent({ kind: 'reorganised', fork: tip.index, removed, added, ...change });
  }

  /** Writes a checkpoint where one is due, and where the last one has fallen out. It is of blocks that are stored, so it may be lost in a crash. */
  #keepCheckpoint(): void {
    const tip = this.#tip;
    if (tip === undefined) return;
    const { store, blocksPerCheckpoint: due = blocksPerCheckpoint(tip) } = this.#ports;
    if (tip.index >= this.#checkpointed && tip.index < this.#checkpointed + due) return;
    store.saveRecord('checkpoint', 'chain', checkpointText(tip));
    this.#checkpointed = tip.index;
  }

  /** Makes one change of the chain after the other. */
  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#lastChange.then(change);
    this.#lastChange = result.catch(() => undefined);
    return result;
  }

  async #acceptTogether(
    stored: readonly StoredBlock[],
    detail: (stored: StoredBlock) => CommitDetails,
    isSignedHere: VerifySignature | undefined,
  ): Promise<Fault | undefined> {
    const { clock } = this.#ports;
    // Several are judged on a fork: the accounts behind a block are nobody's business before it is stored.
    const state = stored.length > 1 ? this.#state?.fork() : this.#state;
    const checked = await inTurns(clock, checkAll(this.#verifier(state, isSignedHere), stored));
    if ('index' in checked) return checked;
    this.#hasWaited = false;
    const appended = checked.map(({ given, effects }) => ({ ...given, ...effects }));
    const storedMs = await this.#store(appended);
    await inTurns(clock, this.#tellAll(checked, storedMs, detail));
    this.#keepCheckpoint();
    return undefined;
  }

  async sealedPool(): Promise<string | undefined> {
    const [kept] = await this.#ports.store.records('sealed');
    return kept?.[1];
  }

  async keepSealedPool(text: string): Promise<void> {
    const { store } = this.#ports;
    await this.#whenThereIsRoom(async () => {
      store.saveRecord('sealed', 'pool', text);
      await store.recordsSynced();
    });
  }

  async minedTexts(): Promise<readonly (readonly [string, string])[]> {
    return this.#ports.store.records('mined');
  }

  keepMined(hash: string, text: string): void {
    this.#ports.store.saveRecord('mined', hash, text);
  }

  forgetMined(hash: string): void {
    this.#ports.store.removeRecord('mined', hash);
  }

  /** Rejects with a ChainError when the stored chain was removed, moved or replaced: nothing more may be announced then. */
  async verifyPlace(): Promise<void> {
    await this.#ports.store.verifyPlace();
  }

  /** The text is what is checked, as the text is what everybody is given. */
  async #check({ text }: StoredBlock): Promise<Checked> {
    return inTurns(this.#ports.clock, this.#verifier(this.#state).checkInSteps(parseExact(text)));
  }

  #verifier(state: LedgerState | undefined, isSignedHere?: VerifySignature): ChainVerifier {
    const { verifySignature } = this.#ports;
    const verify: VerifySignature =
      isSignedHere === undefined
        ? verifySignature
        : (...signed) => isSignedHere(...signed) || verifySignature(...signed);
    return new ChainVerifier(verify, { verifyBeacon: this.#verifyBeacon, tip: this.#tip, state });
  }

  /** Moves the tip block by block, and tells of each. Yields between two of them. */
  *#tellAll(
    checked: readonly AcceptedBlock[],
    storedMs: number,
    detail: (stored: StoredBlock) => CommitDetails,
  ): Generator<void, void> {
    for (const [place, { given, block, tip, change, effects }] of checked.entries()) {
      if (place > 0) yield;
      const details = detail(given);
      const before = this.#tip;
      this.#tip = tip;
      const undo = change === undefined ? undefined : this.#state?.swap(change);
      if (before !== undefined && tip.authority === undefined) this.#history.add(before, undo);
      const { text, body } = given;
      const ids = effects.effects?.transactionIds ?? [];
      const transactions = given.signed?.Transactions ?? [];
      const ledger = change === undefined ? {} : { ledger: { transactions, ids, change } };
      this.#ports.listener.onEvent({ kind: 'committed', block, text, body, storedMs, ...ledger, ...details });
    }
  }

  #store(stored: readonly AppendedBlock[]): Promise<number> {
    return this.#whenThereIsRoom(() => this.#ports.store.append(...stored));
  }

  /** Writes something of the next block, and waits while the disk is full. Returns how long the write took that went well, ms. */
  async #whenThereIsRoom(write: () => Promise<void>): Promise<number> {
    const { clock, listener } = this.#ports;
    const index = this.height + 1;
    let startMs = clock.monotonicMs();
    for (;;) {
      try {
        await write();
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

interface WayBack {
  readonly back: LedgerChange | undefined;
  readonly removed: readonly RemovedBlock[];
  readonly rollback: Rollback;
}

/** What became of a branch. `unlinked`: it does not begin behind a block of this chain. */
export type Adoption =
  | { readonly kind: 'adopted'; readonly removed: number }
  | { readonly kind: 'unlinked' }
  | Rejection;

/** What a store holds of a chain. */
interface Loaded {
  readonly tip: Tip | undefined;
  readonly state: LedgerState | undefined;
  readonly verifyBeacon: VerifyBeacon | undefined;
  /** The block of its checkpoint, where that was used. */
  readonly takenAtWord: number | undefined;
}

async function stateOfGenesis(clock: Clock, { Genesis }: GenesisBlock): Promise<LedgerState | undefined> {
  return Genesis.Ledger === undefined ? undefined : inTurns(clock, LedgerState.ofGenesis(Genesis.Ledger));
}

/** Verifies the blocks of a store, from its checkpoint on where there is one. Of a ledger the accounts behind the last block are stored: StateRoot says whether they are the right ones. */
async function load(ports: ChainPorts): Promise<Loaded> {
  const { clock, store, listener, keeps, stopAsked, verifySignature } = ports;
  const known = ports.verifiesAll === true ? undefined : await readKnown(ports);
  let verifyBeacon: VerifyBeacon | undefined;
  let verifier = new ChainVerifier(verifySignature, { tip: known?.tip });
  let genesis: GenesisBlock | undefined = known?.genesis;
  let last: SealedBlock | undefined = known?.newest.at(-1)?.block;
  if (known !== undefined) listener.onEvent({ kind: 'loaded', block: known.genesis, text: known.text });
  for (const { block, text } of known?.newest ?? []) listener.onEvent({ kind: 'loaded', block, text });
  for await (const batch of store.blocks(known === undefined ? 0 : known.tip.index + 1)) {
    stopAsked?.throwIfAborted();
    for (const text of batch) {
      const { tip, state } = verifier;
      if (tip !== undefined && tip.form.beacons > 0) {
        if (verifyBeacon === undefined) {
          verifyBeacon = await loadBeaconVerifier(tip.form);
          verifier = new ChainVerifier(verifySignature, { verifyBeacon, tip, state });
        }
        // A batch of these takes seconds.
        stopAsked?.throwIfAborted();
      }
      const checked = await inTurns(clock, verifier.nextInSteps(parseExact(text)));
      if ('fault' in checked) {
        const { index, rule, why } = checked.fault;
        throw new DamageError(`block ${index} of the stored chain breaks the rule "${rule}": ${why}`);
      }
      const { block } = checked;
      if (isGenesis(block)) genesis = block;
      else last = block;
      listener.onEvent({ kind: 'loaded', block, text });
    }
  }
  const { tip } = verifier;
  const state = genesis !== undefined && keeps === undefined ? await loadState(ports, genesis, last) : undefined;
  // A chain that has nothing but its genesis yet.
  if (tip !== undefined) verifyBeacon ??= await loadBeaconVerifier(tip.form);
  return { tip, state, verifyBeacon, takenAtWord: known?.tip.index };
}

/** What a store knows of its chain by its checkpoint; undefined where it has none, or none of this chain. */
async function readKnown({ store, verifySignature }: ChainPorts): Promise<KnownChain | undefined> {
  const [record] = await store.records('checkpoint');
  const checkpoint = record && parseCheckpoint(record[1]);
  const text = checkpoint && (await store.block(0));
  if (checkpoint === undefined || text === undefined) return undefined;
  const checked = new ChainVerifier(verifySignature).next(parseExact(text));
  if ('fault' in checked || !isGenesis(checked.block)) return undefined;
  const read = await readCheckpoint(store, checked.tip, checkpoint);
  return read && { ...read, genesis: checked.block, text };
}

/** A chain up to its checkpoint, and the text of its genesis. */
interface KnownChain extends ReadCheckpoint {
  readonly genesis: GenesisBlock;
  readonly text: string;
}

async function loadState(
  { clock, store }: ChainPorts,
  genesis: GenesisBlock,
  last: SealedBlock | undefined,
): Promise<LedgerState | undefined> {
  const first = await stateOfGenesis(clock, genesis);
  if (first === undefined) return undefined;
  const index = last?.Index ?? 0;
  const expected = last?.Ledger?.StateRoot ?? first.root.hash;
  const state = await inTurns(clock, LedgerState.restore(index, await store.accounts()));
  if (state.root.hash === expected) return state;
  throw new AccountsError(
    `the stored accounts have the root ${state.root.hash || 'of nothing'}, but StateRoot behind block ${index} is ${expected}`,
  );
}
