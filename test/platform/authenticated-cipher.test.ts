import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../src/platform/authenticated-cipher.ts';
import { readSharedText, sharedFolder, sharedWord } from '../shared.ts';

interface CipherCase {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: string;
}

interface CipherGroup {
  readonly ivSize: number;
  readonly keySize: number;
  readonly tests: readonly CipherCase[];
}

/** Cases 14 and 16 of the specification of GCM by McGrew and Viega. */
const own: readonly CipherCase[] = [
  {
    key: '00'.repeat(32),
    iv: '00'.repeat(12),
    aad: '',
    msg: '00'.repeat(16),
    ct: 'cea7403d4d606b6e074ec5d3baf39d18',
    tag: 'd0d1c8a799996bf0265b98b5d48ab919',
    result: 'valid',
  },
  {
    key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
    iv: 'cafebabefacedbaddecaf888',
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    msg: 'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    ct: '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662',
    tag: '76fc6ece0f4e1768cddf8853bb2d551b',
    result: 'valid',
  },
];

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

function expectResult({ key, iv, aad, msg, ct, tag, result }: CipherCase): void {
  const input = { key: bytesOf(key), nonce: bytesOf(iv), associated: bytesOf(aad) };
  const text = decrypt(input, { ciphertext: bytesOf(ct), tag: bytesOf(tag) });
  expect(text === undefined ? undefined : Buffer.from(text).toString('hex')).toBe(result === 'valid' ? msg : undefined);
  if (result !== 'valid') return;
  const made = encrypt(input, bytesOf(msg));
  expect(Buffer.from(made.ciphertext).toString('hex')).toBe(ct);
  expect(Buffer.from(made.tag).toString('hex')).toBe(tag);
}

describe('encryption with AES-256-GCM', () => {
  it('gives what its specification gives, and takes it back', () => {
    own.forEach(expectResult);
  });

  it('refuses what was changed in any bit', () => {
    for (const one of own) {
      for (const part of ['key', 'iv', 'aad', 'ct', 'tag'] as const) {
        if (one[part] === '') continue;
        const bytes = bytesOf(one[part]);
        const flipped = Buffer.from(bytes.map((byte, place) => (place === bytes.length - 1 ? byte ^ 1 : byte)));
        expectResult({ ...one, [part]: flipped.toString('hex'), result: 'invalid' });
      }
    }
  });

  it.skipIf(sharedFolder === undefined)(`${sharedWord}is right in all 66 cases of Wycheproof with its sizes`, () => {
    const { testGroups }: { testGroups: readonly CipherGroup[] } = JSON.parse(
      readSharedText('vectors/aead/wycheproof-aes_gcm.json'),
    );
    const fitting = testGroups.filter(({ ivSize, keySize }) => ivSize === 96 && keySize === 256);
    const tests = fitting.flatMap((group) => group.tests);
    expect(tests).toHaveLength(66);
    tests.forEach(expectResult);
  });
});
