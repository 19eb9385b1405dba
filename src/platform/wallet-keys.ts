import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { entropyToMnemonic, mnemonicToEntropy, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import type { Parsed } from '../core/json-record.ts';
import type { Signer } from '../core/keys.ts';
import { signerOf } from './ed25519.ts';

/** How many words a phrase may have (BIP-39). Ours have 12. */
const phraseLengths: readonly number[] = [12, 15, 18, 21, 24];

/** The phrase that stands for 16 to 32 bytes of entropy (BIP-39, English). Its holder has the wallet. */
export function phraseOf(entropy: Uint8Array): string {
  return entropyToMnemonic(entropy, wordlist);
}

/** The entropy that a phrase stands for. The phrase must have passed parsePhrase. */
export function entropyOf(phrase: string): Uint8Array {
  return mnemonicToEntropy(phrase, wordlist);
}

/** A phrase of 12 words, from the system's randomness. */
export function newPhrase(): string {
  return phraseOf(randomBytes(16));
}

/** The phrase of wallet `number` of a server, for a person at nc: the first 16 bytes of HMAC-SHA256(wallet-secret, decimal number) (SPEC 6). */
export function serverPhrase(walletSecret: Uint8Array, number: number): string {
  return phraseOf(createHmac('sha256', walletSecret).update(String(number)).digest().subarray(0, 16));
}

/** Reads a phrase that a person typed, in any case and with any white space, or says what is wrong with it. */
export function parsePhrase(text: string): Parsed<string> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!phraseLengths.includes(words.length))
    return { why: `a phrase has 12 words (or 15, 18, 21, 24), not ${words.length}` };
  const place = words.findIndex((word) => !wordlist.includes(word));
  const stranger = words[place];
  if (stranger !== undefined) {
    return { why: `word ${place + 1}, "${escapeForDisplay(stranger)}", is not one of the 2048 words of BIP-39` };
  }
  const phrase = words.join(' ');
  if (validateMnemonic(phrase, wordlist)) return { value: phrase };
  return { why: 'its checksum is wrong: a word is another one than it was, or two have changed places' };
}

/** The 64 bytes that a phrase stands for: PBKDF2-HMAC-SHA512, 2048 rounds (BIP-39). */
export function seedOf(phrase: string, passphrase = ''): Uint8Array {
  const salt = `mnemonic${passphrase}`.normalize('NFKD');
  return pbkdf2Sync(phrase.normalize('NFKD'), salt, pbkdf2Rounds, 64, 'sha512');
}

const pbkdf2Rounds = 2048;

/** A private key on a path, with what its own children are derived from. */
export interface DerivedKey {
  readonly secret: Uint8Array;
  readonly chainCode: Uint8Array;
}

/** The private key at the end of a path of hardened steps, the only ones that Ed25519 has (SLIP-10). */
export function deriveKey(seed: Uint8Array, path: readonly number[]): DerivedKey {
  return path.reduce(
    (parent, step) => {
      const index = Buffer.alloc(4);
      index.writeUInt32BE(hardened + step);
      return derive(parent.chainCode, Buffer.concat([Buffer.of(0), parent.secret, index]));
    },
    derive(Buffer.from('ed25519 seed'), seed),
  );
}

/** The first index of a hardened step. */
const hardened = 0x8000_0000;

function derive(key: Uint8Array, data: Uint8Array): DerivedKey {
  const digest = createHmac('sha512', key).update(data).digest();
  return { secret: digest.subarray(0, 32), chainCode: digest.subarray(32) };
}

/** The key pair of account `index` of a phrase: SLIP-10 at m/44'/1'/index' (SPEC 6). */
export function walletSigner(phrase: string, index: number): Signer {
  return signerOf(deriveKey(seedOf(phrase), [44, 1, index]).secret);
}
