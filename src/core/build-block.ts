import type {
  BeaconRound,
  DrawnBlock,
  Genesis,
  GenesisBlock,
  InstantBlock,
  LedgerSummary,
  WorkBlock,
} from './block.ts';
import {
  authorityText,
  contentHash,
  type DrawnContent,
  genesisHash,
  type InstantContent,
  type WorkContent,
  workHash,
} from './block-hash.ts';
import { drawSeed, drawTicket } from './draw.ts';
import type { Signer } from './keys.ts';
import type { Candidate, FrozenPool } from './pool.ts';
import type { SumTree } from './sum-tree.ts';

/** The genesis block of a chain, hashed. Timestamp: ISO 8601, UTC, milliseconds. The keys of the genesis must stand in the order of SPEC 4. */
export function buildGenesis(timestamp: string, genesis: Genesis): GenesisBlock {
  return {
    Index: 0,
    Timestamp: timestamp,
    BPM: 0,
    Hash: genesisHash(timestamp, genesis),
    PrevHash: '',
    Validator: '',
    Genesis: genesis,
  };
}

/** The parts of a draw: a closed pool with its tree, the position on the chain, and the link that this position reveals. */
export interface DrawParts {
  readonly index: number;
  readonly timestamp: string;
  readonly prevHash: string;
  readonly chainId: string;
  /** Signs the block. */
  readonly authority: Signer;
  readonly reveal: string;
  readonly nextCommitment: string | undefined;
  readonly pool: FrozenPool;
  readonly tree: SumTree;
  /** When the pool was sealed, and what the beacons published for it: in a chain with beacons. */
  readonly seal?: { readonly Sealed: string; readonly Beacons: readonly BeaconRound[] };
}

/** A drawn ticket, and who holds it. */
export interface DrawnTicket {
  readonly ticket: bigint;
  readonly leafIndex: number;
  readonly winner: Candidate;
}

/** What of a draw decides who wins. */
export type TicketParts = Pick<DrawParts, 'index' | 'chainId' | 'reveal' | 'pool' | 'tree' | 'seal'>;

/** Draws the ticket of a closed pool. Pure: the same parts give the same ticket. */
export function drawnTicket({ index, chainId, reveal, pool, tree, seal }: TicketParts): DrawnTicket {
  const signatures = seal?.Beacons.map(({ Signature }) => Signature);
  const ticket = drawTicket(drawSeed(chainId, index, reveal, signatures), tree.root.sum);
  const leafIndex = tree.leafOf(ticket);
  const winner = pool.candidates[leafIndex];
  if (winner === undefined) throw new Error(`the tree has a leaf ${leafIndex}, the pool has not`);
  return { ticket, leafIndex, winner };
}

/**
 * Draws the winner of a closed pool and builds its block. Pure: the same parts give the same block, byte for byte.
 * @param ledger the ledger behind the block, which depends on who has won: in a chain with a ledger
 */
export function buildBlock(parts: DrawParts, ledger?: LedgerSummary): DrawnBlock {
  const { index, timestamp, prevHash, reveal, nextCommitment, pool, tree, seal } = parts;
  const { ticket, leafIndex, winner } = drawnTicket(parts);
  const content = {
    Index: index,
    Timestamp: timestamp,
    BPM: winner.payload,
    PrevHash: prevHash,
    Validator: winner.validator,
    Draw: {
      Reveal: reveal,
      ...(seal === undefined ? {} : { Sealed: seal.Sealed, Beacons: seal.Beacons }),
      PoolRoot: tree.root.hash,
      PoolSize: pool.candidates.length,
      TotalStake: String(tree.root.sum),
      Ticket: String(ticket),
      Stake: String(winner.stake),
      Path: tree.inclusionProof(leafIndex),
    },
    ...(ledger === undefined ? {} : { Ledger: ledger }),
    ...(nextCommitment === undefined ? {} : { NextCommitment: nextCommitment }),
  };
  return signedBlock(content, parts.chainId, parts.authority);
}

/** Completes the content of a block, its keys in the order of SPEC 4, with its Hash and the authority's signature of that. */
export function signedBlock(content: DrawnContent, chainId: string, authority: Signer): DrawnBlock;
export function signedBlock(content: InstantContent, chainId: string, authority: Signer): InstantBlock;
export function signedBlock(
  content: DrawnContent | InstantContent,
  chainId: string,
  authority: Signer,
): DrawnBlock | InstantBlock {
  const Hash = contentHash(content);
  return blockOf(content, Hash, authority.sign(authorityText(chainId, content.Index, Hash)));
}

/** Puts a block together from its content, its Hash and its Signature, where these were made before. */
export function blockOf(content: InstantContent, hash: string, signature: string): InstantBlock;
export function blockOf(
  content: DrawnContent | InstantContent,
  hash: string,
  signature: string,
): DrawnBlock | InstantBlock;
export function blockOf(
  content: DrawnContent | InstantContent,
  hash: string,
  signature: string,
): DrawnBlock | InstantBlock {
  const { Index, Timestamp, BPM, ...rest } = content;
  return { Index, Timestamp, BPM, Hash: hash, ...rest, Signature: signature };
}

/** Completes the content of a work block with a nonce and the Hash that this makes. Whether that is small enough is for the search to know. */
export function minedBlock(content: WorkContent, nonce: number): WorkBlock {
  const { Index, Timestamp, BPM, PrevHash, Validator, Work, Ledger } = content;
  const Hash = workHash(contentHash(content), nonce);
  return {
    ...{ Index, Timestamp, BPM, Hash, PrevHash, Validator },
    Work: { Difficulty: Work.Difficulty, Nonce: nonce },
    ...(Ledger === undefined ? {} : { Ledger }),
  };
}
