import { describe, expect, it } from 'vitest';
import { parseBlock } from '../../src/core/parse-block.ts';
import { addressOf } from '../../src/ledger/address.ts';
import { findAccountProofFault, parseAccountProof } from '../../src/ledger/proof.ts';
import { Bank, other, person } from './bank.ts';
import { recordOf } from './json-schema.ts';
import { jsonOf, LotteryPage } from './open-lottery-page.ts';

describe('accounts over the API', () => {
  it('are told by key and by address, with a proof against the block beside it and with what happened to them', async () => {
    const bank = await Bank.open();
    const giver = await bank.give(person.key, '300');
    const answer = await bank.account(person.key);
    expect(await bank.account(addressOf(person.key))).toEqual(answer);
    expect(answer).toMatchObject({ key: person.key, address: addressOf(person.key), balance: '300', nextNonce: 0 });
    const { Index } = recordOf(answer['block']);
    expect(answer['history']).toEqual({
      firstBlock: 1,
      entries: [
        {
          index: Index,
          kind: 'transfer',
          id: expect.stringMatching(/^[0-9a-f]{64}$/),
          from: giver,
          to: person.key,
          amount: '300',
          fee: expect.any(String),
        },
      ],
    });
    const proof = parseAccountProof(answer['proof']);
    const block = parseBlock(answer['block'], Number(Index));
    if ('why' in proof || 'why' in block || !('Ledger' in block.value) || block.value.Ledger === undefined)
      throw new Error('neither proof nor block can be read');
    expect(findAccountProofFault(proof.value, block.value.Ledger)).toBeUndefined();
    expect(bank.page.faults).toEqual([]);
  });

  it('are refused in words where the name is none, and where nobody has it', async () => {
    const bank = await Bank.open();
    expect((await bank.account('sort1x', 400))['error']).toContain('is no address');
    expect((await bank.account('%1b%5b2J', 400))['error']).not.toContain('\x1b');
    expect((await bank.account(other.key, 404))['error']).toContain(`there is no account ${addressOf(other.key)}`);
  });

  it('are not there in a chain without a ledger, and its status has none', async () => {
    const page = await LotteryPage.open();
    for (const path of [`accounts/${other.key}`, 'blocks/0/body', 'mempool', `transactions/${other.key}`]) {
      const response = await fetch(`${page.base}/api/${path}`);
      expect([response.status, (await jsonOf(response))['error']]).toEqual([
        404,
        'this chain has no ledger: whoever joins says what is at stake, and there are no accounts',
      ]);
    }
    expect(await jsonOf(await fetch(`${page.base}/api/status`))).not.toHaveProperty('ledger');
  });
});

describe('the blocks of a chain with a ledger', () => {
  it.each(['instant', 'lottery'] as const)(
    'have the form that is described, block 0 of the kind %s too',
    async (kind) => {
      const bank = await Bank.open(kind);
      await bank.get('/api/blocks/0', '/api/blocks/{index}');
      await bank.call('createwallet');
      if (kind === 'lottery') await bank.call('draw');
      await expect.poll(() => bank.call('getblockcount')).toBe(1);
      await bank.get('/api/blocks/1', '/api/blocks/{index}');
    },
  );
});

describe('transactions over the API', () => {
  it('are pending, then in a block, whose body has them as they were signed', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    await bank.call('pause');
    const transaction = await bank.sign('1');
    const id = String(await bank.send(transaction));
    expect(await bank.transaction(id)).toEqual({ id, state: 'pending', transaction });
    expect(await bank.mempool()).toEqual({ count: 1, transactions: [{ id, transaction }] });
    expect(await bank.account(person.key)).toMatchObject({ nonce: 0, nextNonce: 1 });
    await bank.call('resume');
    await expect.poll(() => bank.call('getbalance', [other.key])).toBe('25');
    const index = await bank.call('getblockcount');
    expect(await bank.transaction(id)).toEqual({ id, state: 'included', index, transaction });
    const body = await bank.get(`/api/blocks/${index}/body`, '/api/blocks/{index}/body');
    expect(body).toEqual({ Transactions: [transaction] });
    expect(await bank.mempool()).toEqual({ count: 0, transactions: [] });
    expect(recordOf(recordOf(await bank.account(other.key))['history'])['entries']).toMatchObject([{ id, index }]);
  });

  it('that wait are listed with the highest fees first, and the status counts them', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    await bank.call('pause');
    const ids = [await bank.send(await bank.sign('1', 0)), await bank.send(await bank.sign('7', 1))];
    const { count, transactions } = await bank.mempool();
    expect([count, transactions]).toMatchObject([2, [{ id: ids[1] }, { id: ids[0] }]]);
    const { Supply, Accounts } = recordOf(await bank.call('getsupply'));
    const status = await bank.get('/api/status', '/api/status');
    expect(status['ledger']).toEqual({ supply: Supply, accounts: Accounts, reward: '5', waiting: 2 });
  });

  it('say what became of them when another one took their Nonce', async () => {
    const bank = await Bank.open();
    await bank.give(person.key, '300');
    await bank.call('pause');
    const id = String(await bank.send(await bank.sign('1')));
    await bank.send(await bank.sign('2'));
    const index = await bank.call('getblockcount');
    expect(await bank.transaction(id)).toEqual({ id, state: 'replaced', index });
  });

  it('are refused in words where the Id is none, and where nobody knows it', async () => {
    const bank = await Bank.open();
    expect((await bank.transaction('5', 400))['error']).toContain('"5" is not the Id of a transaction');
    expect((await bank.transaction('5'.repeat(64), 404))['error']).toContain('no transaction with the Id');
    const at = '/api/blocks/{index}/body';
    expect((await bank.get('/api/blocks/x/body', at, 400))['error']).toContain('"x" is not the index of a block');
    expect((await bank.get('/api/blocks/0/body', at, 404))['error']).toContain('block 0 has no transactions');
    expect((await bank.get('/api/blocks/99/body', at, 404))['error']).toContain('there is no block 99');
  });
});
