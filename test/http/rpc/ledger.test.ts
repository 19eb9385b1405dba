import { describe, expect, it } from 'vitest';
import { parseBlock } from '../../../src/core/parse-block.ts';
import { addressOf } from '../../../src/ledger/address.ts';
import { findAccountProofFault, parseAccountProof } from '../../../src/ledger/proof.ts';
import { signTransaction, type TransactionRequest } from '../../../src/ledger/transaction.ts';
import { walletSigner } from '../../../src/platform/wallet-keys.ts';
import { differences, recordOf, valueAt } from '../json-schema.ts';
import { jsonOf, LotteryPage, rpcCookie } from '../open-lottery-page.ts';

const owner = { authorization: `Basic ${Buffer.from(rpcCookie).toString('base64')}` };
const phrase = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const person = walletSigner(phrase, 0);
const other = walletSigner(phrase, 1);

/** A chain with a ledger behind its page, and the calls that are made there. */
class Bank {
  readonly page: LotteryPage;

  constructor(page: LotteryPage) {
    this.page = page;
  }

  static async open(): Promise<Bank> {
    return new Bank(await LotteryPage.open({ newChain: { kind: 'instant' }, ledger: { reward: 5n, grant: 1000n } }));
  }

  async call(method: string, params: unknown = [], isOwner = true): Promise<Readonly<Record<string, unknown>>> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    return jsonOf(await this.page.rpc(body, isOwner ? owner : {}));
  }

  async result(method: string, params: unknown = []): Promise<unknown> {
    const answer = await this.call(method, params);
    expect(answer['error']).toBeUndefined();
    return answer['result'];
  }

  /** The words for a person of an error with a code. */
  async why(code: number, method: string, params: unknown = []): Promise<string> {
    const { error } = await this.call(method, params);
    expect(error).toMatchObject({ code });
    return String(recordOf(error)['data']);
  }

  /** A wallet of the operator that has its grant. */
  async wallet(): Promise<string> {
    const { Key } = recordOf(await this.result('createwallet'));
    await expect.poll(() => this.result('getbalance', [Key])).toBe('1000');
    return String(Key);
  }

  /** Sends tokens to a key, and waits until they are there. */
  async give(to: string, amount: string): Promise<void> {
    const from = await this.wallet();
    const before = BigInt(String(await this.result('getbalance', [to])));
    await this.result('send', { from, to, amount });
    await expect.poll(() => this.result('getbalance', [to])).toBe(String(before + BigInt(amount)));
  }

  async sign(changes: Partial<TransactionRequest> = {}): Promise<object> {
    const { ChainId } = recordOf(await this.result('getinfo'));
    const request = {
      Kind: 'transfer',
      To: other.key,
      Amount: '25',
      Fee: '1',
      Nonce: 0,
      Until: 100,
      ...changes,
    } as const;
    return signTransaction(String(ChainId), { ...request, Kind: 'transfer' }, person);
  }

  async pause(): Promise<void> {
    await this.result('pause');
  }
}

describe('the ledger over RPC', () => {
  it('tells of an account by its key and by its address, and of one that nobody has', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    const account = { Key: person.key, Balance: '300', Bonded: '0', Unbonding: '0', Release: 0, Since: 0, Nonce: 0 };
    expect(await bank.result('getaccount', [person.key])).toEqual(account);
    expect(await bank.result('getaccount', { account: addressOf(person.key) })).toEqual(account);
    expect(await bank.result('getbalance', [addressOf(other.key)])).toBe('0');
    expect(await bank.result('getnonce', [other.key])).toBe(0);
    expect(await bank.why(-32001, 'getaccount', [other.key])).toContain('there is no account');
    expect(await bank.why(-32602, 'getaccount', ['sort1x'])).toContain('is no address');
    expect(bank.page.faults).toEqual([]);
  });

  it('proves an account against the block that it gives', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    const { Block, ...rest } = recordOf(await bank.result('getproof', [person.key]));
    const proof = parseAccountProof(rest);
    const block = parseBlock(Block, Number(rest['Index']));
    if ('why' in proof || 'why' in block || !('Ledger' in block.value) || block.value.Ledger === undefined)
      throw new Error('neither proof nor block can be read');
    expect(findAccountProofFault(proof.value, block.value.Ledger)).toBeUndefined();
    expect(findAccountProofFault(proof.value, { ...block.value.Ledger, StateRoot: '0'.repeat(64) })).toBeDefined();
    const { Supply, Accounts } = block.value.Ledger;
    expect(await bank.result('getsupply')).toEqual({ Index: rest['Index'], Supply, Accounts, Reward: '5' });
    expect(await bank.why(-32001, 'getproof', [other.key])).toContain('there is no account');
  });

  it('takes a signed transaction, shows it while it waits, and says in which block it is', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    await bank.pause();
    const transaction = await bank.sign();
    const tested = recordOf(await bank.result('testmempoolaccept', [transaction]));
    expect(tested).toEqual({ Accepted: true, Id: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { Id: id } = tested;
    expect(await bank.result('getrawmempool')).toEqual([]);
    expect(await bank.result('sendrawtransaction', [transaction])).toBe(id);
    expect(await bank.result('sendrawtransaction', [transaction])).toBe(id);
    expect(await bank.result('getrawmempool')).toEqual([id]);
    expect(await bank.result('getrawmempool', { verbose: true })).toEqual([{ Id: id, Transaction: transaction }]);
    expect(await bank.result('gettransaction', [id])).toEqual({ Id: id, State: 'pending', Transaction: transaction });
    expect(await bank.result('getnonce', [person.key])).toBe(1);
    expect(recordOf(await bank.result('testmempoolaccept', [transaction]))).toMatchObject({ Accepted: false, Id: id });
    await bank.result('resume');
    await expect.poll(() => bank.result('getbalance', [other.key])).toBe('25');
    const Index = await bank.result('getblockcount');
    expect(await bank.result('gettransaction', [id])).toEqual({
      Id: id,
      State: 'included',
      Index,
      Transaction: transaction,
    });
    expect(await bank.why(-32001, 'gettransaction', ['5'.repeat(64)])).toContain('no transaction with the Id');
  });

  it('says what became of a transaction that another one of its Nonce replaced', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    await bank.pause();
    const first = await bank.result('sendrawtransaction', [await bank.sign()]);
    const why = await bank.why(-32004, 'sendrawtransaction', [await bank.sign({ Amount: '26' })]);
    expect(why).toBe(
      'Nonce 0 waits already with a fee of 1, and is replaced at 2 or more, not 1. The next Nonce of this account is 1',
    );
    const second = await bank.result('sendrawtransaction', [await bank.sign({ Fee: '2' })]);
    expect(recordOf(await bank.result('gettransaction', [first]))).toMatchObject({ State: 'replaced' });
    expect(await bank.result('getrawmempool')).toEqual([second]);
  });

  it('refuses each fault of a transaction in its own words, and looks at its signature last', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    const refusals: readonly (readonly [object, string])[] = [
      [{}, 'Kind'],
      [await bank.sign({ Nonce: 1 }), 'Nonce is 1, but the next one of this account is 0'],
      [await bank.sign({ Amount: '300' }), 'the balance is 300, but Amount and Fee are 301 together'],
      [await bank.sign({ Until: 0 }), 'it has expired'],
      [await bank.sign({ Until: 5000 }), 'Until is 5000'],
      [{ ...(await bank.sign({ Nonce: 1 })), Signature: '0'.repeat(128) }, 'Nonce is 1'],
      [{ ...(await bank.sign()), Signature: '0'.repeat(128) }, 'Signature is not that of From'],
    ];
    for (const [transaction, words] of refusals) {
      expect(await bank.why(-32004, 'sendrawtransaction', [transaction])).toContain(words);
      const tested = recordOf(await bank.result('testmempoolaccept', [transaction]));
      expect(tested).toMatchObject({ Accepted: false, Why: expect.stringContaining(words) });
    }
    expect(await bank.why(-32602, 'sendrawtransaction', ['aa'])).toContain('must be a signed transaction');
    expect(await bank.result('getrawmempool')).toEqual([]);
  });

  it('refuses whatever else stands in a field, says which and what it may be, and shows nothing that a terminal obeys', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    const transaction = await bank.sign();
    const strange = [
      null,
      true,
      [],
      {},
      1.5,
      -1,
      2 ** 53,
      1e300,
      '',
      ' 1',
      '01',
      '1e3',
      '\u001b[2J\n',
      '\ud800',
      '9'.repeat(78),
    ];
    const allowed: Readonly<Record<string, readonly unknown[]>> = { Nonce: [], Until: [], Amount: ['1'], Fee: ['1'] };
    for (const field of Object.keys(transaction)) {
      for (const value of strange.filter((each) => !allowed[field]?.includes(each))) {
        const changed = { ...transaction, [field]: value };
        const why = await bank.why(-32004, 'sendrawtransaction', [changed]);
        expect(why, JSON.stringify(changed)).toMatch(new RegExp(`^${field} must be [ -~]*; here it is [ -~]+$`));
        expect(await bank.result('testmempoolaccept', [changed])).toEqual({ Accepted: false, Why: why });
      }
      const { [field]: _, ...shorter } = recordOf(transaction);
      const missing = await bank.why(-32004, 'sendrawtransaction', [shorter]);
      expect(missing).toMatch(
        field === 'Kind' ? /^Kind must be .*here it is missing$/ : /must have these keys and no others/,
      );
    }
    const { Kind, ...rest } = recordOf(transaction);
    const parsed: unknown = JSON.parse('{"__proto__":1}');
    for (const odd of [
      { ...rest, Kind },
      { ...transaction, Memo: '\u001b' },
      { ...transaction, ...recordOf(parsed) },
    ]) {
      expect(await bank.why(-32004, 'sendrawtransaction', [odd])).toMatch(
        /^a transfer must have these keys and no others, in this order: [ -~]+$/,
      );
    }
    expect(await bank.result('getrawmempool')).toEqual([]);
    expect(bank.page.faults).toEqual([]);
  });

  it('makes wallets for the owner alone, moves their tokens, and lists them', async () => {
    const bank = await Bank.open();
    for (const method of ['createwallet', 'listwallets', 'send', 'bond', 'unbond']) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method });
      expect((await bank.page.rpc(body)).status).toBe(401);
    }
    const [one, two] = [await bank.wallet(), await bank.wallet()];
    await bank.result('send', { from: addressOf(one), to: two, amount: 100, fee: '2' });
    await expect.poll(() => bank.result('getbalance', [two])).toBe('1100');
    expect(await bank.result('listwallets')).toEqual([
      { Number: expect.any(Number), Key: one, Address: addressOf(one), Balance: '898', Bonded: '0' },
      { Number: expect.any(Number), Key: two, Address: addressOf(two), Balance: '1100', Bonded: '0' },
    ]);
    expect(await bank.why(-32004, 'send', [one, two, '899'])).toContain('the balance is 898');
    expect(await bank.why(-32004, 'bond', [one, '5'])).toContain('a bond has no meaning in this chain');
    expect(await bank.why(-32001, 'send', [person.key, two, '1'])).toContain('is no wallet of this server');
    for (const wrong of ['0', '', '1.5', -1, 2 ** 53, '1'.repeat(78), null]) {
      expect(await bank.why(-32602, 'send', [one, two, wrong])).toContain('must be a whole number from 1 on');
    }
  });

  it('gives what its description says', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    await bank.pause();
    const transaction = await bank.sign();
    const id = await bank.result('sendrawtransaction', [transaction]);
    const document = await bank.result('rpc.discover');
    const methods = valueAt(document, 'methods');
    if (!Array.isArray(methods)) throw new Error('the document lists no methods');
    const calls: readonly (readonly [string, unknown[]])[] = [
      ['getaccount', [person.key]],
      ['getbalance', [person.key]],
      ['getnonce', [person.key]],
      ['getproof', [person.key]],
      ['getsupply', []],
      ['getrawmempool', []],
      ['getrawmempool', [true]],
      ['gettransaction', [id]],
      ['testmempoolaccept', [transaction]],
      ['listwallets', []],
    ];
    for (const [name, params] of calls) {
      const described = methods.find((each) => valueAt(each, 'name') === name);
      const schema = valueAt(described, 'result', 'schema');
      expect([name, differences(await bank.result(name, params), schema, document)]).toEqual([name, []]);
    }
  });

  it('says in a chain without a ledger what the methods are for', async () => {
    const page = await LotteryPage.open();
    const answer = await jsonOf(await page.rpc('{"jsonrpc":"2.0","id":1,"method":"getbalance","params":["x"]}'));
    expect(answer['error']).toMatchObject({ code: -32601, data: expect.stringContaining('chains with a ledger') });
  });
});
