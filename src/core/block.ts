import type { TicketRange } from './pool.ts';
import { firstTicket, type ProofStep } from './sum-tree.ts';

/** Block 0: it says how the chain is made before any participant is known (SPEC 4). */
export interface GenesisBlock {
  readonly Index: 0;
  readonly Timestamp: string;
  readonly BPM: 0;
  readonly Hash: string;
  readonly PrevHash: '';
  readonly Validator: '';
  readonly Genesis: Genesis;
}

/** How the blocks of a chain are made, whose signature they need, which beacons their draws wait for, and the ledger that they carry on. */
export type Genesis = LotteryGenesis | WorkGenesis | InstantGenesis;

export interface LotteryGenesis {
  readonly Version: 2;
  readonly Consensus: LotteryConsensus;
  readonly Authority: string;
  /** Never empty. */
  readonly Beacons?: readonly Beacon[];
  readonly Ledger?: GenesisLedger;
}

export interface WorkGenesis {
  readonly Version: 2;
  readonly Consensus: WorkConsensus;
  readonly Ledger?: GenesisLedger;
}

export interface InstantGenesis {
  readonly Version: 2;
  readonly Consensus: InstantConsensus;
  readonly Authority: string;
  readonly Ledger?: GenesisLedger;
}

/** The consensus of a chain whose blocks are drawn, with the commitment to its first series of secrets. */
export interface LotteryConsensus {
  readonly Kind: 'lottery';
  readonly Salt: string;
  readonly Commitment: string;
  readonly Links: number;
}

/** The consensus of a chain whose blocks are searched for: the difficulty of block 1, and the time that a block should take. */
export interface WorkConsensus {
  readonly Kind: 'work';
  readonly Difficulty: string;
  readonly IntervalMs: number;
}

/** The consensus of a chain in which every accepted BPM is a block at once. */
interface InstantConsensus {
  readonly Kind: 'instant';
}

/** A beacon whose rounds enter the draws (SPEC 5). GenesisTime is in seconds of Unix time, Period in seconds. */
export interface Beacon {
  readonly Name: string;
  readonly ChainHash: string;
  readonly PublicKey: string;
  readonly GenesisTime: number;
  readonly Period: number;
}

/** The rules of a ledger, and the accounts that it begins with: key, balance and bonded tokens of each (SPEC 6). */
export interface GenesisLedger {
  readonly Reward: string;
  readonly MinFee: string;
  readonly Unbonding: number;
  readonly Accounts: readonly (readonly [key: string, balance: string, bonded: string])[];
}

/** What every block behind the genesis has. */
interface SealedFields {
  readonly Index: number;
  readonly Timestamp: string;
  readonly BPM: number;
  readonly Hash: string;
  readonly PrevHash: string;
  readonly Validator: string;
  /** Present in a chain with a ledger. */
  readonly Ledger?: LedgerSummary;
}

/** A winner's block, with the proof of its own draw (SPEC 4). */
export interface DrawnBlock extends SealedFields {
  readonly Draw: Draw;
  readonly NextCommitment?: string;
  /** The authority's signature of `authorityText`. It keeps others from making a valid block once its link has been revealed. */
  readonly Signature: string;
}

/** A block whose Hash was searched for until it was small enough (SPEC 7). */
export interface WorkBlock extends SealedFields {
  readonly Work: Work;
}

/** The block of an accepted BPM, which only its authority's signature seals. */
export interface InstantBlock extends SealedFields {
  readonly Signature: string;
}

export type SealedBlock = DrawnBlock | WorkBlock | InstantBlock;
export type Block = GenesisBlock | SealedBlock;

export interface Draw {
  readonly Reveal: string;
  /** When the pool was sealed. Present in a chain with beacons, as are `Beacons`, in the order of the genesis. */
  readonly Sealed?: string;
  readonly Beacons?: readonly BeaconRound[];
  readonly PoolRoot: string;
  readonly PoolSize: number;
  readonly TotalStake: string;
  readonly Ticket: string;
  readonly Stake: string;
  readonly Path: readonly ProofStep[];
}

/** What a beacon published for a round: a signature that could not be known before. */
export interface BeaconRound {
  readonly Round: number;
  readonly Signature: string;
}

export interface Work {
  readonly Difficulty: string;
  readonly Nonce: number;
}

/** What the transactions of a block did, and the state of the ledger behind it (SPEC 6). */
export interface LedgerSummary {
  readonly Transactions: number;
  readonly Fees: string;
  /** Empty without transactions. */
  readonly TransactionRoot: string;
  readonly Accounts: number;
  readonly Supply: string;
  readonly StateRoot: string;
}

/** True for block 0. */
export function isGenesis(block: Block): block is GenesisBlock {
  return 'Genesis' in block;
}

/** True for the blocks of a lottery. */
export function isDrawn(block: Block): block is DrawnBlock {
  return 'Draw' in block;
}

/** True for the blocks of a chain of work. */
export function isMined(block: Block): block is WorkBlock {
  return 'Work' in block;
}

/** The tickets that the winner of a draw holds, computed from its inclusion proof. */
export function winnersTickets({ Stake, Path }: Draw): TicketRange {
  const first = firstTicket(Path);
  return { first, last: first + BigInt(Stake) - 1n };
}
