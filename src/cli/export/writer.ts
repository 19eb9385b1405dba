import { finished } from 'node:stream/promises';

/** A stream that is written to no faster than it takes, and whose reader may go away at any time. */
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

  /** What has gone wrong; undefined when nothing has. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** True when whoever read the stream has had enough: no fault of anybody. */
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
