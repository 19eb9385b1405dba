/** The first eight digits of an address or hash: enough to tell the people of one room apart. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 8)}…`;
}

/** A number of things: "1 win", "2 wins". `shown` is how the count is written, where that is not its plain digits. */
export function pluralize(count: number | bigint | string, noun: string, shown: string = String(count)): string {
  return `${shown} ${noun}${String(count) === '1' ? '' : 's'}`;
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
