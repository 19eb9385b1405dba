import { limits } from './limits.ts';

type ReadBlocks = (first: number, last: number) => Promise<readonly string[]>;

/** How blocks stand in an array. */
interface Layout {
  /** The text of a block, from its text in the store. */
  block(stored: string): string;
  /** Before the first block, between two of them, and after the last. */
  readonly opening: string;
  readonly separator: string;
  readonly closing: string;
}

/** The blocks as they are stored, without any white space. */
export const compactLayout: Layout = { block: (stored) => stored, opening: '[', separator: ',', closing: ']' };

/** The blocks as people read them: what `JSON.stringify` makes of the chain with an indentation of two, and LF. */
export const indentedLayout: Layout = {
  block: (stored) => `  ${JSON.stringify(JSON.parse(stored), undefined, 2).replaceAll('\n', '\n  ')}`,
  opening: '[\n',
  separator: ',\n',
  closing: '\n]\n',
};

/** Which blocks, and how. */
interface BlockRange {
  readonly first: number;
  readonly last: number;
  readonly layout: Layout;
  /** Resolves when one more piece may be made. */
  next(): Promise<void>;
}

/**
 * Streams the blocks from `first` to `last` as a JSON array, an empty one when `last` is before `first`. Reads a few at a time, when the consumer
 * asks for them. Rejects when the first piece cannot be read; the iterator rejects when a later one cannot.
 */
export async function streamBlocks(read: ReadBlocks, range: BlockRange): Promise<AsyncGenerator<Uint8Array>> {
  const pieces = blockPieces(read, range);
  const begin = await pieces.next();
  return begin.done === true ? pieces : prepend(begin.value, pieces);
}

async function* blockPieces(read: ReadBlocks, { first, last, layout, next }: BlockRange): AsyncGenerator<Uint8Array> {
  let before = layout.opening;
  for (let from = first; from <= last; from += limits.blocksPerPiece) {
    const texts = await read(from, Math.min(last, from + limits.blocksPerPiece - 1));
    await next();
    yield Buffer.from(before + texts.map(layout.block).join(layout.separator), 'latin1');
    before = layout.separator;
  }
  yield Buffer.from(before === layout.opening ? '[]' : layout.closing, 'latin1');
}

async function* prepend(piece: Uint8Array, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield piece;
  yield* pieces;
}
