import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProof } from '../../../src/cli/account/proof.ts';
import { addressOf } from '../../../src/ledger/address.ts';
import { signTransaction } from '../../../src/ledger/transaction.ts';
import { Keystore } from '../../../src/platform/keystore.ts';
import { walletSigner } from '../../../src/platform/wallet-keys.ts';
import { recordOf } from '../../http/json-schema.ts';
import { jsonOf, LotteryPage, rpcCookie } from '../../http/open-lottery-page.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { type Finished, runCommand } from '../run-command.ts';

const phrase = 'test test test test test test test test test test test junk';
const passphrase = 'correct horse';
const { key } = walletSigner(phrase, 0);
const receiver = addressOf('7'.repeat(64));

/** A server with a ledger, and a wallet on this machine. */
class Desk {
  readonly page: LotteryPage;
  /** The directory of the wallets. */
  readonly wallets: string;

  constructor(page: LotteryPage, wallets: string) {
    this.page = page;
    this.wallets = wallets;
  }

  /** The wallet has 500 tokens where `isFunded`. */
  static async open(kind: 'instant' | 'lottery', isFunded = true): Promise<Desk> {
    const page = await LotteryPage.open({
      ...(kind === 'instant' ? { newChain: { kind } } : {}),
      ledger: { reward: 5n, grant: 1000n },
    });
    const directory = join(temporaryDirectory(), 'wallets');
    await new Keystore(directory, 16).create('alice', { phrase, account: 0, passphrase });
    const desk = new Desk(page, directory);
    if (isFunded) {
      const from = recordOf(await desk.rpc('createwallet'))['Key'];
      await desk.reach('getbalance', from, '1000');
      await desk.rpc('send', [from, key, '500']);
      await desk.reach('getbalance', key, '500');
    }
    return desk;
  }

  /** Calls a method as the owner of the server. */
  async rpc(method: string, params: unknown = []): Promise<unknown> {
    const authorization = `Basic ${Buffer.from(rpcCookie).toString('base64')}`;
    const answer = await jsonOf(
      await this.page.rpc(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), { authorization }),
    );
    expect(answer['error']).toBeUndefined();
    return answer['result'];
  }

  /** Draws until a method gives this of an account. */
  async reach(method: string, account: unknown, value: unknown): Promise<void> {
    await expect
      .poll(async () => {
        this.page.node.service.sealNow();
        return this.rpc(method, [account]);
      })
      .toBe(value);
  }

  run(...words: readonly string[]): Promise<Finished> {
    return this.type(passphrase, ...words);
  }

  /** The same for a person who types another passphrase. */
  type(typed: string, ...words: readonly string[]): Promise<Finished> {
    const server = ['--url', this.page.base];
    const place = words[0] === 'account' ? server : [...server, '--wallet-dir', this.wallets];
    return runCommand([...words, ...place], { input: `${typed}\n` });
  }
}

describe('send', () => {
  it('signs here, sends to the server, and waits until the transaction is in a block', async () => {
    const desk = await Desk.open('instant');
    const { code, out, err } = await desk.run('send', 'alice', receiver, '25', '--fee', '2', '--wait');
    expect([code, err]).toEqual([0, expect.not.stringContaining('sortition:')]);
    expect(out).toMatch(
      /^Sent: 25 tokens to sort1\w+, transaction [0-9a-f]{64}\. After block \d+ it expires\.\nIt is in block \d+\.\n$/,
    );
    expect(await desk.rpc('getbalance', [receiver])).toBe('25');
    expect((await desk.run('wallet', 'balance', 'alice')).out).toBe('473 tokens, and 0 at stake\n');
    expect(desk.page.faults).toEqual([]);
  });

  it('gives the Id as JSON at once, and says what the ledger refuses', async () => {
    const desk = await Desk.open('instant');
    await desk.rpc('pause');
    const { out } = await desk.run('send', 'alice', receiver, '25', '--json');
    const { id } = JSON.parse(out);
    expect(JSON.parse(out)).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      nonce: 0,
      until: expect.any(Number),
    });
    expect(await desk.rpc('getrawmempool')).toEqual([id]);
    const refused = await desk.run('send', 'alice', receiver, '476');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toContain('sortition: the balance is 475, but Amount and Fee are 476 together');
  });

  it('ends with a failure when the transaction is replaced while it waits for it', async () => {
    const desk = await Desk.open('instant');
    await desk.rpc('pause');
    const waiting = desk.run('send', 'alice', receiver, '25', '--wait', '--json');
    await expect.poll(() => desk.rpc('getnonce', [key])).toBe(1);
    const [first] = [await desk.rpc('getrawmempool')].flat();
    const { transaction } = desk.page.node.ledger?.waiting()[0] ?? {};
    if (transaction?.Kind !== 'transfer') throw new Error('no transfer waits');
    const { Signature: _, From: __, ...request } = { ...transaction, Fee: '9' };
    const { ChainId } = recordOf(await desk.rpc('getinfo'));
    await desk.rpc('sendrawtransaction', [signTransaction(String(ChainId), request, walletSigner(phrase, 0))]);
    const { code, err } = await waiting;
    expect(code).toBe(1);
    expect(err).toContain(`transaction ${first} is in no block: it is replaced since block`);
  });

  it('sends nothing with a wallet that is cut, of another version, open to others, or whose passphrase is another one', async () => {
    const desk = await Desk.open('instant', false);
    const file = join(desk.wallets, 'alice.json');
    const text = readFileSync(file, 'utf8');
    const refusal = async (changed: string, mode = 0o600, typed = passphrase): Promise<string> => {
      writeFileSync(file, changed);
      chmodSync(file, mode);
      const { code, out, err } = await desk.type(typed, 'send', 'alice', receiver, '1');
      expect(out).toBe('');
      return `${code} ${err}`;
    };
    expect(await refusal(text.slice(0, -20))).toMatch(/^4 .*alice\.json is cut or damaged/);
    expect(await refusal('')).toMatch(/^4 .*alice\.json is empty/);
    expect(await refusal(text.replace('"Version":1', '"Version":2'))).toMatch(/^4 .*is of version 2/);
    expect(await refusal(text, 0o604)).toMatch(/^4 .*is open to others \(mode 604\)/);
    expect(await refusal(text, 0o600, 'correct horsf')).toMatch(/^1 .*the passphrase of wallet alice is another one/);
    expect(await refusal(text.replace('"Account":0', '"Account":1'))).toMatch(/^1 .*or its file was changed by hand/);
    expect(await desk.rpc('getrawmempool')).toEqual([]);
    // The wallet itself is whole: what is missing are tokens.
    expect(await refusal(text)).toMatch(/^1 .*there is no account/);
  });

  it.each([
    [['send'], 'send needs the name of a wallet'],
    [['send', 'alice'], 'send needs an address and an amount'],
    [['send', 'alice', 'sort1x', '5'], '"sort1x" is no address'],
    [['send', 'alice', receiver], 'send needs an amount'],
    [['send', 'alice', receiver, '0'], '"0" is not an amount'],
    [['send', 'alice', receiver, '5', '6'], 'send has too many words'],
    [['send', 'alice', receiver, '5', '--fee', 'x'], '--fee is "x", but must be a whole number from 0 on'],
    [['send', 'bob', receiver, '5'], 'there is no wallet bob'],
    [['bond', 'alice'], 'bond needs an amount'],
    [['unbond', 'alice', '1.5'], '"1.5" is not an amount'],
    [['account'], 'account needs one address or key'],
    [['account', 'sort1x'], '"sort1x" is no address'],
  ] as const)('%j ends with 2 and a reason', async (words, why) => {
    const desk = await Desk.open('instant', false);
    const { code, out, err } = await desk.run(...words);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`sortition: ${why}`);
  });
});

describe('bond and unbond', () => {
  it('put tokens of a wallet at stake, and take them back', async () => {
    const desk = await Desk.open('lottery');
    expect((await desk.run('bond', 'alice', '100')).out).toMatch(/^Sent: 100 tokens to be bonded, transaction /);
    await desk.reach('getbalance', key, '400');
    expect((await desk.run('unbond', 'alice', '40')).code).toBe(0);
    await expect
      .poll(async () => {
        desk.page.node.service.sealNow();
        return (await desk.run('account', key)).out;
      })
      .toContain('at stake  60, 40 tokens more until block');
  });
});

describe('account', () => {
  it('shows what an account has, by its address or its key', async () => {
    const desk = await Desk.open('instant');
    const { out } = await desk.run('account', key);
    expect(out).toBe(
      `${addressOf(key)}\n  key       ${key}\n  balance   500\n  at stake  0\n  sent      0 transactions\n`,
    );
    expect((await desk.run('account', addressOf(key))).out).toBe(out);
    expect(JSON.parse((await desk.run('account', key, '--json')).out)).toEqual(await desk.rpc('getaccount', [key]));
    const missing = await desk.run('account', receiver);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('there is no account')]);
  });

  it('proves it against the signed block, and believes no server that sends another one', async () => {
    const desk = await Desk.open('instant');
    const { out, code } = await desk.run('account', key, '--proof');
    expect(code).toBe(0);
    expect(out).toContain('balance  500, at stake 0, unbonding 0');
    expect(out).toMatch(/block {4}\d+ is signed by the Authority of block 0, and its hash is [0-9a-f]{64}/);
    const { Genesis, Block, Proof } = JSON.parse((await desk.run('account', key, '--proof', '--json')).out);
    expect(Genesis.Index).toBe(0);
    expect(Proof.Account[1]).toBe('500');
    const lies: readonly (readonly [object, string])[] = [
      [{ ...Proof, Block, Account: Proof.Account.with(1, '501') }, 'Path does not lead from this account to StateRoot'],
      [{ ...Proof, Block, Account: Proof.Account.with(0, '7'.repeat(64)) }, 'it is that of another account'],
      [{ ...Proof, Block: { ...Block, Validator: '7'.repeat(64) } }, 'is not that of what it says'],
      [{ ...Proof, Block: { ...Block, Signature: '0'.repeat(128) } }, 'is not signed by the Authority'],
      [{ ...Proof, Block: Genesis }, 'the block that it names is none'],
      [{ Block }, 'proves nothing'],
    ];
    for (const [answer, why] of lies) {
      const call = async (method: string): Promise<unknown> => (method === 'getproof' ? answer : Genesis);
      await expect(readProof({ call, find: call }, key)).rejects.toThrow(why);
    }
  });
});
