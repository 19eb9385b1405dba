/** What is counted of the page's connections and requests, in the order in which it is listed. */
const names = [
  /** Connections that ended by themselves, or by Node's hand: idle, malformed, or too slow to ask. */
  'left',
  /** Connections that were cut, because too many bytes of answers or events waited for their readers. */
  'slow-reader',
  /** Connections that were cut, because a request came behind one for events, which are an answer without end. */
  'behind-events',
  /** Connections that were not taken, because their network address has all that one may have … */
  'address-full',
  /** … or because the page has. */
  'full',
  /** Requests that were refused, because too many waited already. */
  'busy',
] as const;

export type WebCount = (typeof names)[number];

/** A response whose connection can be cut; a `http.ServerResponse` is one. */
export interface Cuttable {
  readonly socket?: object | null;
  destroy(): unknown;
}

/** Counts what happens to the page's connections and requests. */
export class WebCounts {
  readonly #counts = new Map<WebCount, number>(names.map((name) => [name, 0]));
  readonly #cut = new WeakMap<object, WebCount>();

  /** Cuts the connection of a response. It is counted by this name when it is closed. */
  cut(response: Cuttable, why: 'slow-reader' | 'behind-events'): void {
    if (response.socket !== undefined && response.socket !== null) this.#cut.set(response.socket, why);
    response.destroy();
  }

  /** Counts a connection that is closed. */
  closed(socket: object): void {
    this.add(this.#cut.get(socket) ?? 'left');
  }

  add(name: WebCount): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** All counts by their names. */
  get all(): Iterable<readonly [WebCount, number]> {
    return this.#counts;
  }
}
