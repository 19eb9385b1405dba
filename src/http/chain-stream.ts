/** The encoded chain that every participant is sent: LF, `[`, the blocks separated by commas, without the closing bracket. */
export interface ChainBytes {
  readonly bytes: number;
  /** Some of the bytes from `offset` on, up to `end` at most. */
  read(offset: number, end: number): Buffer;
}

/** A JSON text in pieces that are made when the consumer asks for them. */
export interface PieceStream {
  /** Its length, if that is known in advance. */
  readonly bytes?: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** Streams the current chain: the line that every participant is sent, without its leading LF. Each slice waits for `next`. */
export function streamChain(chain: ChainBytes, next: () => Promise<void>): PieceStream & { readonly bytes: number } {
  const end = chain.bytes;
  return { bytes: end + 1, pieces: chainSlices(chain, end, next) };
}

async function* chainSlices(chain: ChainBytes, end: number, next: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for (let offset = 1; offset < end; ) {
    await next();
    const slice = chain.read(offset, end);
    offset += slice.length;
    yield slice;
  }
  yield Buffer.from(']\n', 'latin1');
}
