import { PeerError } from '../../src/node/sync/peer-network.ts';
import type { SeatStream } from '../../src/node/sync/seat-network.ts';

/** The way to a server whose part the test plays. */
export class PlayedSeat implements SeatStream {
  typed = '';
  hasEnded = false;
  readonly #texts: (string | PeerError | undefined)[] = [];
  #wake: () => void = () => undefined;

  /** The server says something; undefined is the end, an error the loss of the way. */
  says(text: string | PeerError | undefined): void {
    this.#texts.push(text);
    this.#wake();
  }

  async read(signal: AbortSignal): Promise<string | undefined> {
    while (this.#texts.length === 0) {
      if (signal.aborted) throw new PeerError('over', false);
      await new Promise<void>((resolve) => {
        this.#wake = () => {
          signal.removeEventListener('abort', this.#wake);
          resolve();
        };
        signal.addEventListener('abort', this.#wake, { once: true });
      });
    }
    const text = this.#texts.shift();
    if (text instanceof PeerError) throw text;
    return text;
  }

  async write(text: string): Promise<void> {
    this.typed += text;
  }

  async end(): Promise<void> {
    this.hasEnded = true;
  }

  abort(): void {
    this.hasEnded = true;
  }
}
