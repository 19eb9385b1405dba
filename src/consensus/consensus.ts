import type { VerifyBeacon } from '../core/beacon.ts';
import type { SealedBlock } from '../core/block.ts';
import type { VerifySignature } from '../core/keys.ts';
import type { Candidate } from '../core/pool.ts';

/** The rules of a chain that holds, in the order in which they are checked (SPEC 4). */
export type Rule =
  | 'form'
  | 'index'
  | 'prev-hash'
  | 'hash'
  | 'signature'
  | 'link'
  | 'beacon'
  | 'ticket'
  | 'path'
  | 'winner'
  | 'work'
  | 'difficulty'
  | 'transactions'
  | 'state'
  | 'timestamp'
  | 'next-commitment';

/** A rule that a block breaks, and how, in printable words. */
export interface BrokenRule {
  readonly rule: Rule;
  readonly why: string;
}

/**
 * What lies beside a block in the store, as values of JSON that are not trusted (SPEC 4): its transactions, its whole pool, the signature of its
 * sealed pool. What did not come with the block is left out.
 */
export interface BlockBody {
  readonly Transactions?: unknown;
  readonly Candidates?: unknown;
  readonly Seal?: unknown;
}

/** The pool that lies beside a drawn block; why it is none; or undefined, where the block came alone. */
export type PoolBeside = readonly Candidate[] | { readonly why: string } | undefined;

/** What of a body the rules of a seal judge. */
export interface BesideSeal {
  readonly pool: PoolBeside;
  /** The authority's signature of the sealed pool; undefined where the block came without it. */
  readonly seal?: unknown;
}

/** What signatures are verified with. */
export interface Verifiers {
  readonly verifySignature: VerifySignature;
  /** For the signatures of beacons, in a chain that has them. Without it that rule cannot be judged, and counts as broken. */
  readonly verifyBeacon?: VerifyBeacon | undefined;
}

/**
 * The rules that one way of making blocks adds to those of every chain, at one place of a chain: what the seal of the next block must be.
 * Immutable; `after` gives the rules for the place behind that. All blocks that are handed in have the form that the chain asks for.
 */
export interface SealRules {
  /** The first broken rule of those from `link` to `difficulty`, in steps, because the signatures of beacons take their time. */
  findSealFault(block: SealedBlock, beside: BesideSeal, verifiers: Verifiers): Generator<void, BrokenRule | undefined>;
  /** The first broken rule of those behind `timestamp`. */
  findFinalFault(block: SealedBlock): BrokenRule | undefined;
  /** How much a block counts where two chains that hold are compared: the one with the larger sum is taken (SPEC 7). */
  weightOf(block: SealedBlock): bigint;
  /** The rules for the block behind `block`, taken at its word. */
  after(block: SealedBlock): SealRules;
}
