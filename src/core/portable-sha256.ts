import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * Stands for node:crypto in a browser, so that the rules of core/ run there unchanged. WebCrypto would not do: it is asynchronous, and missing on
 * a page that came over plain HTTP from another machine. SHA-256 (FIPS 180-4) of the UTF-8 text, in lower-case hex.
 */
export function hash(algorithm: 'sha256', text: string): string {
  if (algorithm !== 'sha256') throw new RangeError('only sha256 is known here');
  return bytesToHex(sha256(utf8ToBytes(text)));
}
