/** What is counted of the page's connections and requests, in the order of the metrics. */
const names = [
  /** Connections that the client closed, or Node: idle, malformed, or too slow to send a request. */
  'left',
  /** Connections that were cut because the client did not read, and too many bytes of answers or events waited. */
  'slow-reader',
  /** Connections that were cut because a request followed one for events, whose answer has no end. */
  'behind-events',
  /** Connections that were refused because their subnet has as many as one may have … */
  'address-full',
  /** … or because the page has. */
  'full',
  /** Requests that were refused because too many waited already. */
  'busy',
] as const;

export type WebCount = (typeof names)[number];

/** A response whose connection can be cut; a `http.ServerResponse` is one. */
export interface Disconnectable {
  readonly socket?: object | null;
  destroy(): unknown;
}

/** Counts how the page's connections end, and refused requests. */
export class WebCounters {
  readonly #counts = new Map<WebCount, number>(names.map((name) => [name, 0]));
  readonly #reasons = new WeakMap<object, WebCount>();

  /** Cuts the connection of a response. The reason is counted when the connection is closed. */
  disconnect(response: Disconnectable, reason: 'slow-reader' | 'behind-events'): void {
    if (response.socket !== undefined && response.socket !== null) this.#reasons.set(response.socket, reason);
    response.destroy();
  }

  /** Counts a connection that is closed. */
  closed(socket: object): void {
    this.add(this.#reasons.get(socket) ?? 'left');
  }

  add(name: WebCount): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** All counts by their names. */
  get all(): Iterable<readonly [WebCount, number]> {
    return this.#counts;
  }
}
