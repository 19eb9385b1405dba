import { limits } from './limits.ts';

type ReadBlocks = (first: number, last: number) => Promise<readonly string[]>;

/**
 * Streams the blocks from `first` to `last` as a JSON array, an empty one when `last` is before `first`. Reads a few at a time, when the consumer
 * asks for them. Rejects when the first piece cannot be read; the iterator rejects when a later one cannot.
 */
export async function streamBlocks(read: ReadBlocks, first: number, last: number): Promise<AsyncGenerator<Uint8Array>> {
  const pieces = blockPieces(read, first, last);
  const begin = await pieces.next();
  return begin.done === true ? pieces : prepend(begin.value, pieces);
}

async function* blockPieces(read: ReadBlocks, first: number, last: number): AsyncGenerator<Uint8Array> {
  let opening = '[';
  for (let from = first; from <= last; from += limits.blocksPerPiece) {
    const texts = await read(from, Math.min(last, from + limits.blocksPerPiece - 1));
    yield Buffer.from(opening + texts.join(','), 'latin1');
    opening = ',';
  }
  yield Buffer.from(opening === '[' ? '[]' : ']', 'latin1');
}

async function* prepend(piece: Uint8Array, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield piece;
  yield* pieces;
}
