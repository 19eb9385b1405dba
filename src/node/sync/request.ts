import { parseExact } from '../../core/exact-json.ts';
import { isHash } from '../../core/hash.ts';
import { accepted, isHex, isWhole, type Parsed, parseRecord } from '../../core/json-record.ts';
import { type Hello, parseHello } from './hello.ts';
import { limits } from './limits.ts';

/**
 * What a node asks another (SPEC 8). The text of a request is its canonical JSON, and every line of an answer is a text of its own:
 *
 * - `hello` is answered with the other's hello.
 * - `blocks` is answered with two lines for each block: the block, and the JSON of what lies beside it (`BlockBody`), which is `{}` for nothing.
 * - `headers` is answered with blocks as `blocks` is, a line each, without what lies beside them.
 * - `block` is answered in the same way as `blocks`, or with nothing where there is no such block.
 * - `transaction` is answered with the transaction, or with nothing.
 * - `proof` is answered with the proof of an account behind the last block, or with `null` where there is no such account; with nothing where the last
 *   block is another one than the asker knows, or there is no ledger.
 * - `peers` is answered with addresses.
 */
export type Request =
  | { readonly Request: 'hello'; readonly Hello: Hello }
  /** From an Index on. */
  | { readonly Request: 'blocks' | 'headers'; readonly From: number; readonly Limit: number }
  /** From behind the first of these hashes that the other has in its chain; from the genesis where there is none. */
  | { readonly Request: 'blocks' | 'headers'; readonly Locator: readonly string[]; readonly Limit: number }
  | { readonly Request: 'block'; readonly Hash: string }
  | { readonly Request: 'transaction'; readonly Id: string }
  /** Hash is that of the block whose StateRoot the proof is to be against. */
  | { readonly Request: 'proof'; readonly Key: string; readonly Hash: string }
  | { readonly Request: 'peers' };

/** The text of a request. */
export function requestText(request: Request): string {
  return JSON.stringify(request);
}

/** Parses the text of a request. */
export function parseRequest(text: string): Parsed<Request> {
  const json = parseExact(text);
  const kind = typeof json === 'object' && json !== null && 'Request' in json ? json.Request : undefined;
  switch (kind) {
    case 'hello':
      return parseHelloRequest(json);
    case 'blocks':
    case 'headers':
      return typeof json === 'object' && json !== null && 'Locator' in json
        ? parseBehind(kind, json)
        : parseFrom(kind, json);
    case 'block':
      return parseNamed(json, 'Hash', (Hash) => ({ Request: 'block', Hash }));
    case 'transaction':
      return parseNamed(json, 'Id', (Id) => ({ Request: 'transaction', Id }));
    case 'proof':
      return parseProofRequest(json);
    case 'peers': {
      const parsed = parseRecord('a request', json, { all: ['Request'] });
      return 'why' in parsed ? parsed : { value: { Request: 'peers' } };
    }
    default:
      return { why: 'a request must be the JSON of hello, blocks, headers, block, transaction, proof or peers' };
  }
}

function parseHelloRequest(json: unknown): Parsed<Request> {
  const parsed = parseRecord('a request', json, { all: ['Request', 'Hello'] });
  if ('why' in parsed) return parsed;
  const hello = parseHello(parsed.value['Hello']);
  return 'why' in hello ? hello : { value: { Request: 'hello', Hello: hello.value } };
}

function parseFrom(kind: 'blocks' | 'headers', json: unknown): Parsed<Request> {
  const parsed = parseRecord('a request', json, { all: ['Request', 'From', 'Limit'] });
  if ('why' in parsed) return parsed;
  const { From, Limit } = parsed.value;
  if (!isWhole(From, 0)) return { why: `From ${accepted.whole(0)}` };
  if (!isLimit(Limit)) return { why: limitWords };
  return { value: { Request: kind, From, Limit } };
}

function parseBehind(kind: 'blocks' | 'headers', json: unknown): Parsed<Request> {
  const parsed = parseRecord('a request', json, { all: ['Request', 'Locator', 'Limit'] });
  if ('why' in parsed) return parsed;
  const { Locator, Limit } = parsed.value;
  if (!Array.isArray(Locator) || Locator.length > limits.locatorHashesMax || !Locator.every(isHash))
    return { why: `Locator must be an array of at most ${limits.locatorHashesMax} hashes` };
  if (!isLimit(Limit)) return { why: limitWords };
  return { value: { Request: kind, Locator, Limit } };
}

function parseProofRequest(json: unknown): Parsed<Request> {
  const parsed = parseRecord('a request', json, { all: ['Request', 'Key', 'Hash'] });
  if ('why' in parsed) return parsed;
  const { Key, Hash } = parsed.value;
  if (!isHex(Key, 64)) return { why: `Key ${accepted.hex(64)}` };
  return isHash(Hash) ? { value: { Request: 'proof', Key, Hash } } : { why: `Hash ${accepted.hex(64)}` };
}

function parseNamed(json: unknown, key: string, requestOf: (hash: string) => Request): Parsed<Request> {
  const parsed = parseRecord('a request', json, { all: ['Request', key] });
  if ('why' in parsed) return parsed;
  const hash = parsed.value[key];
  return isHash(hash) ? { value: requestOf(hash) } : { why: `${key} ${accepted.hex(64)}` };
}

function isLimit(value: unknown): value is number {
  return isWhole(value, 1, limits.blocksPerRequestMax);
}

const limitWords = `Limit ${accepted.whole(1, limits.blocksPerRequestMax)}`;
