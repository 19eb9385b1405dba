import { expect } from 'vitest';
import type { Signer } from '../../src/core/keys.ts';
import { signTransaction, type Transaction } from '../../src/ledger/transaction.ts';
import { walletSigner } from '../../src/platform/wallet-keys.ts';
import { differences, recordOf, valueAt } from './json-schema.ts';
import { jsonOf, LotteryPage, rpcCookie } from './open-lottery-page.ts';

const owner = { authorization: `Basic ${Buffer.from(rpcCookie).toString('base64')}` };
const phrase = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
/** A person whose wallet is not the server's. */
export const person: Signer = walletSigner(phrase, 0);
export const other: Signer = walletSigner(phrase, 1);

/** A chain with a ledger behind its page, whose answers are held to the description of the API. */
export class Bank {
  readonly page: LotteryPage;
  readonly #description: unknown;

  private constructor(page: LotteryPage, description: unknown) {
    this.page = page;
    this.#description = description;
  }

  static async open(kind: 'instant' | 'lottery' = 'instant'): Promise<Bank> {
    const newChain = kind === 'instant' ? { newChain: { kind } } : {};
    const page = await LotteryPage.open({ ...newChain, ledger: { reward: 5n, grant: 1000n } });
    return new Bank(page, await jsonOf(await fetch(`${page.base}/api/openapi.json`)));
  }

  /** The answer of a path with this status, in the form that is described. */
  async get(path: string, at: string, status = 200): Promise<Readonly<Record<string, unknown>>> {
    const response = await fetch(`${this.page.base}${path}`);
    const answer = await jsonOf(response);
    expect([path, response.status]).toEqual([path, status]);
    const content = valueAt(this.#description, 'paths', at, 'get', 'responses', String(status), 'content');
    expect(differences(answer, valueAt(content, 'application/json', 'schema'), this.#description)).toEqual([]);
    return answer;
  }

  account(name: string, status = 200): Promise<Readonly<Record<string, unknown>>> {
    return this.get(`/api/accounts/${name}`, '/api/accounts/{account}', status);
  }

  transaction(id: string, status = 200): Promise<Readonly<Record<string, unknown>>> {
    return this.get(`/api/transactions/${id}`, '/api/transactions/{id}', status);
  }

  mempool(): Promise<Readonly<Record<string, unknown>>> {
    return this.get('/api/mempool', '/api/mempool');
  }

  async call(method: string, params: unknown = []): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const answer = await jsonOf(await this.page.rpc(body, owner));
    expect(answer['error']).toBeUndefined();
    return answer['result'];
  }

  /** Gives a key tokens out of a new wallet of the operator, and waits until they are there. */
  async give(to: string, amount: string): Promise<string> {
    const { Key } = recordOf(await this.call('createwallet'));
    await expect.poll(() => this.call('getbalance', [Key])).toBe('1000');
    await this.call('send', { from: Key, to, amount });
    await expect.poll(() => this.call('getbalance', [to])).toBe(amount);
    return String(Key);
  }

  async sign(fee: string, nonce = 0): Promise<Transaction> {
    const { ChainId } = recordOf(await this.call('getinfo'));
    const request = { Kind: 'transfer', To: other.key, Amount: '25', Fee: fee, Nonce: nonce, Until: 100 } as const;
    return signTransaction(String(ChainId), request, person);
  }

  send(transaction: Transaction): Promise<unknown> {
    return this.call('sendrawtransaction', [transaction]);
  }
}
