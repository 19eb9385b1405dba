import type { SealedPool } from '../core/beacon.ts';
import type { Beacon, Block, SealedBlock } from '../core/block.ts';
import type { GroupSigner, Signer, VerifySignature } from '../core/keys.ts';
import type { BlockForm } from '../core/parse-block.ts';
import type { Candidate, TicketRange } from '../core/pool.ts';
import type { SignedCandidate } from '../ledger/candidate.ts';
import type { Transaction } from '../ledger/transaction.ts';
import type { Clock } from './clock.ts';
import type { LedgerToExtend } from './ledger-to-extend.ts';
import type { Fault, Tip } from './verifier.ts';
import type { SearchProgress } from './work/search-progress.ts';

/**
 * What makes the blocks of a chain in time: takes candidates, and extends the chain with them. One for each kind of chain; it knows validators by
 * their addresses alone. Who they are, and how they come and go, is not its concern.
 */
export interface Engine {
  /** Takes a candidate of a validator, with the stake that the StakeSource says. */
  propose(validator: string, payload: number): Proposal;
  /** True while the validator has a candidate that can still be withdrawn. */
  isWaiting(validator: string): boolean;
  /**
   * Takes the candidate of a slashed validator out. What is being made into a block already stays in it. Behind several doors the result resolves
   * when it is out at all of them.
   */
  withdraw(validator: string): Promise<void> | undefined;
  /** The candidates that wait, in the order in which they came. */
  candidates(): Iterable<Candidate>;
  /**
   * Makes blocks until `stopping` is aborted, and then to the end of what is under way. Rejects with what the chain rejects with, when a block
   * could not be stored, and with anything else when the fault is ours. Called once.
   */
  run(stopping: AbortSignal): Promise<void>;
  /** A transaction waits for a block, where there is a ledger. */
  transactionsWait(): void;
  /** Makes a block of what waits now, without waiting for the moment at which it is due. */
  sealNow(): void;
  /** Makes no blocks until `resume`. */
  pause(): void;
  resume(): void;
  /** True when a block is about to come: it is due, or being made. */
  readonly isBlockDue: boolean;
  status(): EngineStatus;
}

/** Where an engine stands. */
export interface EngineStatus {
  /** How the chain is made. */
  readonly kind: ChainKind;
  /** How many candidates wait, and the tokens that they stake. */
  readonly candidates: number;
  readonly totalStake: bigint;
  /** Until the round ends on its grid, ms; 0 when it is late, undefined where there are no rounds. */
  readonly remainingMs: number | undefined;
  readonly isPaused: boolean;
  /** A block is being made. */
  readonly isDrawing: boolean;
  /** In a chain of work: the search that is under way. */
  readonly search?: SearchProgress;
  /** In a lottery with beacons: the sealed pool whose draw waits for them. */
  readonly seal?: SealStatus;
  /** Behind several doors: where this one stands in their log. */
  readonly log?: LogStatus;
}

/** Where a door stands in the log. */
export interface LogStatus {
  /** The door that leads; undefined while none does. */
  readonly leader: string | undefined;
  readonly isLeader: boolean;
  readonly term: number;
  /** What people did here that has not come back from the log yet. */
  readonly waiting: number;
  /** How often another door began to lead since this one began to read. */
  readonly failovers: number;
}

/** A sealed pool, and where it stands. */
export interface SealStatus {
  readonly pool: SealedPool;
  /** The authority's signature of the pool (SPEC 5). */
  readonly signature: string;
  readonly rounds: readonly AwaitedRound[];
}

/** A round of a beacon that a draw waits for. */
export interface AwaitedRound {
  readonly name: string;
  readonly round: number;
  /** When it is published, ms of Unix time. */
  readonly timeMs: number;
  /** What the beacon has published, once that was heard and verified. */
  readonly signature: string | undefined;
  /** People were told that it is due and that no relay has given it. */
  readonly isLate: boolean;
}

/** The ways in which chains are made (SPEC 4). */
export type ChainKind = BlockForm['kind'];

/**
 * The outcome of a proposal: a candidate for block `index`, a block that is on its way, the validator's second candidate in that round, one more
 * than there is room for, or one at a time at which none are taken.
 */
export type Proposal =
  | {
      readonly kind: 'accepted';
      readonly index: number;
      /** The round whose end decides about the candidate. */
      readonly round: number;
      readonly outlook: Outlook;
    }
  /** Becomes a block now. `sealed` resolves when that is stored, and rejects when it could not be. */
  | { readonly kind: 'sealing'; readonly sealed: Promise<SealedProposal> }
  | { readonly kind: 'already'; readonly index: number; readonly round: number }
  /** In a chain of work: the candidate waits for a block of its own, behind `ahead` others. `difficulty` where the search for it begins at once. */
  | {
      readonly kind: 'queued';
      readonly index: number;
      readonly round: number;
      readonly ahead: number;
      readonly difficulty?: bigint;
    }
  /** Behind several doors: their log decides. Rejects when this door stops before that is known. */
  | { readonly kind: 'deciding'; readonly decided: Promise<DecidedProposal> }
  | { readonly kind: 'full' }
  /** Behind several doors: this one was cut off from their log for so long that the candidate may be one of a validator that was slashed elsewhere. */
  | { readonly kind: 'cut off' }
  | { readonly kind: 'paused' }
  /** The validator has nothing at stake. */
  | { readonly kind: 'no stake' };

/** What the log of several doors says of a proposal. */
export type DecidedProposal = Extract<Proposal, { readonly kind: 'accepted' | 'already' | 'full' | 'cut off' }>;

/** The block that a proposal became. */
export interface SealedProposal {
  readonly block: SealedBlock;
  /** Its JSON text, as it is stored. */
  readonly text: string;
}

/** The chances of a candidate at the moment when it is accepted. */
export interface Outlook {
  /** Until its round is due to end, ms; 0 when it is overdue, undefined while draws are paused. */
  readonly remainingMs: number | undefined;
  /** How many tickets it holds. */
  readonly tickets: bigint;
  /** How many all candidates of its round hold so far, itself included. */
  readonly totalTickets: bigint;
}

/** What happens in an engine. */
export type EngineEvent =
  | { readonly kind: 'proposed'; readonly candidate: Candidate; readonly index: number }
  /** The candidate of a validator that was slashed, here or at another door, is in no draw. */
  | { readonly kind: 'withdrawn'; readonly validator: string }
  /** A round closed without candidates, or `leftOut` had nothing bonded any more. */
  | { readonly kind: 'empty'; readonly round: number; readonly leftOut?: readonly string[] }
  /** A round was closed with candidates: its pool is frozen, and block `index` is being drawn from it. */
  | { readonly kind: 'drawing'; readonly round: number; readonly index: number }
  /** The operator has paused the chain: no blocks are made until it is resumed. */
  | { readonly kind: 'paused'; readonly hasRounds: boolean }
  /** Blocks are made again; where there are rounds, the open one ends in `remainingMs`. */
  | { readonly kind: 'resumed'; readonly remainingMs: number | undefined }
  /** The end of a round with candidates has passed by more than a second, and its block `index` cannot be announced yet. Once a round. */
  | {
      readonly kind: 'late';
      readonly round: number;
      readonly index: number;
      /** In a lottery with beacons: the rounds that are due, and that no relay has given. */
      readonly awaited?: readonly AwaitedRound[];
    }
  /** A pool is sealed and kept, also after a restart: nothing can change it any more, and its draw waits for beacons. */
  | ({ readonly kind: 'sealed' } & SealStatus)
  /** A beacon has published what the draw of block `index` waits for; `awaited` are the rounds that it still waits for. */
  | {
      readonly kind: 'beacon-heard';
      readonly index: number;
      readonly heard: AwaitedRound;
      readonly awaited: readonly AwaitedRound[];
    }
  /** The search for block `index` begins, which a candidate becomes, or a block of the node's own. */
  | {
      readonly kind: 'searching';
      readonly index: number;
      readonly difficulty: bigint;
      readonly validator: string;
      readonly payload: number;
    }
  /** Block `index`, the last one, is further in the future than a block may be that is built on it: the search waits for the clock. */
  | { readonly kind: 'future-tip'; readonly index: number; readonly aheadMs: number };

/** The world of an engine. */
export interface EnginePorts {
  readonly clock: Clock;
  readonly chain: ChainToExtend;
  readonly stakes: StakeSource;
  /** Must not throw, and must not wait for anything. */
  readonly listener: { onEvent(event: EngineEvent): void };
  /** Present in a chain with a ledger. */
  readonly ledger?: LedgerToExtend;
  /** Needed in a lottery with beacons. */
  readonly beacons?: BeaconSource | undefined;
  /** What waited is on its way into a block: no slash reaches it any more. */
  readonly candidatesTaken: () => void;
  /** A block that was due has come, or none has: `isBlockDue` may have changed. */
  readonly blockSettled: () => void;
}

/** Where the rounds of beacons come from. */
export interface BeaconSource {
  /**
   * The signature of a round, verified: as soon as the beacon has published it, however long that takes. Undefined when `stopping` is aborted before.
   */
  signatureOf(beacon: Beacon, round: number, stopping: AbortSignal): Promise<string | undefined>;
}

/** How many tokens a validator has at stake. */
export interface StakeSource {
  /** At least 1 where stakes count; 0 where it is bonded and none of it is. Throws when there is no such validator. */
  stakeOf(validator: string): bigint;
}

/** The chain as those see it who make it longer. */
export interface ChainToExtend {
  /** The last block that is stored. */
  readonly tip: Tip | undefined;
  /** Its index. */
  readonly height: number;
  /** The block that is being stored, or was stored last, had to wait for room on the disk, and people have heard so. */
  readonly hasWaited: boolean;
  /**
   * Verifies, stores and tells the next block; returns the rule that it breaks. Rejects when it cannot be stored.
   * @param detail called once the block is durable, before anybody hears of it
   */
  accept(stored: StoredBlock, detail: () => CommitDetails): Promise<Fault | undefined>;
  /**
   * The same for blocks that follow each other: they share one write, all or none are stored, and each is told in its turn.
   * @param isSignedHere true for signatures that the caller has made itself just now: only these are not verified again
   */
  acceptAll(
    stored: readonly StoredBlock[],
    detail: (stored: StoredBlock) => CommitDetails,
    isSignedHere?: VerifySignature,
  ): Promise<Fault | undefined>;
  /**
   * Runs the making of a block, from the tip that it is put behind to its being stored. Meanwhile the operator cannot set the chain back, which would
   * leave that tip behind. A branch of another node may still come in between.
   */
  making<Result>(make: () => Promise<Result>): Promise<Result>;
  /** Rejects when the stored chain is gone. */
  verifyPlace(): Promise<void>;
  /** What was kept last by `keepSealedPool`; undefined where nothing was. */
  sealedPool(): Promise<string | undefined>;
  /** Keeps a text instead of the one before. It survives a crash once this has resolved. Rejects and waits for room as `accept` does. */
  keepSealedPool(text: string): Promise<void>;
  /** What was kept by `keepMined` and is not forgotten, by hash, in no order. */
  minedTexts(): Promise<readonly (readonly [hash: string, text: string])[]>;
  /** Keeps a text for a block that is about to be accepted: on the disk it comes no later than the block, where the disk takes it. */
  keepMined(hash: string, text: string): void;
  forgetMined(hash: string): void;
}

/** A block with all that is stored of it. */
export interface StoredBlock {
  readonly block: Block;
  /** The JSON text of the block: made once, with the block, and stored, sent and shown as it is. */
  readonly text: string;
  /** The whole pool that it was drawn from, in drawing order; undefined where that is lost, as a repair leaves it. */
  readonly body: readonly Candidate[] | undefined;
  /** The authority's signature of the sealed pool that the block was drawn from: in a lottery with beacons, where it is known. */
  readonly seal?: string;
  /** What of a block its ledger is judged by: in a chain with a ledger, behind the genesis. */
  readonly signed?: SignedBody;
}

/** The transactions of a block, and the signed candidates of its pool, as they are stored beside it. */
export interface SignedBody {
  readonly Transactions: readonly Transaction[];
  readonly Candidates?: readonly SignedCandidate[];
}

/** What its maker tells of a block besides the block itself. */
export interface CommitDetails {
  readonly receipts: Receipts;
  /** The round of this node that ended with the block; not there when the block was made elsewhere. */
  readonly round?: number;
  /** Since the first moment of the grid at which this draw was due, ms; not there when the operator asked for it before it was. */
  readonly lateMs?: number;
  /** Validators whose candidate was not in the draw, because they had nothing bonded any more. */
  readonly leftOut?: readonly string[];
}

/** What a validator is told of a block that its candidate could have become. */
interface Receipt {
  readonly tickets: TicketRange;
}

/** The receipts of one block. Never change. */
export interface Receipts {
  /** How many validators took part. */
  readonly size: number;
  /** The receipt of a validator; undefined when it did not take part. */
  of(validator: string): Receipt | undefined;
}

/** What only the maker of a chain may know. */
export interface ChainSecrets {
  /** A salt for a new chain: 64 lower-case hex digits. */
  newSalt(): string;
  /** The last link of series of secrets number `series`; always the same for the same salt and number. */
  lastLink(salt: string, series: number): string;
  /** Who signs the blocks of the chain with this salt; always the same for the same salt. */
  authority(salt: string): GroupSigner;
  /** The owner of the blocks that the node makes of its own in the chain with this ChainId; always the same for the same ChainId. */
  miner(chainId: string): Signer;
}
