/** What a tab remembers of its seat. */
export interface RememberedSeat {
  /** The line that gives it back, such as `rejoin ABCD-EFGH-JKMN`. */
  readonly comeback: string;
  /** The candidate that waits for its draw; undefined where there is none. */
  readonly candidate?: { readonly index: number; readonly bpm: string } | undefined;
}

/** Reads what `seatText` has written; undefined for anything else. */
export function readSeat(text: string): RememberedSeat | undefined {
  const [, comeback, index, bpm] = /^((?:rejoin|login) [0-9A-Za-z-]+)(?: for (\d{1,15}) (\d{1,10}))?$/.exec(text) ?? [];
  if (comeback === undefined) return undefined;
  return index === undefined || bpm === undefined
    ? { comeback }
    : { comeback, candidate: { index: Number(index), bpm } };
}

/** A seat as a text. */
export function seatText({ comeback, candidate }: RememberedSeat): string {
  return candidate === undefined ? comeback : `${comeback} for ${candidate.index} ${candidate.bpm}`;
}
