/** What is counted while connections are served, beside the ways in which they end. */
export type Count =
  /** Connections that were taken. */
  | 'taken'
  | 'lines in'
  | 'bytes in'
  /** Bytes that were handed to sockets. */
  | 'bytes out'
  /** Chains that went to somebody whole. */
  | 'chains sent'
  /** Chains that somebody was not offered because the last one, or something else, was not taken yet. */
  | 'chains skipped'
  /** Times that somebody was read more slowly: they sent more lines than they may … */
  | 'floods slowed'
  /** … or did not read their answers. */
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
