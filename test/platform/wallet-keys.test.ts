import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signerOf } from '../../src/platform/ed25519.ts';
import {
  deriveKey,
  parsePhrase,
  phraseOf,
  seedOf,
  serverPhrase,
  walletSigner,
} from '../../src/platform/wallet-keys.ts';
import { readSharedText, sharedFolder, sharedWord } from '../shared.ts';

interface PhraseCase {
  readonly entropy: string;
  readonly phrase: string;
  readonly seed: string;
}

interface DerivationCase {
  readonly seed: string;
  readonly path: string;
  readonly chain: string;
  readonly secret: string;
  readonly public: string;
}

const own: { readonly bip39: readonly PhraseCase[]; readonly slip10: readonly DerivationCase[] } = JSON.parse(
  readFileSync(new URL('../fixtures/wallet-vectors.json', import.meta.url), 'utf8'),
);

function expectPhrase({ entropy, phrase, seed }: PhraseCase): void {
  expect(phraseOf(Buffer.from(entropy, 'hex'))).toBe(phrase);
  expect(parsePhrase(phrase)).toEqual({ value: phrase });
  expect(Buffer.from(seedOf(phrase, 'TREZOR')).toString('hex')).toBe(seed);
}

function expectDerivation(vector: DerivationCase): void {
  const path = [...vector.path.matchAll(/\d+/g)].map(Number);
  const { secret, chainCode } = deriveKey(Buffer.from(vector.seed, 'hex'), path);
  expect(Buffer.from(secret).toString('hex')).toBe(vector.secret);
  expect(Buffer.from(chainCode).toString('hex')).toBe(vector.chain);
  expect(signerOf(secret).key).toBe(vector.public);
}

describe('a phrase', () => {
  it('is that of BIP-39 for the entropy, and leads to its seed, in the cases kept here', () => {
    own.bip39.forEach(expectPhrase);
  });

  it.skipIf(sharedFolder === undefined)(`${sharedWord}is that of BIP-39 in all 24 public cases`, () => {
    const { english } = JSON.parse(readSharedText('vectors/bip39/trezor-vectors.json'));
    expect(english).toHaveLength(24);
    for (const [entropy, phrase, seed] of english) expectPhrase({ entropy, phrase, seed });
  });

  const phrase = 'test test test test test test test test test test test junk';

  it('may be typed in any case and with any white space', () => {
    expect(parsePhrase(`  ${phrase.toUpperCase().replaceAll(' ', '\n\t ')} `)).toEqual({ value: phrase });
  });

  it.each([
    ['', 'not 0'],
    [phrase.replace('test ', ''), 'not 11'],
    [`${phrase} junk`, 'not 13'],
    [phrase.replace('test', 'tset'), 'word 1, "tset", is not one of the 2048 words'],
    [phrase.replace('junk', 'jun\u001b'), 'word 12, "jun\\x1b", is not one of'],
    [phrase.replace('junk', 'test'), 'checksum is wrong'],
    [`junk ${phrase.slice(0, -5)}`, 'checksum is wrong'],
  ])('is refused with words that say what is wrong: %j', (text, words) => {
    expect(parsePhrase(text)).toEqual({ why: expect.stringContaining(words) });
  });
});

describe('a derived key', () => {
  it('is that of SLIP-10 in the cases kept here', () => {
    own.slip10.forEach(expectDerivation);
  });

  it.skipIf(sharedFolder === undefined)(`${sharedWord}is that of SLIP-10 in all 12 public cases`, () => {
    const { vectors } = JSON.parse(readSharedText('vectors/slip10/slip10-ed25519.json'));
    expect(vectors).toHaveLength(12);
    vectors.forEach(expectDerivation);
  });

  it('lies at 44, 1, i for account i of a phrase', () => {
    const phrase = 'test test test test test test test test test test test junk';
    expect([0, 1].map((index) => walletSigner(phrase, index).key)).toEqual([
      '02dd2fb3505bf27b97e15b84edfca486711d861ea59fdc34683a704df733c33a',
      'e9dd8fec5bef75a30c5e7290ac6612f13481d76c0938fb103b10ca0c10cf1601',
    ]);
  });

  it.skipIf(sharedFolder === undefined)(`${sharedWord}is that of each wallet of the worked chains`, () => {
    const { secrets } = JSON.parse(readSharedText('examples/ledger.json'));
    for (const { i, key } of secrets.wallets) expect(walletSigner(secrets.words, i).key).toBe(key);
  });
});

describe("a server's wallet", () => {
  it('has the twelve words that its number and the secret lead to, and no other has', () => {
    const secret = Buffer.alloc(32, 7);
    const phrases = [0, 1, 2, 10].map((number) => serverPhrase(secret, number));
    expect(new Set(phrases).size).toBe(4);
    expect(phrases[0]).toBe(serverPhrase(secret, 0));
    expect(phrases.every((phrase) => phrase.split(' ').length === 12)).toBe(true);
    expect(serverPhrase(Buffer.alloc(32, 8), 0)).not.toBe(phrases[0]);
  });
});
