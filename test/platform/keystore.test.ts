import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNameFault, Keystore } from '../../src/platform/keystore.ts';
import { limits } from '../../src/platform/limits.ts';
import { newPhrase } from '../../src/platform/wallet-keys.ts';
import { temporaryDirectory } from '../temporary.ts';

const passphrase = 'correct horse';

function newStore(): Keystore {
  return new Keystore(join(temporaryDirectory(), 'home', 'wallets'), 16);
}

async function storeWith(...names: readonly string[]): Promise<Keystore> {
  const store = newStore();
  for (const name of names) await store.create(name, { phrase: newPhrase(), account: 0, passphrase });
  return store;
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('a keystore', () => {
  it('has no wallet before its directory exists', () => {
    expect(newStore().names()).toEqual([]);
  });

  it('keeps each wallet in a file for its owner alone, in directories for their owner alone', async () => {
    const store = await storeWith('alice');
    expect(modeOf(store.fileOf('alice'))).toBe(0o600);
    expect([modeOf(store.directory), modeOf(join(store.directory, '..'))]).toEqual([0o700, 0o700]);
    expect(readdirSync(store.directory)).toEqual(['alice.json']);
  });

  it('names its wallets in order, and no other file', async () => {
    const store = await storeWith('bob', 'alice');
    for (const other of ['notes.txt', 'carol.json.new', '.hidden.json', 'a b.json'])
      writeFileSync(join(store.directory, other), '');
    expect(store.names()).toEqual(['alice', 'bob']);
  });

  it('reads what it wrote', async () => {
    const store = newStore();
    const wallet = await store.create('alice', { phrase: newPhrase(), account: 3, passphrase });
    expect(wallet).toMatchObject({ Account: 3 });
    expect(store.read('alice')).toEqual({ value: wallet });
  });

  it('never writes over a wallet, not even over one that is made at the same time', async () => {
    const store = newStore();
    const phrase = newPhrase();
    const made = await Promise.all(
      Array.from({ length: 8 }, () => store.create('alice', { phrase, account: 0, passphrase })),
    );
    const wallets = made.filter((wallet) => wallet !== undefined);
    expect(wallets).toHaveLength(1);
    expect(store.read('alice')).toEqual({ value: wallets[0] });
    const text = readFileSync(store.fileOf('alice'), 'utf8');
    expect(await store.create('alice', { phrase: newPhrase(), account: 0, passphrase })).toBeUndefined();
    expect(readFileSync(store.fileOf('alice'), 'utf8')).toBe(text);
  });

  it('leaves nothing behind where the file cannot be written', async () => {
    const store = await storeWith('alice');
    // In the place of the draft, where a file cannot be.
    mkdirSync(`${store.fileOf('bob')}.new/full`, { recursive: true });
    await expect(store.create('bob', { phrase: newPhrase(), account: 0, passphrase })).rejects.toThrow();
    expect(store.names()).toEqual(['alice']);
  });

  it.each([0o640, 0o604, 0o620, 0o610, 0o777])('refuses a file of mode %o, and says how to close it', async (mode) => {
    const store = await storeWith('alice');
    const file = store.fileOf('alice');
    chmodSync(file, mode);
    const words = `${file} is open to others (mode ${mode.toString(8)}), and a wallet is for its owner alone. To close it: chmod 600 ${file}`;
    expect(store.read('alice')).toEqual({ why: words });
    chmodSync(file, 0o600);
    expect(store.read('alice')).toHaveProperty('value');
  });

  it('takes a file that its owner may only read', async () => {
    const store = await storeWith('alice');
    chmodSync(store.fileOf('alice'), 0o400);
    expect(store.read('alice')).toHaveProperty('value');
  });

  it('refuses what is cut, empty, too large or no file, and names it', async () => {
    const store = await storeWith('alice', 'bob', 'carol');
    truncateSync(store.fileOf('alice'), 100);
    truncateSync(store.fileOf('bob'), 0);
    truncateSync(store.fileOf('carol'), limits.walletBytesMax + 1);
    mkdirSync(store.fileOf('dave'));
    symlinkSync('/dev/zero', store.fileOf('eve'));
    const whys = store.names().map((name) => store.read(name));
    expect(whys).toEqual(
      [
        'alice.json is cut',
        'bob.json is empty',
        'carol.json is no wallet',
        'dave.json is no ordinary',
        'eve.json is no ordinary',
      ].map((words) => ({ why: expect.stringContaining(words) })),
    );
  });
});

describe('the name of a wallet', () => {
  it.each(['a', 'A', '7', 'alice', 'Alice_2', 'a-b', 'x'.repeat(limits.walletNameMax)])('may be %s', (name) => {
    expect(findNameFault(name)).toBeUndefined();
  });

  it.each([
    ['', 'does not begin with a letter'],
    ['-a', 'does not begin with a letter'],
    ['_a', 'does not begin with a letter'],
    ['..', 'has "." in it'],
    ['a/b', 'has "/" in it'],
    ['../alice', 'has "." in it'],
    ['a\\b', 'has "\\\\'],
    ['a b', 'has " " in it'],
    ['zoë', 'has "\\xeb" in it'],
    ['a\u001b[2J', 'has "\\\\u001b" in it'],
    ['a\0', 'has "\\\\u0000" in it'],
    ['x'.repeat(limits.walletNameMax + 1), 'has 33 characters, and a name has at most 32'],
  ])('may not be %j', (name, words) => {
    expect(findNameFault(name)).toContain(words);
  });
});
