import { finished } from 'node:stream/promises';

/** Writes to a stream no faster than its reader takes it. The reader may go away at any time. */
export class Writer {
  readonly #stream: NodeJS.WritableStream;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    stream.on('error', (error: Error) => {
      this.#failure ??= error;
      this.#wake();
    });
    stream.on('drain', () => this.#wake());
  }

  /** The first error of the stream; undefined before one. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** True when the reader closed the stream early, as `head` does. That is no error. */
  get isDeserted(): boolean {
    return this.#failure !== undefined && 'code' in this.#failure && this.#failure.code === 'EPIPE';
  }

  /** Resolves when more may be written, or nothing any more. */
  async write(text: string): Promise<void> {
    if (this.#failure !== undefined || this.#stream.write(text)) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Ends the stream; resolves when all is written, or cannot be. */
  async end(): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#stream.end();
    await finished(this.#stream).catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    });
  }
}
