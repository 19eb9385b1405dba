import { limits } from './limits.ts';
import type { BlockLines } from './stored-lines.ts';

/** Blocks that a peer is to be asked for. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** A block that came, and from whom. */
export interface ReceivedBlock {
  readonly peer: string;
  readonly lines: BlockLines;
}

/** A range with what has come of it. */
interface OpenRange {
  /** The first block of `blocks`, or that is missing. */
  first: number;
  readonly last: number;
  /** The peer that is asked; undefined while none is. */
  peer: string | undefined;
  blocks: ReceivedBlock[];
}

/**
 * Which blocks to ask which peer for, while many are missing: ranges from several peers at once, put together in order. What a peer does not give is
 * asked of another one. Bounded: no range begins far ahead of the block that is needed next, and what waits for others has a size.
 */
export class Download {
  #ranges: readonly OpenRange[] = [];
  /** The first block that no range has. */
  #beyond: number;
  #bytes = 0;

  /** @param next the block that is needed next */
  constructor(next: number) {
    this.#beyond = next;
  }

  /** The Index of the first block of `next`. */
  get nextIndex(): number {
    return this.#ranges[0]?.first ?? this.#beyond;
  }

  /** The range that a peer should be asked for, up to its height; undefined while it has nothing that is wanted, or is asked already. */
  assign(peer: string, height: number): Range | undefined {
    if (this.#ranges.some((range) => range.peer === peer)) return undefined;
    const range = this.#ranges.find((open) => open.peer === undefined && !isComplete(open) && open.last <= height);
    if (range !== undefined) return this.#give(range, peer);
    if (this.#ranges.length >= limits.rangesMax || this.#beyond > height) return undefined;
    const last = Math.min(height, this.#beyond + limits.rangeBlocks - 1);
    const added: OpenRange = { first: this.#beyond, last, peer: undefined, blocks: [] };
    this.#beyond = last + 1;
    this.#ranges = [...this.#ranges, added];
    return this.#give(added, peer);
  }

  /** True where a peer's next block may be kept: there is room, or it is among those that are stored next. */
  hasRoom(peer: string): boolean {
    return this.#bytes < limits.downloadBytesMax || this.#ranges[0]?.peer === peer;
  }

  /** The next block of a peer's range has come. Returns false where the peer was asked for no more. */
  received(peer: string, lines: BlockLines): boolean {
    const range = this.#ranges.find((open) => open.peer === peer);
    if (range === undefined) return false;
    range.blocks.push({ peer, lines });
    this.#bytes += lengthOf(lines);
    if (isComplete(range)) range.peer = undefined;
    return true;
  }

  /** The answer of a peer has ended, or the peer is gone: the rest of its range is for another one. Returns how many blocks were missing. */
  ended(peer: string): number {
    const range = this.#ranges.find((open) => open.peer === peer);
    if (range === undefined) return 0;
    range.peer = undefined;
    return missingOf(range);
  }

  /** A peer has lied: nothing that it gave is used, nor what another one gave behind that, who is asked for it again. */
  discard(peer: string): void {
    this.ended(peer);
    for (const range of this.#ranges) {
      const place = range.blocks.findIndex((block) => block.peer === peer);
      if (place === -1) continue;
      this.#keep(range, 0, place);
      range.peer = undefined;
    }
  }

  /** Blocks that came and are next, in order, at most so many. */
  next(max: number): readonly ReceivedBlock[] {
    return this.#ranges[0]?.blocks.slice(0, max) ?? [];
  }

  /** The first `count` blocks of `next` are stored. */
  advance(count: number): void {
    const [range] = this.#ranges;
    if (range === undefined) return;
    this.#keep(range, count, range.blocks.length);
    range.first += count;
    if (range.first > range.last) this.#ranges = this.#ranges.slice(1);
  }

  #give(range: OpenRange, peer: string): Range {
    range.peer = peer;
    return { first: range.first + range.blocks.length, last: range.last };
  }

  /** Keeps the blocks of a range from one place to another. */
  #keep(range: OpenRange, from: number, to: number): void {
    const kept = range.blocks.slice(from, to);
    this.#bytes -= sizeOf(range.blocks) - sizeOf(kept);
    range.blocks = kept;
  }
}

function missingOf({ first, last, blocks }: OpenRange): number {
  return last - first + 1 - blocks.length;
}

function isComplete(range: OpenRange): boolean {
  return missingOf(range) === 0;
}

function sizeOf(blocks: readonly ReceivedBlock[]): number {
  return blocks.reduce((sum, { lines }) => sum + lengthOf(lines), 0);
}

function lengthOf({ block, beside }: BlockLines): number {
  return block.length + (beside?.length ?? 0);
}
