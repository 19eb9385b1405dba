import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { type Signer, strictVerify, type VerifySignature } from '../core/keys.ts';
import { limits } from './limits.ts';

/** The DER prefixes of a private and a public key (RFC 8410): everything before their 32 bytes. */
const privateHead = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicHead = Buffer.from('302a300506032b6570032100', 'hex');

/** The signer whose private key is these 32 bytes (RFC 8032, 5.1.5). */
export function signerOf(seed: Uint8Array): Signer {
  const privateKey = createPrivateKey({ key: Buffer.concat([privateHead, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    key: spki.subarray(publicHead.length).toString('hex'),
    sign: (message) => sign(null, Buffer.from(message), privateKey).toString('hex'),
  };
}

/**
 * The rule of SPEC 2 over OpenSSL, which computes encode(S·B − k·A) and compares it with R, byte for byte. Importing a key takes twice as long as
 * a verification, so the last imported keys are kept.
 */
export function nativeVerifier(): VerifySignature {
  const keys = new Map<string, KeyObject | undefined>();
  const keyOf = (digits: string): KeyObject | undefined => {
    if (keys.has(digits)) return keys.get(digits);
    const [oldest] = keys.keys();
    if (keys.size >= limits.keysKeptMax && oldest !== undefined) keys.delete(oldest);
    const key = importKey(digits);
    keys.set(digits, key);
    return key;
  };
  return strictVerify((digits, message, signature) => {
    const key = keyOf(digits);
    return key !== undefined && verify(null, Buffer.from(message), key, Buffer.from(signature, 'hex'));
  });
}

/** Undefined for digits that are not a point of the curve, where OpenSSL already notices it here. */
function importKey(digits: string): KeyObject | undefined {
  try {
    return createPublicKey({
      key: Buffer.concat([publicHead, Buffer.from(digits, 'hex')]),
      format: 'der',
      type: 'spki',
    });
  } catch {
    return undefined;
  }
}
