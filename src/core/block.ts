import { drawSeed, drawTicket } from './draw.ts';
import { taggedHash } from './hash.ts';
import type { FrozenPool, TicketRange } from './pool.ts';
import { firstTicket, type PathStep, type SumTree } from './sum-tree.ts';

/** Block 0: it publishes the commitment before anybody can know who will ever play (SPEC 4). */
export interface GenesisBlock {
  readonly Index: 0;
  readonly Timestamp: string;
  readonly BPM: 0;
  readonly Hash: string;
  readonly PrevHash: '';
  readonly Validator: '';
  readonly Genesis: Genesis;
}

export interface Genesis {
  readonly Version: 1;
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
}

export interface Draw {
  readonly Reveal: string;
  readonly PoolRoot: string;
  readonly PoolSize: number;
  readonly TotalStake: string;
  readonly Ticket: string;
  readonly Stake: string;
  readonly Path: readonly PathStep[];
}

export type Block = GenesisBlock | DrawnBlock;

/** True for every block but the genesis. */
export function isDrawn(block: Block): block is DrawnBlock {
  return 'Draw' in block;
}

/** The tickets that the winner of a draw holds, by its path. */
export function winnersTickets({ Stake, Path }: Draw): TicketRange {
  const first = firstTicket(Path);
  return { first, last: first + BigInt(Stake) - 1n };
}

/** The genesis block over a commitment, hashed. Timestamp: ISO 8601, UTC, milliseconds. */
export function forgeGenesis(timestamp: string, genesis: Omit<Genesis, 'Version'>): GenesisBlock {
  const { Salt, Commitment, Links } = genesis;
  const content = { Version: 1, Salt, Commitment, Links } as const;
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

/** genesis Hash = H("genesis", Version, Timestamp, Salt, Commitment, Links). */
export function genesisHash(timestamp: string, genesis: Genesis): string {
  return taggedHash('genesis', genesis.Version, timestamp, genesis.Salt, genesis.Commitment, genesis.Links);
}

/** What a draw is made from: a closed pool with its tree, the place on the chain, and the link that this place reveals. */
export interface DrawParts {
  readonly index: number;
  readonly timestamp: string;
  readonly prevHash: string;
  readonly genesisHash: string;
  readonly reveal: string;
  readonly nextCommitment: string | undefined;
  readonly pool: FrozenPool;
  readonly tree: SumTree;
}

/** Draws the winner of a closed pool and forges its block. Pure: the same parts give the same block, byte for byte. */
export function forgeBlock(parts: DrawParts): DrawnBlock {
  const { index, timestamp, prevHash, reveal, nextCommitment, pool, tree } = parts;
  const totalStake = tree.root.sum;
  const ticket = drawTicket(drawSeed(parts.genesisHash, index, reveal), totalStake);
  const leafIndex = tree.leafOf(ticket);
  const winner = pool.candidates[leafIndex];
  if (winner === undefined) throw new Error(`the tree has a leaf ${leafIndex}, the pool has not`);
  const content = {
    Index: index,
    Timestamp: timestamp,
    BPM: winner.bpm,
    PrevHash: prevHash,
    Validator: winner.validator,
    Draw: {
      Reveal: reveal,
      PoolRoot: tree.root.hash,
      PoolSize: pool.candidates.length,
      TotalStake: String(totalStake),
      Ticket: String(ticket),
      Stake: String(winner.stake),
      Path: tree.path(leafIndex),
    },
    ...(nextCommitment === undefined ? {} : { NextCommitment: nextCommitment }),
  };
  const { Index, Timestamp, BPM, ...rest } = content;
  return { Index, Timestamp, BPM, Hash: blockHash(content), ...rest };
}

/** block Hash = H("block", Index, Timestamp, BPM, PrevHash, Validator, Reveal, PoolRoot, PoolSize, TotalStake, Ticket, Stake, NextCommitment or ""). */
export function blockHash(block: Omit<DrawnBlock, 'Hash'>): string {
  const { Draw } = block;
  return taggedHash(
    'block',
    block.Index,
    block.Timestamp,
    block.BPM,
    block.PrevHash,
    block.Validator,
    Draw.Reveal,
    Draw.PoolRoot,
    Draw.PoolSize,
    Draw.TotalStake,
    Draw.Ticket,
    Draw.Stake,
    block.NextCommitment ?? '',
  );
}
