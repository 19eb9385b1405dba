import { bls12_381 } from '@noble/curves/bls12-381.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { roundMessage } from './drand-signature.ts';
import { isHash } from './hash.ts';

const { shortSignatures } = bls12_381;

/** The key of a beacon that one person runs, which signs its rounds in drand's scheme `bls-unchained-g1-rfc9380`. */
export class DrandSigner {
  /** A compressed point of G2, in hex. */
  readonly publicKey: string;
  readonly #secret: Uint8Array;

  /** `secret` is one by `isSecret`, such as `newSecret` makes. */
  constructor(secret: string) {
    this.#secret = hexToBytes(secret);
    this.publicKey = shortSignatures.getPublicKey(this.#secret).toHex();
  }

  /** A secret made of 48 random bytes: with so many the scalar is as good as uniform (RFC 9380, 5.1). */
  static newSecret(random: Uint8Array): string {
    return bytesToHex(bls12_381.utils.randomSecretKey(random));
  }

  /** True for 64 hex digits of a scalar that is a secret. */
  static isSecret(text: string): boolean {
    return isHash(text) && bls12_381.fields.Fr.isValidNot0(BigInt(`0x${text}`));
  }

  /** The signature of a round, in hex. It takes some milliseconds. */
  sign(round: number): string {
    return shortSignatures.sign(shortSignatures.hash(roundMessage(round)), this.#secret).toHex();
  }
}
