import type { SignedBody } from '../consensus/engine.ts';
import { type Account, accountFields, parseAccount } from '../ledger/account.ts';
import { limits } from './limits.ts';

/**
 * Encodes what the ledger of a block is judged by: the bytes of `{"Transactions":[…],"Candidates":[…]}`. It is made in steps, as a pool is, because
 * ten thousand signed candidates are several megabytes.
 */
export function* encodeSignedBody({ Transactions, Candidates }: SignedBody): Generator<void, Buffer> {
  const pieces: Buffer[] = [];
  yield* encodeArray('{"Transactions":', Transactions, pieces);
  if (Candidates !== undefined) yield* encodeArray(',"Candidates":', Candidates, pieces);
  pieces.push(Buffer.from('}'));
  return Buffer.concat(pieces);
}

function* encodeArray(head: string, values: readonly unknown[], pieces: Buffer[]): Generator<void> {
  pieces.push(Buffer.from(`${head}[`));
  for (let first = 0; first < values.length; first += limits.encodedPerStep) {
    if (first > 0) yield;
    const texts = values.slice(first, first + limits.encodedPerStep).map((value) => JSON.stringify(value));
    pieces.push(Buffer.from(`${first === 0 ? '' : ','}${texts.join(',')}`));
  }
  pieces.push(Buffer.from(']'));
}

/** An account as the text that is stored. */
export function encodeAccount(account: Account): string {
  return JSON.stringify(accountFields(account));
}

/** The account that was stored as a text; undefined where the text is none. */
export function decodeAccount(text: string): Account | undefined {
  try {
    const parsed = parseAccount(JSON.parse(text));
    return 'why' in parsed ? undefined : parsed.value;
  } catch {
    return undefined;
  }
}
