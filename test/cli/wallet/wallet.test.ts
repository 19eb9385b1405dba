import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Keystore } from '../../../src/platform/keystore.ts';
import { walletSigner } from '../../../src/platform/wallet-keys.ts';
import { readSharedText, sharedFolder, sharedWord } from '../../shared.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';
import { Typist } from '../typist.ts';
import { runWallet } from './run-wallet.ts';

const passphrase = 'correct horse';
const phrase = 'test test test test test test test test test test test junk';
const key = '02dd2fb3505bf27b97e15b84edfca486711d861ea59fdc34683a704df733c33a';

/** A directory in which there are wallets of these names, all with the same words, and the options that name it. */
async function directoryWith(
  ...names: readonly string[]
): Promise<{ directory: string; store: Keystore; place: readonly string[] }> {
  const directory = join(temporaryDirectory(), 'wallets');
  const store = new Keystore(directory, 16);
  for (const name of names) await store.create(name, { phrase, account: 0, passphrase });
  return { directory, store, place: ['--wallet-dir', directory] };
}

function fileWith(text: string): string {
  const file = join(temporaryDirectory(), 'passphrase.txt');
  writeFileSync(file, text);
  return file;
}

describe('wallet create', () => {
  it('makes a wallet, shows its words once, and says what they are for', async () => {
    const { store, place } = await directoryWith();
    const { code, out, err } = await runWallet(['create', 'alice', ...place], { input: `${passphrase}\n` });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const words = [...out.matchAll(/ {2,}(\d+) ([a-z]+)/g)];
    expect(words.map(([, number]) => Number(number))).toEqual(Array.from({ length: 12 }, (_, place) => place + 1));
    const shown = words.map(([, , word]) => word).join(' ');
    expect(out).toContain(store.fileOf('alice'));
    expect(out.replaceAll('\n', ' ')).toContain('whoever reads them can spend what is in it');
    const [, address] = /\n {2}(sort1\w+)\n/.exec(out) ?? [];
    expect((await runWallet(['address', 'alice', ...place])).out).toBe(`${address}\n`);
    expect((await runWallet(['words', 'alice', ...place], { input: passphrase })).out).toBe(`${shown}\n`);
  });

  it('keeps it in the home of its owner where no directory is named, for the owner alone', async () => {
    const home = temporaryDirectory();
    const options = { environment: { HOME: home }, input: passphrase };
    expect((await runWallet(['create', 'alice'], options)).code).toBe(0);
    const file = join(home, '.sortition', 'wallets', 'alice.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
    expect((await runWallet(['list'], options)).out).toContain('  alice  sort1');
  });

  it('asks for the passphrase twice at a terminal, and shows nothing of it', async () => {
    const { place } = await directoryWith();
    const typist = new Typist('short', passphrase, 'correct hearse', passphrase, passphrase);
    expect(await runWallet(['create', 'alice', ...place], { typist })).toMatchObject({ code: 0 });
    expect(typist.shown).toContain('a passphrase has 8 to 1024 characters, not 5');
    expect(typist.shown).toContain('These were two different ones.');
    expect(typist.shown).not.toMatch(/short|correct|horse/);
    expect(typist.input.isRaw).toBe(false);
    expect((await runWallet(['words', 'alice', ...place], { input: passphrase })).code).toBe(0);
  });

  it('makes nothing after Ctrl-C, or after three tries', async () => {
    const { directory, place } = await directoryWith();
    for (const typist of [new Typist('\x03'), new Typist(passphrase, '\x03'), new Typist('a', 'b', 'c')]) {
      expect((await runWallet(['create', 'alice', ...place], { typist })).code).toBe(1);
      expect(typist.shown).toMatch(/sortition: stopped.*, and nothing was changed\.\n$/);
      expect(typist.input.isRaw).toBe(false);
    }
    expect(existsSync(directory)).toBe(false);
  });

  it('takes the passphrase from the first line of a file', async () => {
    const { place } = await directoryWith();
    const file = fileWith(`${passphrase}\r\nand notes\n`);
    expect((await runWallet(['create', 'alice', '--passphrase-file', file, ...place])).code).toBe(0);
    expect((await runWallet(['words', 'alice', ...place], { input: passphrase })).code).toBe(0);
  });

  it('gives a program one line of JSON', async () => {
    const { store, place } = await directoryWith();
    const { out } = await runWallet(['create', 'alice', '--json', ...place], { input: passphrase });
    const { Address, Key } = JSON.parse(readFileSync(store.fileOf('alice'), 'utf8'));
    expect(JSON.parse(out)).toEqual({
      name: 'alice',
      address: Address,
      key: Key,
      file: store.fileOf('alice'),
      words: expect.stringMatching(/^(\w+ ){11}\w+$/),
    });
  });

  it.each([
    [[], 'wallet create needs one NAME'],
    [['a', 'b'], 'wallet create needs one NAME'],
    [['../a'], '"../a" is no name of a wallet: it has "." in it'],
    [['a/b'], '"a/b" is no name of a wallet: it has "/" in it'],
    [['x'.repeat(33)], 'it has 33 characters, and a name has at most 32'],
    [['alice'], 'there is a wallet alice already, and it is not written over: '],
    [['bob', '--passphrase', passphrase], 'there is no option --passphrase'],
  ])('refuses %j before it asks for anything', async (args, words) => {
    const { place, store } = await directoryWith('alice');
    const before = readFileSync(store.fileOf('alice'), 'utf8');
    const { code, out, err } = await runWallet(['create', ...args, ...place], { input: `${passphrase}\n` });
    expect(err).toContain(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(store.names()).toEqual(['alice']);
    expect(readFileSync(store.fileOf('alice'), 'utf8')).toBe(before);
  });

  it.each([
    ['', 'standard input ended, and the passphrase was to come'],
    ['\n', 'a passphrase has 8 to 1024 characters, not 0'],
    ['seven 7\n', 'not 7'],
    [`${'x'.repeat(1025)}\n`, 'not 1025'],
  ])('refuses the passphrase %j of a pipe', async (input, words) => {
    const { place, store } = await directoryWith();
    const { code, err } = await runWallet(['create', 'alice', ...place], { input });
    expect(err).toContain(words);
    expect(code).toBe(2);
    expect(store.names()).toEqual([]);
  });

  it.each([8, 1024])('takes a passphrase of %i characters', async (length) => {
    const { place } = await directoryWith();
    const { code } = await runWallet(['create', 'alice', ...place], { input: '€'.repeat(length) });
    expect(code).toBe(0);
  });

  it('refuses a passphrase file that is not there, empty or no text', async () => {
    const { directory, place } = await directoryWith();
    const refuse = (file: string) => runWallet(['create', 'alice', '--passphrase-file', file, ...place]);
    expect(await refuse(directory)).toMatchObject({ code: 4, err: expect.stringContaining('cannot be read: ENOENT') });
    expect(await refuse(fileWith('\nx'))).toMatchObject({ code: 2, err: expect.stringContaining('is empty') });
    const binary = join(temporaryDirectory(), 'binary');
    writeFileSync(binary, Buffer.alloc(100, 0xff));
    expect(await refuse(binary)).toMatchObject({ code: 2, err: expect.stringContaining('is not text in UTF-8') });
  });

  it('says when the wallet cannot be written', async () => {
    const { store, place, directory } = await directoryWith('bob');
    // In the place of the draft, where a file cannot be.
    mkdirSync(`${store.fileOf('alice')}.new`);
    const { code, out, err } = await runWallet(['create', 'alice', ...place], { input: passphrase });
    expect(err).toContain(`sortition: ${directory.slice(0, 61)}`);
    expect(err).toContain('cannot be written: ');
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(store.names()).toEqual(['bob']);
  });
});

describe('wallet list', () => {
  it('says how to make one where there is none', async () => {
    const { place, directory } = await directoryWith();
    const { code, out } = await runWallet(['list', ...place]);
    expect(out).toMatch(
      new RegExp(`^There is no wallet in ${directory} yet\\. Make one: .* wallet create alice --wallet-dir`),
    );
    expect(code).toBe(0);
  });

  it('names all wallets and addresses without a passphrase', async () => {
    const { directory, place } = await directoryWith('bob', 'alice');
    const { out } = await runWallet(['list', ...place]);
    expect(out).toMatch(/^Wallets in .*:\n {2}alice {2}sort1\w{58}\n {2}bob {4}sort1\w{58}\n$/);
    const json = JSON.parse((await runWallet(['list', '--json', ...place])).out);
    expect(json).toEqual({
      directory,
      wallets: ['alice', 'bob'].map((name) => ({ name, address: expect.stringMatching(/^sort1/), key })),
    });
  });

  it('tells which wallets cannot be used, and why', async () => {
    const { store, place } = await directoryWith('alice', 'bob', 'carol');
    chmodSync(store.fileOf('bob'), 0o644);
    truncateSync(store.fileOf('carol'), 40);
    const { code, out } = await runWallet(['list', ...place]);
    expect(out).toMatch(/^ {2}alice {2}sort1/m);
    expect(out).toContain(`chmod 600 ${store.fileOf('bob')}`);
    expect(out).toMatch(/^ {2}carol {2}cannot be used: .*carol\.json is cut/m);
    expect(code).toBe(1);
  });

  it('is what people of other chains call listwallets and printwallet', async () => {
    const { place } = await directoryWith('alice');
    const listed = await runCommand(['wallet', 'list', ...place]);
    expect(listed.code).toBe(0);
    expect(await runCommand(['listwallets', ...place])).toEqual(listed);
    expect(await runCommand(['printwallet', ...place])).toEqual(listed);
    expect(await runCommand(['createwallet', ...place])).toEqual(await runCommand(['wallet', 'create', ...place]));
    expect(await runCommand(['help', 'createwallet'])).toEqual(await runCommand(['wallet', 'create', '--help']));
  });
});

describe('wallet words', () => {
  it('gives a pipe the words alone, and warns beside them', async () => {
    const { place } = await directoryWith('alice');
    const { code, out, err } = await runWallet(['words', 'alice', ...place], { input: `${passphrase}\n` });
    expect({ code, out }).toEqual({ code: 0, out: `${phrase}\n` });
    expect(err).toBe('Whoever reads these words can spend what is in wallet alice.\n');
  });

  it('lets a person try the passphrase three times', async () => {
    const { place } = await directoryWith('alice');
    const right = new Typist('wrong', 'still wrong', passphrase);
    expect(await runWallet(['words', 'alice', ...place], { typist: right })).toMatchObject({
      code: 0,
      out: `${phrase}\n`,
    });
    expect(right.shown.match(/That is not the passphrase\./g)).toHaveLength(2);
    const wrong = new Typist('wrong', 'still wrong', 'wrong again');
    expect(await runWallet(['words', 'alice', ...place], { typist: wrong })).toMatchObject({ code: 1, out: '' });
    expect(wrong.shown).toContain('the passphrase of wallet alice is another one');
  });

  it('refuses a wrong passphrase of a pipe or a file at once', async () => {
    const { place } = await directoryWith('alice');
    for (const options of [{ input: 'correct horsf' }, { input: '', file: fileWith('correct horsf\n') }]) {
      const file = 'file' in options ? ['--passphrase-file', options.file] : [];
      const { code, out, err } = await runWallet(['words', 'alice', ...file, ...place], options);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toBe('sortition: the passphrase of wallet alice is another one (or its file was changed by hand).\n');
    }
  });

  it.each([
    [[], [], 'wallet words needs the NAME of one wallet'],
    [['alice'], [], 'yet. Make one: '],
    [['alcie'], ['alice', 'bob'], ': did you mean alice.'],
    [['quux'], ['alice', 'bob'], ': the wallets there are alice, bob.'],
    [['../../etc/passwd'], ['alice'], 'is no name of a wallet'],
  ])('refuses %j where there are %j', async (args, names, words) => {
    const { place } = await directoryWith(...names);
    const { code, err } = await runWallet(['words', ...args, ...place], { input: passphrase });
    expect(err).toContain(words);
    expect(code).toBe(2);
  });

  it('refuses a file that is cut, of another version, open to others or costly, each in its words', async () => {
    const { store, place } = await directoryWith('alice');
    const file = store.fileOf('alice');
    const text = readFileSync(file, 'utf8');
    const refusal = async (changed: string, mode = 0o600): Promise<string> => {
      writeFileSync(file, changed);
      chmodSync(file, mode);
      const { code, err } = await runWallet(['words', 'alice', ...place], { input: passphrase });
      expect(code).toBe(4);
      return err;
    };
    expect(await refusal(text.slice(0, 99))).toContain(
      'alice.json is cut or damaged: it is not whole JSON. Bring the wallet',
    );
    expect(await refusal(text.replace('"Version":1', '"Version":2'))).toContain(
      'is of version 2, and this program reads',
    );
    expect(await refusal(text, 0o644)).toContain(
      `(mode 644), and a wallet is for its owner alone. To close it: chmod 600 ${file}`,
    );
    expect(await refusal(text.replace('"N":16', '"N":1073741824'))).toContain('it would take 1024 GB of memory');
  });
});

describe('wallet import', () => {
  it('brings a wallet back from words that are typed', async () => {
    const { place } = await directoryWith();
    const typist = new Typist(phrase.replace('junk', 'junc'), `  ${phrase.toUpperCase()}`, passphrase, passphrase);
    expect(await runWallet(['import', 'alice', ...place], { typist })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Wallet alice is back\. .*\nIts address: sort1\w+\n$/),
    });
    expect(typist.shown).toContain(
      'These are not the words of a wallet: word 12, "junc", is not one of the 2048 words',
    );
    expect(JSON.parse((await runWallet(['address', 'alice', '--json', ...place])).out)).toMatchObject({ key });
  });

  it('takes the words from a pipe, with the passphrase behind them or in a file', async () => {
    const { place } = await directoryWith();
    const file = fileWith(passphrase);
    const both = await runWallet(['import', 'alice', ...place], { input: `${phrase}\n${passphrase}\n` });
    const lines = phrase.replaceAll(' ', '\n');
    const alone = await runWallet(['import', 'bob', '--json', '--passphrase-file', file, ...place], { input: lines });
    expect([both.code, alone.code]).toEqual([0, 0]);
    expect(JSON.parse(alone.out)).toMatchObject({ name: 'bob', key });
    for (const name of ['alice', 'bob'])
      expect((await runWallet(['words', name, ...place], { input: passphrase })).out).toBe(`${phrase}\n`);
  });

  it('takes another account of the words, and says so when it shows them', async () => {
    const { place } = await directoryWith();
    const { out } = await runWallet(['import', 'alice', '--account', '7', '--json', ...place], {
      input: `${phrase}\n${passphrase}\n`,
    });
    expect(JSON.parse(out)).toMatchObject({ key: walletSigner(phrase, 7).key });
    const { err } = await runWallet(['words', 'alice', ...place], { input: passphrase });
    expect(err).toContain('(--account 7)');
  });

  it.skipIf(sharedFolder === undefined)(`${sharedWord}gives the accounts of the worked chains`, async () => {
    const { secrets } = JSON.parse(readSharedText('examples/ledger.json'));
    const { place } = await directoryWith();
    const { i, key: expected } = secrets.wallets.at(-1);
    const args = ['import', 'last', '--json', '--account', String(i), ...place];
    const { out } = await runWallet(args, { input: `${secrets.words}\n${passphrase}\n` });
    expect(JSON.parse(out)).toMatchObject({ key: expected });
  });

  it.each([
    [phrase.replace('test ', ''), 'a phrase has 12 words (or 15, 18, 21, 24), not 11'],
    [phrase.replace('test', 'tset'), 'word 1, "tset", is not one of the 2048 words'],
    [phrase.replace('junk', 'test'), 'its checksum is wrong'],
    ['', 'a phrase has 12 words'],
  ])('refuses %j, and says what is wrong', async (words, why) => {
    const { place, store } = await directoryWith();
    const { code, err } = await runWallet(['import', 'alice', ...place], { input: `${words}\n${passphrase}\n` });
    expect(err).toContain(`these are not the words of a wallet: ${why}`);
    expect(code).toBe(2);
    expect(store.names()).toEqual([]);
  });

  it('does not write over a wallet, and knows which accounts there are', async () => {
    const { place, store } = await directoryWith('alice');
    const before = readFileSync(store.fileOf('alice'), 'utf8');
    const input = `${phrase}\n${passphrase}\n`;
    expect((await runWallet(['import', 'alice', ...place], { input })).err).toContain(
      'there is a wallet alice already',
    );
    expect(readFileSync(store.fileOf('alice'), 'utf8')).toBe(before);
    const wrong = await runWallet(['import', 'bob', '--account', '2147483648', ...place], { input });
    expect(wrong.err).toContain('--account is "2147483648", but must be a whole number from 0 to 2147483647');
  });
});

describe('wallet', () => {
  it('names what it can do', async () => {
    expect((await runWallet([])).err).toContain(
      'wallet needs one word more: create, list, balance, follow, words, import or address',
    );
    expect((await runWallet(['crate', 'alice'])).err).toContain('wallet does not know "crate": did you mean create.');
    expect(await runWallet(['\x1b[2J'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('"\\x1b[2J": use create,'),
    });
  });

  it('has a help for each of them', async () => {
    const all = (await runCommand(['help', 'wallet'])).out;
    for (const name of ['create', 'list', 'words', 'import', 'address']) {
      expect(all).toMatch(new RegExp(`^  ${name} `, 'm'));
      const one = (await runCommand(['wallet', name, '--help'])).out;
      expect(one).toMatch(new RegExp(`^Usage: node \\S*main\\.js wallet ${name} `));
    }
  });

  it('refuses a directory that cannot be read', async () => {
    const file = fileWith('');
    expect(await runWallet(['list', '--wallet-dir', file])).toMatchObject({
      code: 4,
      err: expect.stringMatching(/^sortition: the wallets in .*passphrase\.txt cannot be read: ENOTDIR/),
    });
  });

  it('takes a directory that is there as it is', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'sub'), { mode: 0o755 });
    const place = ['--wallet-dir', join(directory, 'sub')];
    expect((await runWallet(['create', 'alice', ...place], { input: passphrase })).code).toBe(0);
    expect(statSync(join(directory, 'sub')).mode & 0o777).toBe(0o755);
  });
});
