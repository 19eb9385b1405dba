import { hash } from '#sha256';

/** The purpose of a hashed text. The tag is part of the text, so a leaf can never pass for a node, nor a link for a seed. */
export type TextTag =
  | 'link'
  | 'leaf'
  | 'node'
  | 'seed'
  | 'ticket'
  | 'genesis'
  | 'block'
  | 'work'
  | 'authority'
  | 'pool'
  | 'tip'
  | 'checkpoint'
  | 'peer'
  | 'seat'
  | 'transaction'
  | 'candidate'
  | 'entry'
  | 'account';

/** Amounts are passed as decimal strings, indexes and BPMs as numbers; the keys of an object stand in the order of SPEC 4. */
export type TextPart = string | number | object;

/** T of SPEC 2: the JSON array `["sortition/2/<tag>", …parts]` without white space. */
export function taggedText(tag: TextTag, ...parts: readonly TextPart[]): string {
  return JSON.stringify([`sortition/2/${tag}`, ...parts]);
}

/** H of SPEC 2: SHA-256, in lower-case hex, of the UTF-8 bytes of T. */
export function taggedHash(tag: TextTag, ...parts: readonly TextPart[]): string {
  return hash('sha256', taggedText(tag, ...parts));
}

/** The same for parts that the caller has written as JSON does, joined by commas: at a third of the cost of `taggedHash`, for trees have many nodes. */
export function hashOfWritten(tag: TextTag, parts: string): string {
  return hash('sha256', `["sortition/2/${tag}",${parts}]`);
}

/** H("link", salt, index, link), of a salt and a link of hex digits: joined likewise, for a new chain begins with many of them. */
export function hashOfLink(salt: string, index: number, link: string): string {
  return hash('sha256', `["sortition/2/link","${salt}",${index},"${link}"]`);
}

/** True for 64 lower-case hex digits: the form of hashes, links, salts, keys and addresses. */
export function isHash(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}
