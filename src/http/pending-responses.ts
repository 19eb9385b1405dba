import type { Disconnectable } from './web-counters.ts';

/** A response that reports when it is closed; a `http.ServerResponse` is one. */
interface ClosableResponse extends Disconnectable {
  once(event: 'close', onEvent: () => void): unknown;
}

/** A response that its client has not received completely. */
interface PendingResponse {
  readonly response: ClosableResponse;
  readonly bytes: number;
}

/** Bounds the total bytes of the responses that their clients have not received yet. Shared bytes, such as files and the chain, are not added. */
export class PendingResponses {
  readonly #bytesMax: number;
  readonly #disconnect: (response: Disconnectable) => void;
  /** The oldest first. */
  readonly #pending = new Set<PendingResponse>();
  #bytes = 0;

  constructor(bytesMax: number, disconnect: (response: Disconnectable) => void) {
    this.#bytesMax = bytesMax;
    this.#disconnect = disconnect;
  }

  /** Counts a response until it is closed. When there are too many bytes in all, the oldest others are disconnected, and never this one. */
  add(response: ClosableResponse, bytes: number): void {
    for (const oldest of this.#pending) {
      if (this.#bytes + bytes <= this.#bytesMax) break;
      this.#remove(oldest);
      this.#disconnect(oldest.response);
    }
    const added = { response, bytes };
    this.#pending.add(added);
    this.#bytes += bytes;
    response.once('close', () => this.#remove(added));
  }

  #remove(pending: PendingResponse): void {
    if (this.#pending.delete(pending)) this.#bytes -= pending.bytes;
  }
}
