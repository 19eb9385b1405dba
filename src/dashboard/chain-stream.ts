/** The chain as the bytes that everybody is sent: LF, `[`, the blocks with commas between them, without the closing bracket. */
export interface ChainBytes {
  readonly bytes: number;
  /** Some of the bytes from `offset` on, none from `end` on. */
  read(offset: number, end: number): Buffer;
}

/** The chain as it stands now: the line that every connection is sent, without the LF before it. A slice at a time, as it is taken. */
export function streamChain(chain: ChainBytes): { readonly bytes: number; readonly body: ReadableStream<Uint8Array> } {
  const end = chain.bytes;
  let offset = 1;
  const body = new ReadableStream<Uint8Array>({
    pull(controller): void {
      if (offset >= end) {
        controller.enqueue(Buffer.from(']\n', 'latin1'));
        controller.close();
        return;
      }
      const slice = chain.read(offset, end);
      offset += slice.length;
      controller.enqueue(slice);
    },
  });
  return { bytes: end + 1, body };
}
