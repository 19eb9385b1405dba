import type { Candidate } from '../core/pool.ts';

/** The rules of a chain that holds, in the order in which they are checked (SPEC 4). A lottery without beacons and ledger knows these. */
export type Rule =
  | 'form'
  | 'index'
  | 'prev-hash'
  | 'hash'
  | 'signature'
  | 'link'
  | 'ticket'
  | 'path'
  | 'winner'
  | 'timestamp'
  | 'next-commitment';

/** A rule that a block breaks, and how, in printable words. */
export interface BrokenRule {
  readonly rule: Rule;
  readonly why: string;
}

/** What lies beside a block in the store: its whole pool; why it cannot be read; or undefined, where the block came alone. */
export type PoolBeside = readonly Candidate[] | { readonly why: string } | undefined;

/**
 * The rules that one way of making blocks adds to those of every chain, at one place of a chain: what the seal of the next block must be.
 * Immutable; `after` gives the rules for the place behind that.
 */
export interface SealRules<Block> {
  /** The first broken rule of those between `signature` and `timestamp`. */
  findSealFault(block: Block, pool: PoolBeside): BrokenRule | undefined;
  /** The first broken rule of those behind `timestamp`. */
  findFinalFault(block: Block): BrokenRule | undefined;
  /** The rules for the block behind `block`, taken at its word. */
  after(block: Block): SealRules<Block>;
}
