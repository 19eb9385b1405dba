import { readFileSync } from 'node:fs';
import { bech32, bech32m } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, parseAddress } from '../../src/ledger/address.ts';
import { readSharedText, sharedFolder, sharedWord } from '../shared.ts';

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));

const key = '02dd2fb3505bf27b97e15b84edfca486711d861ea59fdc34683a704df733c33a';
const address = 'sort1qtwjlv6st0e8h9lptwzwml9ysec3mps75k0acdrg8fcymaencvaqyfjank';

function expectVectors({
  valid,
  invalid,
}: {
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}): void {
  expect(valid.filter((text) => !bech32m.decodeUnsafe(text))).toEqual([]);
  expect(invalid.filter((text) => bech32m.decodeUnsafe(text))).toEqual([]);
  for (const text of [...valid, ...invalid]) expect(parseAddress(text)).toHaveProperty('why');
}

describe('an address', () => {
  it('is the key in bech32m with the prefix sort', () => {
    expect(addressOf(key)).toBe(address);
    expect(parseAddress(address)).toEqual({ value: key });
  });

  it('is read back to its key, in lower and in upper case, and a key stands for itself', () => {
    fc.assert(
      fc.property(keys, (some) => {
        for (const text of [addressOf(some), addressOf(some).toUpperCase(), some]) {
          expect(parseAddress(text)).toEqual({ value: some });
        }
      }),
    );
  });

  it('is refused when one or two characters are mistyped', () => {
    const characters = [...'qpzry9x8gf2tvdw0s3jn54khce6mua7l'];
    const mistakes = fc.array(fc.tuple(fc.integer({ min: 5, max: 62 }), fc.constantFrom(...characters)), {
      minLength: 1,
      maxLength: 2,
    });
    fc.assert(
      fc.property(keys, mistakes, (some, changes) => {
        const right = addressOf(some);
        const typed = [...right];
        for (const [place, character] of changes) typed[place] = character;
        const text = typed.join('');
        expect(parseAddress(text)).toEqual(
          text === right ? { value: some } : { why: expect.stringContaining('checksum') },
        );
      }),
    );
  });

  it.each([
    ['', 'does not begin with "sort1"'],
    ['hello', 'does not begin with "sort1"'],
    [key.slice(1), '64 hex digits in lower case'],
    [key.toUpperCase(), '64 hex digits in lower case'],
    [address.slice(0, -1), '62 characters, not 63'],
    [`${address}q`, '64 characters, not 63'],
    [address.replace('q', 'Q'), 'mixes upper and lower case'],
    [address.replace('9', 'b'), '"b" stands in no address'],
    [address.replace('q', 'p'), 'checksum is wrong'],
    [bech32.encode('sort', bech32m.toWords(Buffer.from(key, 'hex'))), 'checksum is wrong'],
    [bech32m.encode('bc', bech32m.toWords(Buffer.from(key, 'hex'))), 'does not begin with "sort1"'],
    ['\u001b[A', '"\\x1b[A" is no address'],
  ])('is refused with words of its own: %s', (text, words) => {
    expect(parseAddress(text)).toEqual({ why: expect.stringContaining(words) });
  });

  it('is refused when its last bits, which belong to no byte, are not 0', () => {
    const words = bech32m.toWords(Buffer.from(key, 'hex'));
    words[51] = (words[51] ?? 0) | 1;
    expect(parseAddress(bech32m.encode('sort', words))).toEqual({ why: expect.stringContaining('holds no key') });
  });

  it('is made of keys only', () => {
    expect(() => addressOf('00')).toThrow('64 lower-case hex digits');
  });
});

describe('bech32m', () => {
  it('has the verdicts of BIP-350 on the cases kept here', () => {
    const text = readFileSync(new URL('../fixtures/wallet-vectors.json', import.meta.url), 'utf8');
    expectVectors(JSON.parse(text).bech32m);
  });

  it.skipIf(sharedFolder === undefined)(`${sharedWord}has the verdicts of BIP-350 on all its cases`, () => {
    expectVectors(JSON.parse(readSharedText('vectors/bech32m/bip350.json')));
  });
});
