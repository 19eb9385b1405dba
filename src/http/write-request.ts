import { parseDigits } from '../base/amount.ts';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { limits as coreLimits } from '../core/limits.ts';

/** What a program posts: a stake, a payload, or both. */
export interface WriteRequest {
  /** A number as it was written, or what stood in quotes. Whether it is a stake is judged where it is entered. */
  readonly stake?: string;
  /** A whole number from 0 to the largest BPM. */
  readonly payload?: number;
}

/** Why a body is no write: what came, escaped, what is accepted, and an example. */
export interface InvalidWrite {
  readonly why: string;
}

const accepted =
  'A body is JSON such as {"Data":77} (BPM is another name for Data), {"Stake":100} to take a seat, or {"Stake":100,"Data":77}.';

/** Reads the body of a POST: one JSON object in UTF-8. Numbers are digits only, as at nc (SPEC 1). */
export function parseWrite(body: Buffer): WriteRequest | InvalidWrite {
  if (body.length === 0) return { why: `the body is empty. ${accepted}` };
  const json = parseJson(body);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    const problem = json === undefined ? 'is not JSON' : 'is no JSON object';
    return { why: `"${escapeForDisplay(body.toString('latin1'))}" ${problem}. ${accepted}` };
  }
  const members = new Map<string, unknown>(Object.entries(json));
  const unknown = [...members.keys()].find((key) => !['Data', 'BPM', 'Stake'].includes(key));
  if (unknown !== undefined) return { why: `${shown(JSON.stringify(unknown))} is no key of a body. ${accepted}` };
  if (members.size === 0) return { why: `{} says nothing. ${accepted}` };
  if (members.has('Data') && members.has('BPM')) return { why: `Data and BPM are the same: send one. ${accepted}` };
  return parseMembers(members, body.toString('utf8'));
}

function parseMembers(members: ReadonlyMap<string, unknown>, text: string): WriteRequest | InvalidWrite {
  let request: WriteRequest = {};
  for (const [key, value] of members) {
    const written = typeof value === 'number' ? numberAsWritten(text, key, value) : JSON.stringify(value);
    if (key === 'Stake') {
      if (typeof value !== 'string' && typeof value !== 'number') {
        return {
          why: `${shown(written)} is not a token balance. A stake is a whole number, for example {"Stake":100}.`,
        };
      }
      request = { ...request, stake: typeof value === 'string' ? value : written };
    } else {
      const payload = typeof value === 'number' ? parseDigits(written) : undefined;
      if (payload === undefined || payload > coreLimits.bpmMax) return { why: notABpm(written, payload !== undefined) };
      request = { ...request, payload: Number(payload) };
    }
  }
  return request;
}

/** The words of nc, with an example for a program. */
function notABpm(written: string, isNumber: boolean): string {
  const reason = isNumber ? 'is too large for a BPM' : 'is not a BPM';
  return `${shown(written)} ${reason}. A BPM is a whole number from 0 to ${coreLimits.bpmMax}, digits only and without quotes, for example {"Data":77}.`;
}

/** A number of a JSON object in its own digits, which a double may not keep. The last one counts where a key stands twice. */
function numberAsWritten(text: string, key: string, value: number): string {
  const found = [...text.matchAll(new RegExp(`"${key}"\\s*:\\s*([^\\s,}]+)`, 'g'))].at(-1)?.[1];
  return found === undefined || Number(found) !== value ? String(value) : found;
}

function parseJson(body: Buffer): unknown {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return json;
  } catch {
    return undefined;
  }
}

/** A piece of a body as an error shows it. */
function shown(text: string): string {
  return escapeForDisplay(Buffer.from(text).toString('latin1'));
}
