import { drawSeed, drawTicket } from './draw.ts';
import { taggedHash, taggedText } from './hash.ts';
import type { Signer } from './keys.ts';
import type { FrozenPool, TicketRange } from './pool.ts';
import { firstTicket, type ProofStep, type SumTree } from './sum-tree.ts';

/** Block 0: it publishes the commitment before any participant is known (SPEC 4). */
export interface GenesisBlock {
  readonly Index: 0;
  readonly Timestamp: string;
  readonly BPM: 0;
  readonly Hash: string;
  readonly PrevHash: '';
  readonly Validator: '';
  readonly Genesis: Genesis;
}

/** How the blocks of a chain are made, and whose signature they need. */
export interface Genesis {
  readonly Version: 2;
  readonly Consensus: LotteryConsensus;
  readonly Authority: string;
}

/** The consensus of a chain whose blocks are drawn, with the commitment to its first series of secrets. */
export interface LotteryConsensus {
  readonly Kind: 'lottery';
  readonly Salt: string;
  readonly Commitment: string;
  readonly Links: number;
}

/** A winner's block, with the proof of its own draw (SPEC 4). */
export interface DrawnBlock {
  readonly Index: number;
  readonly Timestamp: string;
  readonly BPM: number;
  readonly Hash: string;
  readonly PrevHash: string;
  readonly Validator: string;
  readonly Draw: Draw;
  readonly NextCommitment?: string;
  /** The authority's signature of `authorityText`. It keeps others from making a valid block once its link has been revealed. */
  readonly Signature: string;
}

export interface Draw {
  readonly Reveal: string;
  readonly PoolRoot: string;
  readonly PoolSize: number;
  readonly TotalStake: string;
  readonly Ticket: string;
  readonly Stake: string;
  readonly Path: readonly ProofStep[];
}

export type Block = GenesisBlock | DrawnBlock;

/** True for every block but the genesis. */
export function isDrawn(block: Block): block is DrawnBlock {
  return 'Draw' in block;
}

/** The tickets that the winner of a draw holds, computed from its inclusion proof. */
export function winnersTickets({ Stake, Path }: Draw): TicketRange {
  const first = firstTicket(Path);
  return { first, last: first + BigInt(Stake) - 1n };
}

/** The parts of a genesis that its maker chooses. */
export type GenesisParts = Omit<LotteryConsensus, 'Kind'> & Pick<Genesis, 'Authority'>;

/** The genesis block over a commitment, hashed. Timestamp: ISO 8601, UTC, milliseconds. */
export function buildGenesis(timestamp: string, parts: GenesisParts): GenesisBlock {
  const { Salt, Commitment, Links, Authority } = parts;
  const content = { Version: 2, Consensus: { Kind: 'lottery', Salt, Commitment, Links }, Authority } as const;
  return {
    Index: 0,
    Timestamp: timestamp,
    BPM: 0,
    Hash: genesisHash(timestamp, content),
    PrevHash: '',
    Validator: '',
    Genesis: content,
  };
}

/** ChainId = genesis Hash = H("genesis", Timestamp, Genesis). */
export function genesisHash(timestamp: string, genesis: Genesis): string {
  return taggedHash('genesis', timestamp, genesis);
}

/** The text whose SHA-256 is the Hash of the genesis. */
export function genesisText(timestamp: string, genesis: Genesis): string {
  return taggedText('genesis', timestamp, genesis);
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
}

/** Draws the winner of a closed pool and builds its block. Pure: the same parts give the same block, byte for byte. */
export function buildBlock(parts: DrawParts): DrawnBlock {
  const { index, timestamp, prevHash, reveal, nextCommitment, pool, tree } = parts;
  const totalStake = tree.root.sum;
  const ticket = drawTicket(drawSeed(parts.chainId, index, reveal), totalStake);
  const leafIndex = tree.leafOf(ticket);
  const winner = pool.candidates[leafIndex];
  if (winner === undefined) throw new Error(`the tree has a leaf ${leafIndex}, the pool has not`);
  const content = {
    Index: index,
    Timestamp: timestamp,
    BPM: winner.payload,
    PrevHash: prevHash,
    Validator: winner.validator,
    Draw: {
      Reveal: reveal,
      PoolRoot: tree.root.hash,
      PoolSize: pool.candidates.length,
      TotalStake: String(totalStake),
      Ticket: String(ticket),
      Stake: String(winner.stake),
      Path: tree.inclusionProof(leafIndex),
    },
    ...(nextCommitment === undefined ? {} : { NextCommitment: nextCommitment }),
  };
  return signedBlock(content, parts.chainId, parts.authority);
}

/** Completes the content of a block with its Hash and the authority's signature of that. */
export function signedBlock(content: BlockContent, chainId: string, authority: Signer): DrawnBlock {
  const { Index, Timestamp, BPM, ...rest } = content;
  const Hash = blockHash(content);
  return { Index, Timestamp, BPM, Hash, ...rest, Signature: authority.sign(authorityText(chainId, Index, Hash)) };
}

/** A block without Hash and Signature: the content that is hashed. */
export type BlockContent = Omit<DrawnBlock, 'Hash' | 'Signature'>;

/** block Hash = H("block", the block without Hash and Signature). */
export function blockHash(block: BlockContent): string {
  return taggedHash('block', contentOf(block));
}

/** The text whose SHA-256 is the Hash of a block. */
export function blockText(block: BlockContent): string {
  return taggedText('block', contentOf(block));
}

/** The content of a block, its keys in the order of SPEC 4. */
function contentOf({ Index, Timestamp, BPM, PrevHash, Validator, Draw, NextCommitment }: BlockContent): BlockContent {
  const content = { Index, Timestamp, BPM, PrevHash, Validator, Draw };
  return NextCommitment === undefined ? content : { ...content, NextCommitment };
}

/** The text that the authority signs for a block: T("authority", ChainId, Index, Hash). */
export function authorityText(chainId: string, index: number, hash: string): string {
  return taggedText('authority', chainId, index, hash);
}
