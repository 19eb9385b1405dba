/** What is counted while connections are served, besides the ways in which they end. */
export type Count =
  /** Connections that were accepted. */
  | 'taken'
  | 'lines in'
  | 'bytes in'
  /** Bytes that were handed to sockets. */
  | 'bytes out'
  /** Chains that were handed whole to a connection. */
  | 'chains sent'
  /** Chains that a connection was not offered because it had not taken the last one, or something else, yet. */
  | 'chains skipped'
  /** Times that a connection was read more slowly because it sent more lines than it may … */
  | 'floods slowed'
  /** … or because it did not read its answers. */
  | 'deaf slowed';

/** Counts things by their names. */
export class Counters<Name extends string> {
  readonly #counts = new Map<Name, number>();

  /** Counts one, or `more`; returns how many that makes. */
  add(name: Name, more = 1): number {
    const count = this.of(name) + more;
    this.#counts.set(name, count);
    return count;
  }

  of(name: Name): number {
    return this.#counts.get(name) ?? 0;
  }
}
