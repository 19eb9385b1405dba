import type { ChainSecrets, CommitDetails, EngineEvent, StoredBlock } from '../consensus/engine.ts';
import type { Block, SealedBlock } from '../core/block.ts';
import type { Signer } from '../core/keys.ts';
import type { Candidate } from '../core/pool.ts';
import type { Account } from '../ledger/account.ts';
import type { LedgerChange } from '../ledger/ledger-state.ts';
import type { Transaction } from '../ledger/transaction.ts';
import type { LedgerNewsByKey } from './ledger-news.ts';

/** All that a node wants of the world. What implements one of these gives what its comments promise. */

/** Who a new validator is. */
export interface Identities {
  /** An address that was never given out before: 64 lower-case hex digits. */
  newAddress(): string;
}

/** What gives a session back to the one who has it. */
export interface SessionCodes {
  /** The code of a session: 12 characters of Crockford's base 32, which is 60 bits, in groups of four. */
  newCode(): string;
}

/** Randomness that cannot be predicted from outside. */
export interface Secrets extends Identities, SessionCodes, ChainSecrets {}

/** A validator's place while its connection is broken. Of its code only a hash is kept. */
export interface ResumableSession {
  readonly codeHash: string;
  readonly address: string;
  readonly stake: bigint;
  /** People who hang up and come back have them still. */
  readonly strikes: number;
}

export interface StoredSession extends ResumableSession {
  /** A connection at another door holds it. */
  readonly isHeldElsewhere?: boolean;
}

/** Where sessions outlast the process. A session that could not be stored is lost with the process, and nothing else is. */
export interface ResumableSessionStore {
  sessions(): Promise<readonly StoredSession[]>;
  /** Keeps a session, instead of what was kept of its code before. */
  saveSession(session: ResumableSession): void;
  removeSession(codeHash: string): void;
  /** A connection here holds the session from now on, or none does. For other doors. */
  sessionHeld?(session: ResumableSession): void;
  sessionLeft?(session: ResumableSession): void;
  /**
   * Resolves when the sessions that were saved and removed in this turn of the event loop are like that on the disk, also after a crash of the
   * machine. Rejects when the disk refuses; then they may come back as they were before.
   */
  sessionsSynced(): Promise<void>;
}

/** A block as a store takes it. */
export interface AppendedBlock extends StoredBlock {
  /** In a chain with a ledger: what the block does to the ledger, as its verification found. */
  readonly effects?: LedgerEffects;
}

/** What of a ledger is stored with a block, so that it need not be computed from all blocks again. */
export interface LedgerEffects {
  /** The accounts that are others behind the block, or new, by their number in the order of creation. */
  readonly accounts: ReadonlyMap<number, Account>;
  /** The Ids of the block's transactions. */
  readonly transactionIds: readonly string[];
}

/** What a store gives up of the end of its chain. */
export interface Rollback {
  /** The first block that goes; not the genesis. */
  readonly first: number;
  /** The transactions of these blocks that wait again, as JSON by Id: `waiting` records from the same write on. */
  readonly returned?: ReadonlyMap<string, string>;
  /** What these blocks did to the ledger, undone; left out in a chain without one. */
  readonly undone?: LedgerEffects & {
    /** How many accounts there are behind the block before `first`: those with higher numbers go. */
    readonly accountCount: number;
  };
}

/**
 * What is kept beside a ledger, and is part of no block: `waiting` transactions by Id, those that have `departed` without one, the `offence` of a
 * slashed validator until it is reported, how many `wallets` there are, the keys of those that are the operator's `own`, by
 * number, the `sealed` pool whose draw waits for beacons, the candidates of this node that were `mined`, by the hash of their block, and the `checkpoint`
 * up to which the chain was verified.
 */
export type RecordKind = 'waiting' | 'departed' | 'offence' | 'wallets' | 'own' | 'sealed' | 'mined' | 'checkpoint';

/** The numbered wallets of a server. Wallet 0 is the faucet. */
export interface Wallets {
  /** The key pair of a wallet; always the same for the same number. */
  signer(number: number): Signer;
  /** The twelve words that stand for it (BIP-39). */
  phrase(number: number): string;
  /** What gives a wallet back to its holder. It cannot be guessed. */
  loginCode(number: number): string;
  /** The number of the wallet with this code, as people copy it; undefined where it is none. */
  numberOf(code: string): number | undefined;
}

/** What of a ledger is kept beside the blocks of its chain, in the same synced write as they. */
interface LedgerStore {
  /** All accounts behind the last block, in the order of their creation. Rejects with an AccountsError where one is missing or none. */
  accounts(): Promise<readonly Account[]>;
  /** What block `index` was judged by, as the JSON text that was stored; undefined where it has none. */
  signedBodyText(index: number): Promise<string | undefined>;
  /** Small records of one kind, by name, in no order. */
  records(kind: RecordKind): Promise<readonly (readonly [name: string, text: string])[]>;
  /** Keeps a record, instead of the one of the same name. What is saved and removed is written in the order of the calls. */
  saveRecord(kind: RecordKind, name: string, text: string): void;
  removeRecord(kind: RecordKind, name: string): void;
  /** As `ResumableSessionStore.sessionsSynced`, for records. */
  recordsSynced(): Promise<void>;
  /** The block that a transaction is in; undefined where none is known. */
  blockOfTransaction(id: string): Promise<number | undefined>;
}

/** Where blocks last. One node writes to it at a time; a block is read as the JSON text that was stored. Reading rejects with a DamageError where that is not possible. */
export interface BlockStore extends LedgerStore {
  /** The index of the last block; -1 when there is none. */
  readonly height: number;
  /** All blocks from one on, or from the genesis, in order, in batches. */
  blocks(first?: number): AsyncIterable<readonly string[]>;
  /** Block `index`; undefined when there is none. */
  block(index: number): Promise<string | undefined>;
  /** The block with a hash; undefined when there is none. The first question reads the whole chain. */
  blockByHash(hash: string): Promise<string | undefined>;
  /** The blocks from `first` to `last`, of those that there are. What is asked for while the end of the chain is replaced is that of the new chain. */
  blockRange(first: number, last: number): Promise<readonly string[]>;
  /** The pool that block `index` was drawn from, in drawing order; undefined when there is no such block, or a repair left its pool out. */
  pool(index: number): Promise<readonly Candidate[] | undefined>;
  /** The same as it is stored: a JSON array. */
  poolText(index: number): Promise<string | undefined>;
  /** The authority's signature of the sealed pool of block `index`; undefined where its draw waited for no beacon, or it came without one. */
  sealOf(index: number): Promise<string | undefined>;
  /**
   * Stores the blocks that come next (block 0 first in an empty store), together with their bodies, in one synced write: all or none. When it
   * resolves, they survive a crash of the machine. It rejects with a DiskFullError when there is no room: the very same blocks may then be appended
   * again, and nothing else. It rejects with another StoreError when the disk refuses; then it is not known whether the blocks are stored, and
   * nothing may be appended before the store was opened anew. It rejects as `verifyPlace` does, too.
   */
  append(...blocks: readonly AppendedBlock[]): Promise<void>;
  /**
   * Gives up the end of the chain and stores other blocks in its place, or none, in one synced write: all of that or none. Rejects as `append` does, after
   * which the same may be tried again.
   */
  replace(rollback: Rollback, ...blocks: readonly AppendedBlock[]): Promise<void>;
  /** Rejects with a ChainError when the chain is not where it was opened: removed, moved or replaced. What is appended would be lost. */
  verifyPlace(): Promise<void>;
}

/** What a validator proposed that is no payload: a tainted block. */
export interface InvalidPayload {
  /** What came, as it was typed: escape it before it is shown. */
  readonly text: string;
  readonly problem: 'not a number' | 'too large';
  /** The largest payload that is accepted. */
  readonly max: number;
}

/** Everybody who hears what happens. Must not throw, and must not wait for anybody. */
export interface EventListener {
  onEvent(event: NodeEvent): void;
}

/** A block is stored: the only moment at which anybody may hear of it. */
export interface CommittedEvent extends CommitDetails {
  readonly kind: 'committed';
  readonly block: SealedBlock;
  readonly text: string;
  /** What is stored beside the block. */
  readonly body: StoredBlock['body'];
  /** In a chain with a ledger: the transactions of the block with their Ids, and what they did. */
  readonly ledger?: CommittedLedger;
  /** How long the store took to make it durable, ms: the attempt that did. */
  readonly storedMs: number;
}

/**
 * The chain went back to block `fork`, because a heavier branch begins behind it, or its operator wanted that: the last blocks fell out. Those of the branch follow, each as
 * `committed`.
 */
export interface ReorganisedEvent {
  readonly kind: 'reorganised';
  readonly fork: number;
  /** The blocks that fell out, in their order. */
  readonly removed: readonly RemovedBlock[];
  /** How many blocks of the branch follow; none where the operator of a sandbox has set the chain back. */
  readonly added: number;
  /** In a chain with a ledger: the accounts as they are behind block `fork`, as far as they were others. */
  readonly change?: Pick<LedgerChange, 'accounts'>;
}

/** A block that fell out of the chain, with the transactions that were in it. */
export interface RemovedBlock {
  readonly block: SealedBlock;
  readonly transactions: readonly Transaction[];
}

/** What a stored block did to the ledger. */
interface CommittedLedger {
  readonly transactions: readonly Transaction[];
  readonly ids: readonly string[];
  readonly change: Pick<LedgerChange, 'accounts'>;
}

export type NodeEvent =
  /** What holders of accounts hear of a block of a chain with a ledger, behind the block itself. */
  | { readonly kind: 'ledger'; readonly news: LedgerNewsByKey }
  | EngineEvent
  /** A transaction waits for a block. */
  | { readonly kind: 'transaction'; readonly id: string }
  /** A block of the chain as it stands at the start: the genesis, then all in order, or only the newest where a checkpoint tells of the others. `text` is its JSON. */
  | { readonly kind: 'loaded'; readonly block: Block; readonly text: string }
  | { readonly kind: 'joined'; readonly validator: string; readonly stake: bigint }
  /** A validator resumed its session, or took it over from another connection of its own. */
  | { readonly kind: 'returned'; readonly validator: string; readonly stake: bigint }
  | { readonly kind: 'left'; readonly validator: string; readonly stake: bigint; readonly isInTheDraw: boolean }
  /** A validator wants to be shown by a name, besides its address. The name is printable ASCII, and in no block. */
  | { readonly kind: 'named'; readonly validator: string; readonly name: string }
  | { readonly kind: 'slashed'; readonly validator: string; readonly stake: bigint; readonly invalid: InvalidPayload }
  | CommittedEvent
  | ReorganisedEvent
  /** A round was drawn, but there is no room for its block on the disk: people do not hear of that draw before there is. */
  | { readonly kind: 'disk-full'; readonly index: number; readonly why: string }
  /** The block that waited is stored. */
  | { readonly kind: 'disk-free'; readonly index: number }
  /** It is time for the whole chain to go to everybody. */
  | { readonly kind: 'chain-due' };

/** The store could not make a block durable. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
}

/** There is no room for a block now; there may be later. */
export class DiskFullError extends StoreError {
  override readonly name = 'DiskFullError';
}

/** What was found in the store cannot be continued: damaged, or the secret does not belong to it. The message is for the operator. */
export class ChainError extends Error {
  override readonly name: string = 'ChainError';
}

/** The stored chain is one of version 1, which was never released (SPEC 4). */
export class UnreleasedError extends ChainError {
  override readonly name = 'UnreleasedError';
}

/** The accounts of a stored ledger are not those that its blocks lead to. They can be rebuilt where the blocks and their bodies are whole. */
export class AccountsError extends ChainError {
  override readonly name = 'AccountsError';
}

/** The stored chain does not hold, or is not complete. */
export class DamageError extends ChainError {
  override readonly name = 'DamageError';
}
