import type { ChainKind } from '../../consensus/engine.ts';
import type { Block, DrawnBlock, SealedBlock } from '../../core/block.ts';
import type { AccountProof } from '../../ledger/proof.ts';
import type { Transaction, TransactionKind } from '../../ledger/transaction.ts';

// The JSON messages from the server to the page and to other programs. Amounts are decimal strings, as in a chain.

/** The answer of /api/status: the current state of the lottery. */
export interface Status {
  readonly version: string;
  /** How the chain is made. */
  readonly consensus: ChainKind;
  /** The index of the last block. */
  readonly height: number;
  readonly phase: 'open' | 'paused' | 'drawing' | 'disk-full';
  /** A round; in a chain of work the time that a block should take. */
  readonly intervalMs: number;
  /** Time until the next draw is due; 0 where there are no rounds. */
  readonly remainingMs: number;
  /** Candidates that were accepted in the open round, or wait for their blocks, and the tokens that they stake. */
  readonly candidates: number;
  readonly totalStake: string;
  /** People with a stake. */
  readonly validators: number;
  /** People connected at nc, with or without a stake, and seats over HTTP. */
  readonly connections: number;
  /** Connections that listen to /api/events. */
  readonly watchers: number;
  /** The commands to join, one for each address of the machine. */
  readonly join: readonly string[];
  /** The addresses at which other machines reach the page; none when it is for this machine only. */
  readonly pages: readonly string[];
  /** True where the chain says that it is a sandbox: its tokens are without value, and its time and its blocks may be set back. */
  readonly sandbox?: boolean;
  /** What the secrets of a sandbox come from, where they are known: it can be made again. */
  readonly seed?: string;
  /** In a chain with a ledger: what there is behind the last block. */
  readonly ledger?: LedgerStatus;
  /** Blocks of the last minute, where there are no rounds. */
  readonly blocksPerMinute?: number;
  /** In a chain of work, the search that is under way. */
  readonly search?: Search;
  /** In a lottery with beacons, the sealed pool whose draw waits for them. */
  readonly seal?: Seal;
  /** On a server that keeps company with other nodes. */
  readonly network?: NetworkStatus;
  /** On a server that is one of several doors of a lottery. */
  readonly log?: DoorStatus;
}

/** One of several doors of a lottery, in their log. */
export interface DoorStatus {
  /** The run of a door that leads; left out while none does. */
  readonly leader?: string;
  /** This door leads. */
  readonly isLeader: boolean;
  readonly term: number;
  /** What people did here that has not come back from the log yet. */
  readonly waiting: number;
  /** How often another door began to lead since this one began to read. */
  readonly failovers: number;
}

/** The other nodes of a chain, as a server sees them. */
export interface NetworkStatus {
  /** Nodes that are connected. */
  readonly peers: number;
  /** Where the blocks are made by an authority elsewhere: whether this server reaches it. */
  readonly authority?: 'reached' | 'out-of-reach';
  /** While blocks are fetched: the last one that is stored, the last one that a peer has, and an estimate. */
  readonly sync?: { readonly height: number; readonly target: number; readonly remainingMs?: number };
}

/** The answer of /api/seal, and the events `sealed` and `waiting`: a pool that nothing can change any more, and what its draw waits for. */
export interface Seal {
  /** Of its block. */
  readonly index: number;
  /** When it was sealed. */
  readonly sealed: string;
  readonly root: string;
  readonly size: number;
  readonly total: string;
  /** In a chain with a ledger. */
  readonly transactionRoot?: string;
  /** The authority's signature of all these. */
  readonly signature: string;
  /** In the order of the genesis. */
  readonly rounds: readonly SealRound[];
}

/** A round of a beacon that a draw waits for. */
export interface SealRound {
  readonly beacon: string;
  readonly round: number;
  /** When it is published. */
  readonly time: string;
  /** What the beacon has published; left out before that is heard. */
  readonly signature?: string;
  /** True while the beacon is silent, more than a second after that time. */
  readonly isLate?: true;
}

/** The ledger of a chain, behind its last block. */
export interface LedgerStatus {
  /** All tokens that there are. */
  readonly supply: string;
  readonly accounts: number;
  /** Tokens that each block brings into being. */
  readonly reward: string;
  /** Transactions that wait for a block. */
  readonly waiting: number;
}

/** A search for a block of work. */
export interface Search {
  readonly index: number;
  readonly difficulty: string;
  /** Whose candidate it is for. */
  readonly validator: string;
  readonly bpm: number;
  /** Nonces that were tried, and the time that took. */
  readonly tried: number;
  readonly elapsedMs: number;
}

/** What a page knows a validator by, besides its address. */
export interface Profile {
  /** How many validators had come before it: its colour follows from that. Left out where it is not known any more. */
  readonly order?: number;
  /** What it wants to be called: at most 20 characters of printable ASCII. In no block, and not its alone. */
  readonly name?: string;
}

/** The profile of one validator. */
export interface ProfileOf extends Profile {
  readonly validator: string;
}

/** A validator that has no segment of its own: its `order`, or a number made from its address where that is not known, and its stake. */
export type SegmentPart = readonly [order: number, stake: string];

/** The answer of /api/rounds/INDEX/tickets/ADDRESS: where the tickets of a validator are in the pool of a block, or in the open round. */
export interface TicketsAnswer {
  readonly validator: string;
  readonly stake: string;
  readonly firstTicket: string;
  readonly lastTicket: string;
  readonly totalStake: string;
}

/** Consecutive tickets of a pool in drawing order: those of one validator or, where the pool is large, of several smaller ones together. */
export interface Segment extends Profile {
  readonly stake: string;
  readonly count: number;
  /** Present when the segment belongs to one validator. */
  readonly validator?: string;
  readonly bpm?: number;
  /** Whom a segment of several validators consists of, in drawing order, where the pool is not too large: the order of joining and the stake of each. */
  readonly parts?: readonly SegmentPart[];
  /** Present on the segment of the drawn ticket. */
  readonly isWinner?: true;
}

/** The event `snapshot`: everything that a page needs to begin, or to continue after it was disconnected. */
export interface Snapshot {
  readonly status: Status;
  readonly segments: readonly Segment[];
  /** The newest blocks, the newest first. */
  readonly newest: readonly Block[];
  /** Of the validators of these blocks. */
  readonly profiles: readonly ProfileOf[];
}

/** The event `pool`: people joined, left, proposed or were slashed. It replaces the former state of the open round. */
export interface PoolChange {
  readonly status: Status;
  readonly segments: readonly Segment[];
}

/** The event `drawn`: a block, and the pool that it was drawn from. */
export interface Drawn {
  readonly block: DrawnBlock;
  readonly segments: readonly Segment[];
}

/** The event `blocks`: what was added to a chain without rounds since the last such event. */
export interface NewBlocks {
  readonly status: Status;
  /** The newest ones, the newest first: where many come at once, older ones are left out. */
  readonly newest: readonly SealedBlock[];
  /** Of the validators of these blocks. */
  readonly profiles: readonly ProfileOf[];
}

/** The event `reorganised`: blocks of a chain of work fell out, because a heavier branch takes their place. Its blocks follow as `blocks`. */
export interface Reorganised {
  /** The last block that both have. */
  readonly fork: number;
  /** The newest that fell out, the newest first; where there are many, older ones are left out. */
  readonly removed: readonly SealedBlock[];
  readonly removedCount: number;
  readonly addedCount: number;
}

/** The event `stopped`: the server ends, because it was asked to, its disk refused to store a block, or its chain was removed from the disk. */
export interface Stopped {
  readonly why: 'asked' | 'disk-refused' | 'chain-gone';
}

/** The results of one validator in the rounds of a FairnessAnswer. */
export interface ValidatorStats extends Profile {
  readonly validator: string;
  /** The stake of the newest of these rounds. */
  readonly stake: string;
  readonly isConnected: boolean;
  /** The number of these rounds in which it took part. */
  readonly rounds: number;
  readonly wins: number;
  /** The sum of its share of the pool over its rounds. */
  readonly expectedWins: number;
  /** Chance alone leads to fewer wins than `low` in at most 2.5 % of all lotteries, and to more than `high` in at most 2.5 %. */
  readonly low: number;
  readonly high: number;
  /** The probability that chance alone leads at least as far away from the expected number of wins. */
  readonly pValue: number;
}

/** The answer of /api/validators. */
export interface FairnessAnswer {
  /** The first and the last block that were counted; null before the first draw. */
  readonly firstBlock: number | null;
  readonly lastBlock: number | null;
  readonly rounds: number;
  /** Blocks before `firstBlock` whose pools were not counted, although all were asked for. */
  readonly roundsLeftOut: number;
  /** The most expected wins first. */
  readonly validators: readonly ValidatorStats[];
  readonly validatorsLeftOut: number;
  /** The probability that chance alone gives any validator of this list a result as unlikely as the least likely one here; 1 before the first draw. */
  readonly pValue: number;
}

/** What a block did to an account: a transaction, or `reward`, which its validator gets with its fees. */
export interface AccountEntry {
  readonly index: number;
  readonly kind: TransactionKind | 'reward';
  /** Of a transaction. */
  readonly id?: string;
  readonly from?: string;
  readonly fee?: string;
  /** The account that gets the tokens; of a report the validator whose tokens burn. */
  readonly to?: string;
  /** Left out of a report: what the validator had at stake then. */
  readonly amount?: string;
}

/** The newest of what happened to an account. */
export interface AccountHistoryAnswer {
  /** The newest first. */
  readonly entries: readonly AccountEntry[];
  /** The first block that was searched for them; null before the first block. */
  readonly firstBlock: number | null;
}

/** The answer of /api/accounts/ACCOUNT: an account behind the last block, with the proof of it. */
export interface AccountAnswer {
  readonly key: string;
  readonly address: string;
  /** Tokens that can be sent or bonded, at stake, and on their way back from there. */
  readonly balance: string;
  readonly bonded: string;
  readonly unbonding: string;
  /** The block from which on `unbonding` is free; 0 where nothing waits. */
  readonly release: number;
  /** The first block for which an offence of this validator still counts. */
  readonly since: number;
  /** The Nonces of its transactions that are in blocks are below `nonce`; the next one to use is `nextNonce`. */
  readonly nonce: number;
  readonly nextNonce: number;
  /** Leads from the account to StateRoot of `block`, or to that of the accounts of block 0. */
  readonly proof: AccountProof;
  readonly block: Block;
  readonly history: AccountHistoryAnswer;
}

/** A transaction with its Id. */
export interface IdentifiedTransaction {
  readonly id: string;
  readonly transaction: Transaction;
}

/** The answer of /api/mempool. */
export interface MempoolAnswer {
  readonly count: number;
  /** Those with the highest fees first, among equals those that came first. */
  readonly transactions: readonly IdentifiedTransaction[];
}

/** The answer of /api/transactions/ID. */
export interface TransactionAnswer {
  readonly id: string;
  /** `refused`: the ledger would not take it any more. `evicted`: the waiting room was full and others paid more. */
  readonly state: 'pending' | 'included' | 'expired' | 'replaced' | 'refused' | 'evicted';
  /** The block that it is in, or behind which it waits no longer. */
  readonly index?: number;
  /** Left out when it is in no block and waits no longer. */
  readonly transaction?: Transaction;
}

/** A round that a validator took part in. */
export interface Participation {
  readonly index: number;
  readonly stake: string;
  readonly totalStake: string;
  readonly isWinner: boolean;
}

/** The answer of /api/validators/ADDRESS. */
export interface ValidatorHistory extends Profile {
  readonly validator: string;
  readonly isConnected: boolean;
  /** The first block whose pool was searched; null before the first draw. */
  readonly firstBlock: number | null;
  /** Oldest first. */
  readonly parts: readonly Participation[];
}

/** A candidate of a seat for block `index`. */
export interface SeatCandidate {
  readonly validator: string;
  readonly stake: string;
  readonly index: number;
  readonly bpm: number;
}

/** What a draw was to a seat that took part in it. */
export interface SeatResult {
  readonly index: number;
  readonly winner: string;
  readonly isWinner: boolean;
  /** The ticket that was drawn, and those of the seat. */
  readonly ticket: string;
  readonly totalStake: string;
  readonly firstTicket: string;
  readonly lastTicket: string;
}

/** The answer of /api/seat: a validator that takes part over HTTP. */
export interface Seat {
  readonly validator: string;
  readonly stake: string;
  /** The seat is given up when it is not used for so long. */
  readonly expiresInMs: number;
  /** Its last candidate. */
  readonly candidate?: SeatCandidate;
  /** Its last result. */
  readonly result?: SeatResult;
}

/** A seat that was just taken. */
export interface NewSeat extends Seat {
  /** Names the seat, as `Authorization: Bearer <token>` or as a cookie. It is a secret, and is not told again. */
  readonly token: string;
  /** Brings the validator to nc, on a server that keeps seats. */
  readonly rejoinCode?: string;
}

/** The answer of POST / with a stake alone. */
export interface SeatAnswer {
  readonly seat: NewSeat;
}

/** The answer of POST / with a BPM, when it is in the draw. */
export interface CandidateAnswer {
  readonly candidate: SeatCandidate;
  /** Where the block of its round is, once it is drawn. */
  readonly block: string;
  /** How many tickets the candidate holds, and how many all of the round so far. */
  readonly tickets: string;
  readonly totalTickets: string;
  /** Until the draw; left out while draws are paused. */
  readonly remainingMs?: number;
  /** When the same request took the seat. */
  readonly seat?: NewSeat;
}

/** The answer of POST / with a BPM in a chain of work, when its block is not found soon. */
export interface QueuedAnswer {
  readonly candidate: SeatCandidate;
  /** Where its block is, once it is found. A candidate before it that is withdrawn brings it forward. */
  readonly block: string;
  /** How many candidates are searched for before it. */
  readonly ahead: number;
}

/** The answer to a request that is refused. */
export interface Refusal {
  readonly error: string;
  /** A seat that the same request took before. */
  readonly seat?: NewSeat;
}
