import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { strictVerify, type VerifySignature } from './keys.ts';

const { Point } = ed25519;

/**
 * The rule of SPEC 2 in the browser: R = encode(S·B − k·A) with k = SHA-512(R, A, message) (RFC 8032, 5.1.7). The library's own `verify` multiplies by
 * the cofactor, and WebCrypto is missing on plain HTTP.
 */
export const verifySignature: VerifySignature = strictVerify((key, message, signature) => {
  try {
    const R = signature.slice(0, key.length);
    const bytes = typeof message === 'string' ? utf8ToBytes(message) : message;
    const k = Point.Fn.create(numberOf(sha512(concatBytes(hexToBytes(R), hexToBytes(key), bytes))));
    const S = numberOf(hexToBytes(signature.slice(key.length)));
    const A = Point.fromHex(key);
    return Point.BASE.multiplyUnsafe(S).subtract(A.multiplyUnsafe(k)).toHex() === R;
  } catch {
    // The key is not a point of the curve.
    return false;
  }
});

/** Little-endian. */
function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => number * 256n + BigInt(byte), 0n);
}
