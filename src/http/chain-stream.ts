import type { ChainText } from '../node/chain-text.ts';
import { limits } from './limits.ts';

/** A JSON text in pieces that are made when the consumer asks for them. */
export interface PieceStream {
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Streams the current chain: the line that every participant is sent, without its leading LF. Each piece waits for `next`. */
export function streamChain(chain: ChainText, next: () => Promise<void>): PieceStream {
  return { pieces: chainPieces(chain, chain.count, next) };
}

async function* chainPieces(chain: ChainText, end: number, next: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < end; ) {
    await next();
    const piece = (await chain.slice(index)).read(index, end, limits.chainPieceBytes);
    if (index === 0) yield Buffer.from('[', 'latin1');
    // The first block has no comma before it.
    yield index === 0 ? piece.bytes.subarray(1) : piece.bytes;
    index = piece.next;
  }
  yield Buffer.from(']\n', 'latin1');
}
