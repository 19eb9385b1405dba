import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/platform/limits.ts';
import {
  openWallet,
  parseWallet,
  type SealedWallet,
  sealWallet,
  usualCost,
  walletText,
} from '../../src/platform/wallet-file.ts';
import { phraseOf, walletSigner } from '../../src/platform/wallet-keys.ts';
import { cases } from '../effort.ts';

/** So cheap that a test may guess passphrases. */
const cheap = 16;
const phrase = 'test test test test test test test test test test test junk';

function read(text: string): SealedWallet {
  const parsed = parseWallet(text);
  if ('why' in parsed) throw new Error(parsed.why);
  return parsed.value;
}

/** Why the text of a wallet is refused, one of whose fields has another value. */
async function refusal(change: (json: Record<string, object>) => object): Promise<string> {
  const json: Record<string, object> = JSON.parse(walletText(await sealWallet(phrase, 0, 'correct horse', cheap)));
  const parsed = parseWallet(JSON.stringify(change(json)));
  return 'why' in parsed ? parsed.why : 'accepted';
}

describe('a wallet file', () => {
  it('gives the words and the key back for the passphrase, and for no other', async () => {
    const arbitrary = fc.record({
      entropy: fc
        .constantFrom(16, 20, 24, 28, 32)
        .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
      account: fc.nat(limits.walletAccountMax),
      passphrase: fc.string({ unit: 'grapheme', minLength: 1 }),
      wrong: fc.string({ unit: 'grapheme' }),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ entropy, account, passphrase, wrong }) => {
        const words = phraseOf(entropy);
        const wallet = read(walletText(await sealWallet(words, account, passphrase, cheap)));
        const open = await openWallet(wallet, passphrase);
        expect(open?.phrase).toBe(words);
        expect(open?.signer.key).toBe(walletSigner(words, account).key);
        expect(wallet.Key).toBe(open?.signer.key);
        if (wrong.normalize('NFKD') !== passphrase.normalize('NFKD'))
          expect(await openWallet(wallet, wrong)).toBeUndefined();
      }),
      { numRuns: cases(20) },
    );
  });

  it('of version 1 can be read for ever', async () => {
    const text =
      '{"Version":1,"Address":"sort1qtwjlv6st0e8h9lptwzwml9ysec3mps75k0acdrg8fcymaencvaqyfjank","Key":"02dd2fb3505bf27b97e15b84edfca486711d861ea59fdc34683a704df733c33a","Account":0,"Scrypt":{"N":16,"R":8,"P":1,"Salt":"cb90a4decef879802a95deed421266bca9ccf86cb8579f5621ab7ff26d3ee335"},"Cipher":{"Nonce":"ea074ebb494b0fa24888b676","Ciphertext":"0eb00c141a350ebd8bba82d68566b6d6","Tag":"0354a9adf36170f2d97096ada151bd5f"}}';
    expect(await openWallet(read(text), 'correct horse')).toMatchObject({ phrase });
  });

  it('costs a guess 128 MB with the usual N, which Node does not refuse', async () => {
    const wallet = await sealWallet(phrase, 0, 'correct horse', usualCost);
    expect(wallet.Scrypt).toMatchObject({ N: 131_072, R: 8, P: 1 });
    expect(await openWallet(wallet, 'correct horse')).toMatchObject({ phrase });
  });

  it('takes a passphrase however a keyboard composes its letters', async () => {
    const wallet = await sealWallet(phrase, 0, 'zo\u00eb is here', cheap);
    expect(await openWallet(wallet, 'zoe\u0308 is here')).toMatchObject({ phrase });
  });

  it('has neither words nor passphrase in it, and nothing twice', async () => {
    const [one, other] = [
      await sealWallet(phrase, 0, 'correct horse', cheap),
      await sealWallet(phrase, 0, 'correct horse', cheap),
    ];
    expect(walletText(one)).not.toMatch(/junk|correct|horse/);
    expect(other.Scrypt.Salt).not.toBe(one.Scrypt.Salt);
    expect(other.Cipher.Nonce).not.toBe(one.Cipher.Nonce);
    expect(other.Address).toBe(one.Address);
  });

  it('does not open when its plain part is not the one that it was written with', async () => {
    const wallet = await sealWallet(phrase, 0, 'correct horse', cheap);
    const other = await sealWallet(phrase, 1, 'correct horse', cheap);
    for (const changed of [
      { ...wallet, Account: 1 },
      { ...wallet, Address: other.Address, Key: other.Key },
      { ...wallet, Scrypt: { ...wallet.Scrypt, N: 32 } },
      { ...wallet, Cipher: other.Cipher },
    ]) {
      expect(await openWallet(changed, 'correct horse')).toBeUndefined();
    }
  });

  it('is refused in words wherever it is cut', async () => {
    const text = walletText(await sealWallet(phrase, 0, 'correct horse', cheap)).trimEnd();
    for (let length = 0; length < text.length; length++) {
      const parsed = parseWallet(text.slice(0, length));
      expect(parsed).toEqual({ why: expect.stringContaining(length === 0 ? 'is empty' : 'is cut or damaged') });
    }
  });

  it.each([
    [{ Version: 2 }, 'is of version 2, and this program reads version 1'],
    [{ Version: '1' }, 'Version must be 1'],
    [{ Key: 'AB'.repeat(32) }, 'Key must be 64 lower-case hex digits'],
    [{ Key: 'ab'.repeat(32) }, 'Address is not that of Key'],
    [{ Account: -1 }, 'Account must be a whole number'],
    [{ Account: limits.walletAccountMax + 1 }, 'Account must be a whole number'],
    [{ Cipher: [] }, 'Cipher must be an object'],
    [{ Extra: 1 }, 'must have these keys and no others'],
  ])('with %j is refused', async (change, why) => {
    expect(await refusal((json) => ({ ...json, ...change }))).toContain(why);
  });

  it.each([
    ['Scrypt', { N: 2 ** 20 }, 'accepted'],
    ['Scrypt', { N: 2 ** 21 }, 'at most 1048576 is accepted: it would take 2 GB of memory'],
    ['Scrypt', { N: 1 }, 'a power of two'],
    ['Scrypt', { N: 3 }, 'a power of two'],
    ['Scrypt', { N: '16' }, 'a power of two'],
    ['Scrypt', { R: 9 }, 'R 8 and P 1'],
    ['Scrypt', { P: 2 }, 'R 8 and P 1'],
    ['Scrypt', { Salt: 'ab' }, 'Scrypt.Salt must be 64'],
    ['Cipher', { Nonce: '' }, 'Cipher.Nonce must be 24'],
    ['Cipher', { Tag: 'ab'.repeat(15) }, 'Cipher.Tag must be 32'],
    ['Cipher', { Ciphertext: 'ab'.repeat(15) }, 'Cipher.Ciphertext must be 32'],
    ['Cipher', { Ciphertext: 'ab'.repeat(32) }, 'accepted'],
    ['Cipher', { Ciphertext: 'ab'.repeat(33) }, 'Cipher.Ciphertext must be 32'],
  ])('whose %s has %j is %s', async (part, change, why) => {
    expect(await refusal((json) => ({ ...json, [part]: { ...json[part], ...change } }))).toContain(why);
  });

  it.each(['null', '[]', '7', '"wallet"', '{}'])('is not %s', (text) => {
    expect(parseWallet(text)).toEqual({ why: expect.stringContaining('is damaged or no wallet') });
  });
});
