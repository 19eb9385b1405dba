/** The chain as the bytes that everybody is sent: LF, `[`, the blocks with commas between them, without the closing bracket. */
export interface ChainBytes {
  readonly bytes: number;
  /** Some of the bytes from `offset` on, none from `end` on. */
  read(offset: number, end: number): Buffer;
}

/** A JSON text in pieces that are made as they are taken. */
export interface PieceStream {
  /** Its length, where that is known before it is made. */
  readonly bytes?: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** The chain as it stands now: the line that every connection is sent, without the LF before it. A slice at a time, each when `next` says so. */
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
