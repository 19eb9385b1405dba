import type { Block, WorkBlock } from '../../core/block.ts';
import type { Status } from './types.ts';

// What the methods of POST /rpc take and give, by name: types for the server and for whoever calls it. Results use the names of SPEC 4 and 6.

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
