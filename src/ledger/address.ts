import { bech32m } from '@scure/base';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { isHash } from '../core/hash.ts';
import type { Parsed } from '../core/json-record.ts';

/** SPEC 6: what every address begins with, before the separator "1". */
const prefix = 'sort';

/** Bytes of a key. */
const keyBytes = 32;

/** The characters behind the separator: those of bech32, without 1, b, i and o, which are easily mistaken. */
const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** The prefix, the separator, 52 characters of 5 bits for the key, 6 of checksum. */
const addressCharacters = 63;

/** Shown to people who wrote something else. */
const example = 'sort1qtwjlv6st0...yfjank, 63 characters';

/** The address of a key as people write it: bech32m (BIP-350), whose checksum finds mistyped characters. */
export function addressOf(key: string): string {
  if (!isHash(key)) throw new Error('an address is made of a key of 64 lower-case hex digits');
  const bytes = Uint8Array.from({ length: keyBytes }, (_, place) =>
    Number.parseInt(key.slice(2 * place, 2 * place + 2), 16),
  );
  return bech32m.encode(prefix, bech32m.toWords(bytes));
}

/**
 * The key that a person wrote as an address or as the key itself, or why it is neither. Upper case is accepted as well, because QR codes prefer
 * it (BIP-350); a mixture of both is not.
 */
export function parseAddress(text: string): Parsed<string> {
  if (isHash(text)) return { value: text };
  const wrong = findFormFault(text);
  if (wrong !== undefined) return no(text, wrong);
  const decoded = bech32m.decodeUnsafe(text);
  if (!decoded) return no(text, 'its checksum is wrong, so at least one character is mistyped');
  const bytes = bech32m.fromWordsUnsafe(decoded.words);
  if (!bytes) return no(text, 'it holds no key');
  return { value: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

/** What of a text can be seen to be wrong without its checksum; undefined where nothing is. */
function findFormFault(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (/^[0-9a-f]+$/.test(lower)) return 'as a key it must have 64 hex digits in lower case';
  if (!lower.startsWith(`${prefix}1`)) return `it does not begin with "${prefix}1"`;
  if (text !== lower && text !== text.toUpperCase()) return 'it mixes upper and lower case';
  const stranger = [...lower.slice(prefix.length + 1)].find((character) => !alphabet.includes(character));
  if (stranger !== undefined) return `${escapeForDisplay(JSON.stringify(stranger))} stands in no address`;
  return text.length === addressCharacters ? undefined : `it has ${text.length} characters, not ${addressCharacters}`;
}

function no(text: string, why: string): { readonly why: string } {
  return { why: `"${escapeForDisplay(text)}" is no address: ${why}. An address is like ${example}` };
}
