import { parseExact } from '../core/exact-json.ts';
import { isWhole, type Parsed, parseRecord } from '../core/json-record.ts';

/** What a server says first to a person who comes by way of a peer. */
export interface SeatHeader {
  /** The last block of which the person hears nothing there. */
  readonly Height: number;
  /** Which run of the server it is. */
  readonly Run: string;
}

/** The text of a header. */
export function seatHeaderText({ Height, Run }: SeatHeader): string {
  return JSON.stringify({ Height, Run });
}

/** Parses the text of a header. */
export function parseSeatHeader(text: string): Parsed<SeatHeader> {
  const parsed = parseRecord('the header of a seat', parseExact(text), { all: ['Height', 'Run'] });
  if ('why' in parsed) return parsed;
  const { Height, Run } = parsed.value;
  if (!isWhole(Height, 0) || typeof Run !== 'string') return { why: 'Height must be a whole number, and Run a text' };
  return { value: { Height, Run } };
}
