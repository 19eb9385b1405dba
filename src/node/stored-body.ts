import type { SignedBody } from '../consensus/engine.ts';
import { parseSignedBody } from '../consensus/signed-body.ts';

/** What the ledger of a block was judged by, from the text that is stored beside it; undefined where there is none, or it is something else. */
export function parseStoredBody(text: string | undefined): SignedBody | undefined {
  const json = text === undefined ? undefined : parseJson(text);
  return typeof json === 'object' && json !== null ? parseSignedBody(json) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
