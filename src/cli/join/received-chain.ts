import { createHash, type Hash } from 'node:crypto';
import type { ChainVerifier, Tip } from '../../consensus/verifier.ts';
import type { Block, DrawnBlock, GenesisBlock } from '../../core/block.ts';
import type { FoundEvidence } from '../evidence-file.ts';

/** A chain that held: its genesis and its last block, its tip, and the SHA-256 of the texts of all its blocks. */
export interface HeldChain {
  readonly genesis: GenesisBlock;
  readonly block: Block;
  readonly tip: Tip;
  readonly digest: string;
}

/** A chain that is being received. */
export class ReceivedChain {
  /** Of all blocks so far. */
  readonly texts: Hash = createHash('sha256');
  count = 0;
  verifier: ChainVerifier;
  fault: string | undefined;
  evidence: FoundEvidence | undefined;
  isUnreleased = false;
  genesis: GenesisBlock | undefined;
  /** The last block that was checked. */
  block: Block | undefined;
  /** The last of the blocks that were not in the chain before. */
  readonly blocks: DrawnBlock[] = [];

  constructor(verifier: ChainVerifier) {
    this.verifier = verifier;
  }
}
