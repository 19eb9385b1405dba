import { messageOf } from '../base/error-message.ts';
import { limits } from './limits.ts';

/** What came of a request: a JSON value with its status, or why nothing came that could be read. */
export type JsonAnswer =
  | { readonly isOk: boolean; readonly status: number; readonly json: unknown }
  | { readonly why: string };

/** Asks for a small JSON document. It never rejects. An answer that is too long, too slow, from elsewhere, or no JSON is none. */
export async function requestJson(url: string, stopping: AbortSignal): Promise<JsonAnswer> {
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(limits.beaconAnswerMs)]);
    const response = await fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } });
    const text = await readText(response);
    if (text === undefined) return { why: `its answer has more than ${limits.beaconAnswerBytesMax} bytes` };
    return { isOk: response.ok, status: response.status, json: parse(text) };
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    return { why: messageOf(cause) };
  }
}

/** The text of an answer; undefined where it is longer than one of a beacon can be. */
async function readText({ body }: Response): Promise<string | undefined> {
  if (body === null) return '';
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    // Leaving the loop ends the answer.
    if (bytes > limits.beaconAnswerBytesMax) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}
