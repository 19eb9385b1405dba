import type { ChainKind } from '../consensus/engine.ts';
import type { VerifyBeacon } from '../core/beacon.ts';
import type { SealedBlock } from '../core/block.ts';
import type { BlockEvidence } from '../library/block-check.ts';
import type { ExplainSeal } from './block-steps.ts';
import type { ProfileBook } from './profile-book.ts';

/** What the page of a block says and offers for one kind of chain. */
export interface BlockView {
  readonly explain: ExplainSeal;
  /** What was done to make the block, as the button says that checks it: "Check this draw". */
  readonly noun: string;
  /** What is said of block 0. */
  readonly genesisWords: string;
  /** What is said above the fields that can be changed. */
  readonly cheatWords: string;
  /** What is said of a block above its steps. */
  describe(block: SealedBlock, context: BlockContext): readonly HTMLElement[];
  /** What can be done to a changed block besides hashing it again. */
  tools(changed: ChangedBlock): readonly HTMLElement[];
}

/** What surrounds a block. */
export interface BlockContext {
  readonly evidence: BlockEvidence;
  /** The last index of the chain. */
  readonly height: number;
  /** The reason when the server does not have the pool of a draw. */
  readonly whyNoPool: string | undefined;
  /** What the validators of the block and its pool are known by. */
  readonly profiles: ProfileBook;
  /** The address of this server's pages for other machines; undefined where it has none. */
  readonly site: string | undefined;
  /** What the signatures of beacons are verified with, where draws wait for any. */
  readonly verifyBeacon: VerifyBeacon | undefined;
}

/** The block as the visitor has changed it. */
export interface ChangedBlock extends BlockContext {
  read(): unknown;
  /** Shows another block in its place, and checks it. */
  replace(block: unknown): void;
}

/** The view of a kind of chain. What only another kind needs is not loaded. */
export async function loadBlockView(kind: ChainKind): Promise<BlockView> {
  switch (kind) {
    case 'lottery':
      return (await import('./draw-view.ts')).drawView;
    case 'work':
      return (await import('./work-view.ts')).workView;
    case 'instant':
      return (await import('./instant-view.ts')).instantView;
  }
}
