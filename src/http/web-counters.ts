/** What is counted of the page's connections, requests and seats, in the order of the metrics. */
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
  /** Connections that were closed because the body of a request did not come. */
  'slow-body',
  /** Requests that were refused because too many waited already. */
  'busy',
  /** Writes that were refused: another site's page sent them, … */
  'foreign-site',
  /** … they came faster than lines may at nc, … */
  'too-fast',
  /** … they had more than a KiB, or were not understood, … */
  'too-large',
  'not-understood',
  /** … no seat was named, or the one that was named had a stake or a candidate already, … */
  'no-seat',
  'already',
  /** … the operator's methods were called without the operator's cookie, … */
  'no-cookie',
  /** … or there was no place for one more seat, for one more of this subnet, or in the round. */
  'seats-full',
  'subnet-seats-full',
  'round-full',
  /** Seats that ended: not used for too long, given up by their holder, taken over by a rejoin code, or sent away by the operator. */
  'seat-expired',
  'seat-left',
  'seat-taken-over',
  'seat-kicked',
] as const;

export type WebCount = (typeof names)[number];

/** Why the server closes a connection. */
type ConnectionEnding = 'slow-reader' | 'behind-events' | 'slow-body';

/** A response whose connection can be cut; a `http.ServerResponse` is one. */
export interface Disconnectable {
  readonly socket?: object | null;
  destroy(): unknown;
}

/** Counts how the page's connections and seats end, and refused requests. */
export class WebCounters {
  readonly #counts = new Map<WebCount, number>(names.map((name) => [name, 0]));
  readonly #reasons = new WeakMap<object, WebCount>();

  /** Cuts the connection of a response. The reason is counted when the connection is closed. */
  disconnect(response: Disconnectable, reason: ConnectionEnding): void {
    this.nameEnding(response, reason);
    response.destroy();
  }

  /** Says why the connection of a response is about to be closed. The reason is counted when it is. */
  nameEnding({ socket }: Disconnectable, reason: ConnectionEnding): void {
    if (socket !== undefined && socket !== null) this.#reasons.set(socket, reason);
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
