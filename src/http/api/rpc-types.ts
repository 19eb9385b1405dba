import type { Block, WorkBlock } from '../../core/block.ts';
import type { AccountProof } from '../../ledger/proof.ts';
import type { Transaction } from '../../ledger/transaction.ts';
import type { Status } from './types.ts';

// What the methods of POST /rpc take and give, by name: types for the server and for its callers. Results use the names of SPEC 4 and 6.

/** A method without parameters. */
interface Asks<Result> {
  readonly params: Readonly<Record<never, never>>;
  readonly result: Result;
}

/** The result of `getinfo`. */
interface RpcInfo {
  readonly Version: string;
  /** The hash of block 0. */
  readonly ChainId: string;
  /** How the chain is made. */
  readonly Kind: string;
  /** True where the chain says that it is a sandbox, whose tokens are without value. */
  readonly Sandbox?: boolean;
  /** What its secrets come from, where they are known. */
  readonly Seed?: string;
  /** The index of the last block, and its hash. */
  readonly Height: number;
  readonly Hash: string;
  readonly Phase: Status['phase'];
  /** A round of a lottery, and how much of it is left. */
  readonly IntervalMs?: number;
  readonly RemainingMs?: number;
  /** Candidates that wait, and the tokens that they stake. */
  readonly Candidates: number;
  readonly TotalStake: string;
  readonly Validators: number;
  readonly Connections: number;
}

/** A part of the validators, those with the largest stakes first. */
interface RpcValidators {
  /** How many there are in all. */
  readonly Total: number;
  readonly Validators: readonly { readonly Validator: string; readonly Stake: string }[];
}

/** The peers of a node. */
export interface PeersReport {
  /** In the order in which they came. */
  readonly Peers: readonly {
    /** The identity that its key proves. */
    readonly Peer: string;
    readonly Host: string;
    /** `in` where the peer has dialled. */
    readonly Direction: 'in' | 'out';
    /** What it says of itself; nothing before it has greeted. */
    readonly Roles: readonly string[];
    /** The index of its last block, as it says; left out where it has no chain yet. */
    readonly Height?: number;
    /** From a greeting to its answer; left out before the first. */
    readonly LatencyMs?: number;
  }[];
  /** The last that were cut, or not let in, the latest last. */
  readonly Cuts: readonly {
    readonly Peer: string;
    readonly Host: string;
    readonly Reason: string;
    readonly AgoMs: number;
  }[];
  /** How many were cut for each reason. */
  readonly CutCounts: Readonly<Record<string, number>>;
}

/** What can be asked of other nodes, where there are any. */
export interface PeerCalls {
  readonly getpeers: Asks<PeersReport>;
}

/** What can be asked of the chain and of the people. */
export interface ChainCalls {
  readonly getinfo: Asks<RpcInfo>;
  readonly getblockcount: Asks<number>;
  readonly getblockhash: { readonly params: { readonly index: number }; readonly result: string };
  readonly getblock: { readonly params: { readonly block: number | string }; readonly result: Block };
  readonly getvalidators: {
    readonly params: { readonly from: number; readonly limit: number };
    readonly result: RpcValidators;
  };
}

/** What a nonce is searched for. */
interface RpcWork {
  readonly Index: number;
  readonly ContentHash: string;
  readonly Difficulty: string;
  /** The difficulty as a number of leading zero bits. */
  readonly Bits: number;
  /** The text that is hashed: Prefix, the nonce in decimal digits, Suffix. */
  readonly Prefix: string;
  readonly Suffix: string;
  /** The largest hash with which the block holds. */
  readonly Target: string;
}

/** What miners elsewhere ask of a chain of work. */
export interface WorkCalls {
  readonly getwork: Asks<RpcWork>;
  readonly submitwork: {
    readonly params: { readonly contentHash: string; readonly nonce: number };
    readonly result: WorkBlock;
  };
}

/** An account behind the last block. */
interface RpcAccount {
  readonly Key: string;
  readonly Balance: string;
  readonly Bonded: string;
  readonly Unbonding: string;
  readonly Release: number;
  readonly Since: number;
  readonly Nonce: number;
}

/** The proof of an account, and the block whose StateRoot it leads to; there is none behind the genesis alone. */
interface RpcProof extends AccountProof {
  readonly Block: Block;
}

interface RpcSupply {
  /** The last block. */
  readonly Index: number;
  readonly Supply: string;
  readonly Accounts: number;
  /** Tokens that each block brings into being. */
  readonly Reward: string;
}

/**
 * Where a transaction is: it waits, is in block `Index`, or waits no longer since behind block `Index` and is in none. Not yet in a block and already
 * gone, `Transaction` is there for as long as the server has it.
 */
interface RpcTransactionState {
  readonly Id: string;
  readonly State: 'pending' | 'included' | 'expired' | 'replaced' | 'refused' | 'evicted';
  readonly Index?: number;
  readonly Transaction?: Transaction;
}

/** What would become of a transaction. */
interface RpcAcceptance {
  readonly Accepted: boolean;
  readonly Id?: string;
  readonly Why?: string;
  /** The Nonce that its sender should use next. */
  readonly NextNonce?: number;
}

/** A transaction that waits. */
interface RpcWaiting {
  readonly Id: string;
  readonly Transaction: Transaction;
}

interface OfAccount<Result> {
  readonly params: { readonly account: string };
  readonly result: Result;
}

/** What can be asked of a ledger, and sent to it. */
export interface LedgerCalls {
  readonly getaccount: OfAccount<RpcAccount>;
  readonly getbalance: OfAccount<string>;
  readonly getnonce: OfAccount<number>;
  readonly getproof: OfAccount<RpcProof>;
  readonly getsupply: Asks<RpcSupply>;
  /** The Ids of all that wait; with `verbose` also the first of them whole. */
  readonly getrawmempool: {
    readonly params: { readonly verbose: boolean };
    readonly result: readonly string[] | readonly RpcWaiting[];
  };
  readonly gettransaction: { readonly params: { readonly id: string }; readonly result: RpcTransactionState };
  readonly testmempoolaccept: { readonly params: { readonly transaction: object }; readonly result: RpcAcceptance };
  /** The Id, once the transaction is stored. */
  readonly sendrawtransaction: { readonly params: { readonly transaction: object }; readonly result: string };
}

/** A wallet of the operator. */
interface RpcWallet {
  readonly Number: number;
  readonly Key: string;
  readonly Address: string;
}

interface Moves {
  readonly params: { readonly from: string; readonly amount: bigint; readonly fee: bigint };
  /** The Id, once the transaction is stored. */
  readonly result: string;
}

/** What the operator may do with wallets that the server keeps. */
export interface WalletCalls {
  readonly createwallet: Asks<RpcWallet>;
  readonly listwallets: Asks<readonly (RpcWallet & { readonly Balance: string; readonly Bonded: string })[]>;
  readonly send: {
    readonly params: { readonly from: string; readonly to: string; readonly amount: bigint; readonly fee: bigint };
    readonly result: string;
  };
  readonly bond: Moves;
  readonly unbond: Moves;
}

/** What only a sandbox has. Times are the wall clock afterwards. */
export interface SandboxCalls {
  readonly faucet: { readonly params: { readonly account: string; readonly amount: bigint }; readonly result: string };
  readonly increasetime: { readonly params: { readonly ms: number }; readonly result: string };
  /** The number of the snapshot, and the index of the last block afterwards. */
  readonly snapshot: Asks<number>;
  readonly revert: { readonly params: { readonly snapshot: number }; readonly result: number };
  readonly settime: { readonly params: { readonly timestamp: string }; readonly result: string };
}

/** What the operator may do. */
export interface ControlCalls {
  /** The block that is made now, and of how many candidates: of none, no block comes. */
  readonly draw: Asks<{ readonly Index: number; readonly Candidates: number }>;
  readonly pause: Asks<'paused'>;
  readonly resume: Asks<'resumed'>;
  readonly stop: Asks<'stopping'>;
}

/** What the methods say of themselves. */
export interface DescribingCalls {
  /** The OpenRPC document. */
  readonly 'rpc.discover': Asks<Readonly<Record<string, unknown>>>;
  /** A line for each method; of one method all its lines. */
  readonly help: { readonly params: { readonly method: string | undefined }; readonly result: readonly string[] };
}
