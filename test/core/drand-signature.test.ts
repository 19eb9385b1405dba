import { bls12_381 } from '@noble/curves/bls12-381.js';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { drandVerifier, roundMessage } from '../../src/core/drand-signature.ts';
import { loadBeaconVerifier } from '../../src/core/load-beacon-verifier.ts';
import { readSharedText, sharedFolder, sharedWord } from '../shared.ts';
import { TestBeacon } from './build-beacon-chain.ts';

const { G1, G2, fields } = bls12_381;
const verifyBeacon = drandVerifier();

function verify(publicKey: string, round: number, signature: string): boolean {
  return runToEnd(verifyBeacon(publicKey, round, signature));
}

interface Vectors {
  readonly chain_info: { readonly public_key: string };
  readonly rounds: readonly {
    readonly round: number;
    readonly signature: string;
    readonly message_sha256_round_be64: string;
  }[];
}

/** The compressed encoding of a point of G1 that need not be in the subgroup, which the library does not write. */
function encode({ x, y }: { readonly x: bigint; readonly y: bigint }): string {
  const sign = (y * 2n) / fields.Fp.ORDER === 1n ? 0x20n : 0n;
  return (x | ((0x80n | sign) << 376n)).toString(16).padStart(96, '0');
}

const own = new TestBeacon('own', { GenesisTime: 0, Period: 3 });
const other = new TestBeacon('other', { GenesisTime: 0, Period: 3 });
const { PublicKey } = own.beacon;
const signature = own.sign(7);
const point = G1.Point.fromHex(signature);

describe.skipIf(sharedFolder === undefined)(`${sharedWord}recorded rounds of drand's quicknet`, () => {
  const { chain_info, rounds }: Vectors =
    sharedFolder === undefined
      ? { chain_info: { public_key: '' }, rounds: [] }
      : JSON.parse(readSharedText('vectors/drand-quicknet.json'));

  it('are signed by its key, each for its own number', () => {
    expect(rounds.length).toBeGreaterThan(3);
    for (const { round, signature, message_sha256_round_be64 } of rounds) {
      expect(Buffer.from(roundMessage(round)).toString('hex')).toBe(message_sha256_round_be64);
      expect(verify(chain_info.public_key, round, signature)).toBe(true);
      expect(verify(chain_info.public_key, round + 1, signature)).toBe(false);
    }
  });
});

describe("a beacon's signature", () => {
  it('is taken for its round and its key alone', () => {
    expect(verify(PublicKey, 7, signature)).toBe(true);
    expect(verify(PublicKey, 8, signature)).toBe(false);
    expect(verify(other.beacon.PublicKey, 7, signature)).toBe(false);
    expect(verify(PublicKey, 7, other.sign(7))).toBe(false);
    expect(verify(PublicKey, Number.MAX_SAFE_INTEGER, own.sign(Number.MAX_SAFE_INTEGER))).toBe(true);
  });

  it('is verified in several steps, so that others get their turn between them', () => {
    expect([...verifyBeacon(PublicKey, 7, signature)].length).toBeGreaterThanOrEqual(4);
  });

  const infinity = `c0${'00'.repeat(47)}`;
  const p = fields.Fp.ORDER;
  it.each([
    ['the negative of the point', point.negate().toHex()],
    ['the double of the point', point.double().toHex()],
    ['the point at infinity', infinity],
    ['the point at infinity with a sign', `e0${'00'.repeat(47)}`],
    ['no point of the curve', `80${'00'.repeat(46)}01`],
    ['a point outside of the subgroup', `80${'00'.repeat(46)}04`],
    ['x without the mark of a compressed point', `${(point.toAffine().x % p).toString(16).padStart(96, '0')}`],
    ['x with p added to it', (4n + p + (0x80n << 376n)).toString(16)],
    ['an uncompressed point', point.toHex(false)],
    ['upper case', signature.toUpperCase()],
    ['one byte less', signature.slice(2)],
    ['one byte more', `${signature}00`],
    ['nothing', ''],
    ['no digits', 'x'.repeat(96)],
  ])('is refused as %s', (_, wrong) => {
    expect(verify(PublicKey, 7, wrong)).toBe(false);
  });

  it('is refused with a point of small order added, although the pairing cannot tell the difference', () => {
    const outside = G1.Point.fromAffine({ x: 4n, y: fields.Fp.sqrt(68n) });
    // A multiple of the group's order kills the part that is in the subgroup.
    const small = outside.multiplyUnsafe(G1.Point.Fn.ORDER - 1n).add(outside);
    expect(small.is0()).toBe(false);
    const sum = encode(point.add(small).toAffine());
    expect(encode(point.toAffine())).toBe(signature);
    expect(() => G1.Point.fromHex(sum)).toThrow('subgroup');
    expect(verify(PublicKey, 7, sum)).toBe(false);
  });

  const infinityOfG2 = `c0${'00'.repeat(95)}`;
  it.each([
    ['the point at infinity', infinityOfG2],
    ['no point of the curve', `80${'00'.repeat(94)}01`],
    ['a point outside of the subgroup', `80${'00'.repeat(94)}02`],
    ['its negative', G2.Point.fromHex(PublicKey).negate().toHex()],
    ['an uncompressed point', G2.Point.fromHex(PublicKey).toHex(false)],
    ['upper case', PublicKey.toUpperCase()],
    ['no digits', 'x'.repeat(192)],
  ])('is not verified with a key that is %s', (_, key) => {
    expect(verify(key, 7, signature)).toBe(false);
    // With a key of nothing, a signature of nothing would hold for every round.
    expect(verify(key, 7, infinity)).toBe(false);
  });

  it('is verified with many keys in turn', () => {
    const beacons = Array.from(
      { length: 9 },
      (_, number) => new TestBeacon(`b${number}`, { GenesisTime: 0, Period: 1 }),
    );
    for (const beacon of [...beacons, ...beacons.slice(0, 1)])
      expect(verify(beacon.beacon.PublicKey, 1, beacon.sign(1))).toBe(true);
  });
});

describe('the verifier of beacons', () => {
  it('is loaded only where draws wait for any', async () => {
    expect(await loadBeaconVerifier({ beacons: 0 })).toBeUndefined();
    const loaded = await loadBeaconVerifier({ beacons: 1 });
    expect(loaded && runToEnd(loaded(PublicKey, 7, signature))).toBe(true);
  });
});
