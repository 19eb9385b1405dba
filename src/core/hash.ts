import { hash } from 'node:crypto';

/** What a hash stands for. The tag goes into the hashed text, so a leaf can never pass for a node, nor a link for a seed. */
export type HashTag = 'link' | 'leaf' | 'node' | 'seed' | 'ticket' | 'genesis' | 'block' | 'tip' | 'seat';

/**
 * H of SPEC 2: SHA-256, in lower-case hex, of the JSON array `["sortition/1/<tag>", …parts]` without white space.
 * Amounts are passed as decimal strings, indexes and BPMs as numbers.
 */
export function taggedHash(tag: HashTag, ...parts: readonly (string | number)[]): string {
  return hash('sha256', JSON.stringify([`sortition/1/${tag}`, ...parts]));
}

/** True for 64 lower-case hex digits: the form of hashes, links, salts and addresses. */
export function isHash(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}
