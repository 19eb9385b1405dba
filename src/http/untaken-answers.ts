import type { Cuttable } from './web-counts.ts';

/** A response whose end can be heard of; a `http.ServerResponse` is one. */
interface Endable extends Cuttable {
  once(event: 'close', onEvent: () => void): unknown;
}

/** An answer that its reader has not taken whole. */
interface Untaken {
  readonly response: Endable;
  readonly bytes: number;
}

/** Bounds the bytes of all answers that their readers have not taken yet. Bytes that are shared, such as files and the chain, need not be added. */
export class UntakenAnswers {
  readonly #bytesMax: number;
  readonly #cut: (response: Cuttable) => void;
  /** Those that have been under way for longest first. */
  readonly #answers = new Set<Untaken>();
  #bytes = 0;

  constructor(bytesMax: number, cut: (response: Cuttable) => void) {
    this.#bytesMax = bytesMax;
    this.#cut = cut;
  }

  /** Counts an answer until it was taken. When that makes too many bytes, those that have been under way for longest are cut, and never this one. */
  add(response: Endable, bytes: number): void {
    for (const oldest of this.#answers) {
      if (this.#bytes + bytes <= this.#bytesMax) break;
      this.#forget(oldest);
      this.#cut(oldest.response);
    }
    const answer = { response, bytes };
    this.#answers.add(answer);
    this.#bytes += bytes;
    response.once('close', () => this.#forget(answer));
  }

  #forget(answer: Untaken): void {
    if (this.#answers.delete(answer)) this.#bytes -= answer.bytes;
  }
}
