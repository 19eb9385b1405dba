import { createCipheriv, createDecipheriv } from 'node:crypto';

/** AES-256 in Galois/counter mode (NIST SP 800-38D), with the sizes of nonce and tag that it recommends. */
const algorithm = 'aes-256-gcm';
const authTagLength = 16;

/** What goes into a cipher beside the text. The pair of key and nonce must never be used twice. */
export interface CipherInput {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** Bytes that stay in plain, and that the tag protects as well. */
  readonly associated: Uint8Array;
}

/** An encrypted text and its tag of 16 bytes. */
export interface Encrypted {
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

export function encrypt({ key, nonce, associated }: CipherInput, text: Uint8Array): Encrypted {
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength }).setAAD(associated);
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
  return { ciphertext, tag: cipher.getAuthTag() };
}

/** The text again; undefined where a bit of key, nonce, associated bytes, ciphertext or tag is another one than it was. */
export function decrypt(
  { key, nonce, associated }: CipherInput,
  { ciphertext, tag }: Encrypted,
): Uint8Array | undefined {
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength }).setAAD(associated).setAuthTag(tag);
  const text = decipher.update(ciphertext);
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return undefined;
  }
}
