import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/node/ports.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { serverPhrase, walletSigner } from '../../src/platform/wallet-keys.ts';
import { temporaryDirectory } from '../temporary.ts';

const secret = Buffer.from('a secret of this test');

describe('the wallets of a server', () => {
  it('are those of the words that the secret gives for their numbers', () => {
    const wallets = new ServerWallets(secret);
    expect(wallets.phrase(7)).toBe(serverPhrase(secret, 7));
    expect(wallets.signer(7).key).toBe(walletSigner(wallets.phrase(7), 0).key);
    expect(wallets.signer(7).key).not.toBe(wallets.signer(8).key);
  });

  it('are found by their codes, as people copy them, and by no other', () => {
    const wallets = new ServerWallets(secret);
    const code = wallets.loginCode(7);
    expect(code).toMatch(/^7-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(wallets.numberOf(code)).toBe(7);
    expect(wallets.numberOf(code.toLowerCase().replaceAll('0', 'o'))).toBe(7);
    expect(wallets.numberOf(code.replace('7-', '8-'))).toBeUndefined();
    expect(wallets.numberOf(`${code}0`)).toBeUndefined();
    for (const text of ['', '7', '7-', '-1-AAAA', '7.0-AAAA', '99999999999999-AAAA'])
      expect(wallets.numberOf(text)).toBeUndefined();
    expect(new ServerWallets(Buffer.from('another')).numberOf(code)).toBeUndefined();
  });

  it('come from a file for its owner alone, which is made for a new chain only', () => {
    const file = join(temporaryDirectory(), 'wallet-secret');
    expect(() => ServerWallets.open(file, false)).toThrow(ChainError);
    const { key } = ServerWallets.open(file, true).signer(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(ServerWallets.open(file, false).signer(0).key).toBe(key);
  });
});
