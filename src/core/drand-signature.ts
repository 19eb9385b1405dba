import { bls12_381 } from '@noble/curves/bls12-381.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { VerifyBeacon } from './beacon.ts';
import { limits } from './limits.ts';

const { G1, G2, fields, utils, millerLoopBatch, shortSignatures } = bls12_381;

/** The lines of a point of G2 that the pairing multiplies with, computed once for a key that comes again and again. */
type Lines = ReturnType<typeof utils.calcPairingPrecomputes>;

/** What a beacon signs for a round: SHA-256 of its number, big-endian in eight bytes. */
export function roundMessage(round: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(round));
  return sha256(bytes);
}

/**
 * Verifies drand's scheme `bls-unchained-g1-rfc9380` on BLS12-381: e(signature, generator) = e(hash of the message, key). Signature and key must be
 * compressed, canonical encodings of points of the prime-order subgroup, and not the point at infinity. No step takes much longer than 10 ms.
 *
 * This module brings a large one with it, so it is imported by `loadBeaconVerifier` alone, where a chain has beacons.
 */
export function drandVerifier(): VerifyBeacon {
  const generator = utils.calcPairingPrecomputes(G2.Point.BASE);
  const keys = new Map<string, Lines | undefined>();
  const linesOf = (key: string): Lines | undefined => {
    if (keys.has(key)) return keys.get(key);
    const [oldest] = keys.keys();
    if (keys.size >= limits.beaconKeysKeptMax && oldest !== undefined) keys.delete(oldest);
    const point = decode(G2.Point, key);
    const lines = point && utils.calcPairingPrecomputes(point.negate());
    keys.set(key, lines);
    return lines;
  };
  return function* verify(publicKey, round, signature) {
    const key = linesOf(publicKey);
    yield;
    const signed = decode(G1.Point, signature)?.toAffine();
    if (key === undefined || signed === undefined) return false;
    yield;
    const hashed = shortSignatures.hash(roundMessage(round)).toAffine();
    yield;
    const ofMessage = millerLoopBatch([[key, hashed.x, hashed.y]]);
    yield;
    const ofSignature = millerLoopBatch([[generator, signed.x, signed.y]]);
    yield;
    const { Fp12 } = fields;
    return Fp12.eql(Fp12.finalExponentiate(Fp12.mul(ofMessage, ofSignature)), Fp12.ONE);
  };
}

/** What the decoders of the library have in common. */
interface Decoder<P> {
  fromHex(digits: string): P;
}

/** The point of these digits; undefined where they are no canonical, compressed encoding of one in the subgroup, or it is the one at infinity. */
function decode<P extends { is0(): boolean; toHex(isCompressed?: boolean): string; assertValidity(): void }>(
  Point: Decoder<P>,
  digits: string,
): P | undefined {
  try {
    const point = Point.fromHex(digits);
    // On the curve, and in the subgroup.
    point.assertValidity();
    return !point.is0() && point.toHex(true) === digits ? point : undefined;
  } catch {
    return undefined;
  }
}
