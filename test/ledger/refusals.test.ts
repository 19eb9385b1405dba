import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { type Account, newAccount } from '../../src/ledger/account.ts';
import { BlockDraft } from '../../src/ledger/block-draft.ts';
import { signCandidate } from '../../src/ledger/candidate.ts';
import { judgeBlock, type LedgerBody } from '../../src/ledger/judge-block.ts';
import { LedgerRules, type LedgerTerms, ledgerTerms } from '../../src/ledger/ledger-rules.ts';
import { LedgerState } from '../../src/ledger/ledger-state.ts';
import { signTransaction, type Transaction, type TransactionRequest } from '../../src/ledger/transaction.ts';
import { standInSigner, verifyStandIn } from './stand-in-keys.ts';

const chainId = 'c'.repeat(64);
const alice = standInSigner('alice');
const bob = standInSigner('bob');
const carol = standInSigner('carol');
const terms: LedgerTerms = { chainId, reward: 10n, minFee: 2n, unbonding: 3, transfersOnly: false };
const rules = new LedgerRules(terms, verifyStandIn);
const transfer = { Kind: 'transfer', To: bob.key, Amount: '5', Fee: '2', Nonce: 0, Until: 1 } as const;
const bond = { Kind: 'bond', Amount: '5', Fee: '2', Nonce: 0, Until: 1 } as const;
const tainted = signCandidate(chainId, 1, 'seventy', bob);
const report = { Kind: 'report', Evidence: [tainted], Fee: '2', Nonce: 0, Until: 1 } as const;

/** Alice has 100 tokens and 20 bonded, Bob 3 and 7. */
function genesisState(): LedgerState {
  return runToEnd(
    LedgerState.ofGenesis({
      Accounts: [
        [alice.key, '100', '20'],
        [bob.key, '3', '7'],
      ],
    }),
  );
}

function sign(request: TransactionRequest, sender = alice): Transaction {
  return signTransaction(chainId, request, sender);
}

/** Why the first block refuses a transaction; undefined where it takes it. */
function refusalOf(json: unknown, by = rules): string | undefined {
  const checked = by.checkTransaction(json);
  return 'why' in checked ? checked.why : new BlockDraft(genesisState(), by.terms).add(checked.value);
}

describe('the form of a transaction', () => {
  const signed = sign(transfer);
  const { To: _to, ...withoutTo } = signed.Kind === 'transfer' ? signed : { To: '', ...signed };

  it.each<readonly [string, unknown, string]>([
    ['no object', 'transfer', 'a transaction must be an object'],
    ['null', null, 'a transaction must be an object'],
    ['an array', [], 'a transaction must be an object'],
    [
      'another kind',
      { ...signed, Kind: 'mint' },
      'Kind must be "transfer", "bond", "unbond", "report"; here it is "mint"',
    ],
    ['a kind of every object', { ...signed, Kind: 'constructor' }, 'Kind must be'],
    ['no kind', {}, 'here it is missing'],
    ['a key too few', withoutTo, 'in this order: Kind, From, To, Amount, Fee, Nonce, Until, Signature'],
    ['a key too many', { ...signed, Memo: '' }, 'these keys and no others'],
    ['keys in another order', Object.fromEntries(Object.entries(signed).reverse()), 'in this order'],
    ['a sender that is no key', { ...signed, From: 'alice' }, 'From must be 64 lower-case hex digits'],
    ['a receiver that is no key', { ...signed, To: 'b\u001b' }, 'here it is "b\\\\u001b"'],
    ['an amount of 0', { ...signed, Amount: '0' }, 'Amount must be a string'],
    ['an amount that is a number', { ...signed, Amount: 5 }, 'here it is 5'],
    ['an amount with a leading zero', { ...signed, Amount: '05' }, 'here it is "05"'],
    ['an amount of 78 digits', { ...signed, Amount: '1'.repeat(78) }, 'at most 77 decimal digits'],
    ['a fee that is no number', { ...signed, Fee: '-1' }, 'Fee must be a string'],
    ['a nonce below 0', { ...signed, Nonce: -1 }, 'Nonce must be a whole number'],
    ['a nonce of 2^53', { ...signed, Nonce: 2 ** 53 }, 'Nonce must be a whole number'],
    ['an Until that is half', { ...signed, Until: 1.5 }, 'Until must be a whole number'],
    ['half a signature', { ...signed, Signature: signed.Signature.slice(64) }, 'Signature must be 128'],
  ])('is refused with words of its own: %s', (_, json, words) => {
    expect(refusalOf(json)).toContain(words);
  });

  it('is accepted as it is signed', () => {
    expect(refusalOf(signed)).toBeUndefined();
  });
});

describe('a transaction that does not depend on the state', () => {
  it.each<readonly [string, unknown, string]>([
    ['of another signer', { ...sign(transfer, bob), From: alice.key }, 'not that of From'],
    ['of another chain', signTransaction('d'.repeat(64), transfer, alice), 'not that of From'],
    ['with another amount than was signed', { ...sign(transfer), Amount: '6' }, 'not that of From'],
    ['with a fee below the least', sign({ ...transfer, Fee: '1' }), 'Fee is 1, but this chain asks for at least 2'],
  ])('is refused %s', (_, json, words) => {
    expect(refusalOf(json)).toContain(words);
  });

  it.each(['work', 'instant'] as const)('is refused in a chain of kind %s unless it is a transfer', (kind) => {
    const ledger = { Reward: '10', MinFee: '0', Unbonding: 3 };
    const transfersOnly = new LedgerRules(ledgerTerms(chainId, kind, ledger), verifyStandIn);
    for (const request of [bond, { ...bond, Kind: 'unbond' } as const, report]) {
      expect(refusalOf(sign(request), transfersOnly)).toContain('only transfers');
      expect(refusalOf(sign(request), new LedgerRules(ledgerTerms(chainId, 'lottery', ledger), verifyStandIn))).toBe(
        undefined,
      );
    }
    expect(refusalOf(sign(transfer), transfersOnly)).toBeUndefined();
  });
});

describe('a transaction in block 1', () => {
  it.each<readonly [string, Transaction, string | undefined]>([
    ['of somebody without an account', sign(transfer, carol), 'there is no account'],
    [
      'with a nonce that comes later',
      sign({ ...transfer, Nonce: 1 }),
      'Nonce is 1, but the next one of this account is 0',
    ],
    ['until the block before', sign({ ...transfer, Until: 0 }), 'it has expired: Until is 0, and this is block 1'],
    ['until this block', sign({ ...transfer, Until: 1 }), undefined],
    ['until 1,000 blocks later', sign({ ...transfer, Until: 1001 }), undefined],
    ['until 1,001 blocks later', sign({ ...transfer, Until: 1002 }), 'in block 1 it may be at most 1001'],
    ['of all that there is', sign({ ...transfer, Amount: '98' }), undefined],
    [
      'of more than there is',
      sign({ ...transfer, Amount: '99' }),
      'the balance is 100, but Amount and Fee are 101 together',
    ],
    ['that bonds all that there is', sign({ ...bond, Amount: '98' }), undefined],
    ['that bonds more', sign({ ...bond, Amount: '99' }), 'the balance is 100'],
    ['that unbonds all that is bonded', sign({ ...bond, Kind: 'unbond', Amount: '20' }), undefined],
    ['that unbonds more', sign({ ...bond, Kind: 'unbond', Amount: '21' }), '20 tokens are bonded, but Amount is 21'],
    ['that unbonds, and cannot pay the fee', sign({ ...bond, Kind: 'unbond', Fee: '101' }), 'Amount and Fee are 101'],
    ['that reports a taint', sign(report), undefined],
    ['that reports itself', sign({ ...report, Evidence: [signCandidate(chainId, 1, 'x', alice)] }), undefined],
  ])('%s', (_, transaction, words) => {
    const refusal = refusalOf(transaction);
    if (words === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(words);
  });

  it('changes nothing when it is refused, not even what was due for release', () => {
    const state = genesisState();
    const draft = new BlockDraft(state, terms);
    const checked = rules.checkTransaction(sign({ ...transfer, Amount: '99' }));
    if ('why' in checked) throw new Error(checked.why);
    expect(draft.add(checked.value)).toBeDefined();
    expect(draft.accountOf(alice.key)).toBe(state.accountOf(alice.key));
    expect(draft.transactions).toEqual([]);
  });
});

describe('a report', () => {
  const two = (first: number | string, second: number | string, index = 1): Transaction =>
    sign({
      ...report,
      Evidence: [signCandidate(chainId, index, first, bob), signCandidate(chainId, index, second, bob)],
    });
  const forged = { ...tainted, Validator: alice.key };

  it.each<readonly [string, unknown, string | undefined]>([
    ['of two BPMs', two(60, 61), undefined],
    ['of a BPM and a taint', two(60, 'sixty'), undefined],
    ['of nothing', { ...sign(report), Evidence: [] }, 'Evidence must be an array of one tainted candidate, or of two'],
    ['of three', { ...sign(report), Evidence: [tainted, tainted, tainted] }, 'Evidence must be an array'],
    ['of no candidate', { ...sign(report), Evidence: [7] }, 'Evidence: a candidate must be an object'],
    ['of the same BPM twice', two(60, 60), 'have the same BPM'],
    [
      'of one that is not tainted',
      sign({ ...report, Evidence: [signCandidate(chainId, 1, 60, bob)] }),
      'the number 60',
    ],
    [
      'of a tainted BPM that is empty',
      sign({ ...report, Evidence: [signCandidate(chainId, 1, '', bob)] }),
      '1 to 64 printable',
    ],
    [
      'of one of 64 characters',
      sign({ ...report, Evidence: [signCandidate(chainId, 1, 'x'.repeat(64), bob)] }),
      undefined,
    ],
    [
      'of one of 65',
      sign({ ...report, Evidence: [signCandidate(chainId, 1, 'x'.repeat(65), bob)] }),
      '1 to 64 printable',
    ],
    [
      'of one that is not printable',
      sign({ ...report, Evidence: [signCandidate(chainId, 1, '\u007f', bob)] }),
      'printable ASCII',
    ],
    ['that nobody signed', sign({ ...report, Evidence: [forged] }), 'not signed by its validator'],
    [
      'of another chain',
      sign({ ...report, Evidence: [signCandidate('d'.repeat(64), 1, 'x', bob)] }),
      'not signed by its',
    ],
    ['of the next block', two(60, 61, 2), 'the offence is in block 2, which comes behind this block 1'],
    ['of the genesis', two(60, 61, 0), undefined],
    ['of somebody unknown', sign({ ...report, Evidence: [signCandidate(chainId, 1, 'x', carol)] }), 'has no account'],
  ])('%s', (_, json, words) => {
    const refusal = refusalOf(json);
    if (words === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toContain(words);
  });

  it('of two validators, or of two blocks, is no evidence', () => {
    const other = signCandidate(chainId, 1, 60, carol);
    expect(refusalOf(sign({ ...report, Evidence: [tainted, other] }))).toContain('different validators');
    const later = signCandidate(chainId, 0, 60, bob);
    expect(refusalOf(sign({ ...report, Evidence: [tainted, later] }))).toContain('for different blocks, 1 and 0');
  });

  it('burns once: a second one of an older offence finds that it does not count any more', () => {
    const draft = new BlockDraft(genesisState(), terms);
    const first = rules.checkTransaction(sign(report));
    const second = rules.checkTransaction(sign({ ...report, Nonce: 1 }));
    if ('why' in first || 'why' in second) throw new Error('a report has not the form of one');
    expect(draft.add(first.value)).toBeUndefined();
    expect(draft.accountOf(bob.key)).toMatchObject({ balance: 3n, bonded: 0n, unbonding: 0n, since: 2 });
    expect(draft.add(second.value)).toContain('count from block 2');
  });
});

describe('what a report finds at stake', () => {
  /** The account of Bob behind block `to - 1`, and what becomes of him when block `to` has a report of him. */
  function reportedIn(to: number, offence: number, bobs: Partial<Account>): Account | string {
    const accounts = [newAccount(alice.key, 100n), { ...newAccount(bob.key, 3n, 7n), ...bobs }];
    const draft = new BlockDraft(runToEnd(LedgerState.restore(to - 1, accounts)), terms);
    const evidence = [signCandidate(chainId, offence, 60, bob), signCandidate(chainId, offence, 61, bob)];
    const checked = rules.checkTransaction(sign({ ...report, Evidence: evidence, Until: to }));
    if ('why' in checked) throw new Error(checked.why);
    const why = draft.add(checked.value);
    const account = draft.accountOf(bob.key);
    if (account === undefined) throw new Error('Bob has an account');
    return why ?? account;
  }

  it('is what was bonded no later than the block of the offence', () => {
    expect(reportedIn(9, 5, { since: 6 })).toContain('the offence is in block 5, but for this validator they count');
    expect(reportedIn(9, 6, { since: 6 })).toMatchObject({ balance: 3n, bonded: 0n, since: 10 });
    expect(reportedIn(9, 9, { since: 6 })).toMatchObject({ bonded: 0n, since: 10 });
    expect(reportedIn(9, 10, { since: 6 })).toContain('which comes behind this block 9');
  });

  it('is what is being unbonded, too, until the block that releases it', () => {
    const unbonding = { bonded: 2n, unbonding: 5n };
    expect(reportedIn(9, 6, { ...unbonding, release: 10 })).toMatchObject({
      balance: 3n,
      bonded: 0n,
      unbonding: 0n,
      release: 0,
    });
    expect(reportedIn(9, 6, { ...unbonding, release: 9 })).toMatchObject({ balance: 8n, bonded: 0n, unbonding: 0n });
    const all = { bonded: 0n, unbonding: 7n };
    expect(reportedIn(9, 6, { ...all, release: 10 })).toMatchObject({ balance: 3n, unbonding: 0n });
    expect(reportedIn(9, 6, { ...all, release: 9 })).toBe('the reported validator has nothing at stake');
  });
});

describe('the bounds of a block', () => {
  /** The first so many transactions of Alice. */
  function transactionsOf(count: number): Transaction[] {
    return Array.from({ length: count }, (_, Nonce) => sign({ ...transfer, Amount: '1', Nonce }));
  }

  const rich = runToEnd(LedgerState.ofGenesis({ Accounts: [[alice.key, '1000000', '1']] }));
  const judge = (body: LedgerBody): string | undefined => {
    const Ledger = { Transactions: 0, Fees: '0', TransactionRoot: '', Accounts: 0, Supply: '0', StateRoot: '' };
    const judged = runToEnd(judgeBlock(rich, rules, { Index: 1, Validator: alice.key, Ledger }, body));
    return 'fault' in judged ? `${judged.fault.rule}: ${judged.fault.why}` : undefined;
  };

  it('are 1,000 transactions', () => {
    expect(judge({ Transactions: transactionsOf(1000) })).toContain('Transactions is 0, but there are 1000');
    expect(judge({ Transactions: transactionsOf(1001) })).toContain('transactions: there are 1001 transactions');
  });

  it('are 512 KiB of them as one JSON array, to the byte', () => {
    // Evidence of long taints makes a transaction of more than 1 KB, so 512 KiB are full long before 1,000 of them.
    const validators = Array.from({ length: 600 }, (_, number) => standInSigner(`validator ${number}`));
    const Accounts = validators.map(({ key }) => [key, '0', '1'] as const);
    const state = runToEnd(LedgerState.ofGenesis({ Accounts: [[alice.key, '9'.repeat(76), '1'], ...Accounts] }));
    const draft = new BlockDraft(state, terms);
    const add = (request: TransactionRequest): string | undefined => {
      const checked = rules.checkTransaction(sign(request));
      return 'why' in checked ? checked.why : draft.add(checked.value);
    };
    const left = (): number => 524_288 - JSON.stringify(draft.transactions).length;
    for (const [Nonce, validator] of validators.entries()) {
      const Evidence = ['"', '\\'].map((text) => signCandidate(chainId, 1, text.repeat(64), validator));
      if (left() < 2500) break;
      expect(add({ ...report, Evidence, Nonce })).toBeUndefined();
    }
    const withAmount = (digits: number): TransactionRequest => {
      return { ...transfer, Amount: '1'.repeat(digits), Nonce: draft.transactions.length };
    };
    const bytes = JSON.stringify(sign(withAmount(1))).length;
    // Leaves room for one transfer whose Amount has at most 76 digits.
    while (left() > bytes + 70) expect(add(withAmount(1))).toBeUndefined();
    const digits = left() - bytes;
    expect(digits).toBeGreaterThan(0);
    expect(add(withAmount(digits + 1))).toContain('at most 524288 bytes');
    expect(add(withAmount(digits))).toBeUndefined();
    expect(left()).toBe(0);
    expect(draft.transactions.length).toBeLessThan(1000);
  });

  it.each([[undefined], [null], ['[]'], [{}]])('want transactions that are an array, not %j', (Transactions) => {
    expect(judge({ Transactions })).toBe('transactions: the transactions beside the block are no array');
  });

  it('name the transaction that does not hold', () => {
    const [first] = transactionsOf(1);
    expect(judge({ Transactions: [first, first] })).toContain('transaction 2 of 2: Nonce is 0');
  });

  it('allow no candidates beside a block that was not drawn', () => {
    expect(judge({ Transactions: [], Candidates: [] })).toContain('state: there are candidates');
  });
});

describe('the pool beside a drawn block', () => {
  const candidate = signCandidate(chainId, 1, 60, alice);
  const judge = (Candidates: unknown, draw = {}): string | undefined => {
    const Ledger = { Transactions: 0, Fees: '0', TransactionRoot: '', Accounts: 0, Supply: '0', StateRoot: '' };
    const Draw = { PoolRoot: '', PoolSize: 1, TotalStake: '20', ...draw };
    const block = { Index: 1, Validator: alice.key, Ledger, Draw };
    const judged = runToEnd(judgeBlock(genesisState(), rules, block, { Transactions: [], Candidates }));
    return 'fault' in judged ? `${judged.fault.rule}: ${judged.fault.why}` : undefined;
  };
  const [low, high] = [alice, bob].sort((one, other) => (one.key < other.key ? -1 : 1));
  if (low === undefined || high === undefined) throw new Error('there are two validators');

  it.each<readonly [string, unknown, string]>([
    ['no array', undefined, 'are no array'],
    ['for another block', [signCandidate(chainId, 2, 60, alice)], 'is for block 2'],
    ['tainted', [signCandidate(chainId, 1, 'x', alice)], 'is tainted'],
    ['signed by somebody else', [{ ...candidate, Validator: bob.key }], 'not signed by its validator'],
    ['of somebody with nothing bonded', [signCandidate(chainId, 1, 60, carol)], 'has nothing bonded'],
    ['the same twice', [candidate, candidate], 'is in the pool twice'],
    ['in another order', [signCandidate(chainId, 1, 60, high), signCandidate(chainId, 1, 60, low)], 'stands behind'],
    ['more than PoolSize', [signCandidate(chainId, 1, 60, low), signCandidate(chainId, 1, 60, high)], 'PoolSize is 1'],
    ['none', [], 'the pool has 0 candidates, PoolSize is 1'],
    ['of another root', [candidate], "the pool's tree has the root"],
  ])('breaks the state: %s', (_, candidates, words) => {
    expect(judge(candidates)).toContain(words);
    expect(judge(candidates)).toMatch(/^state: /);
  });

  it('has the tokens that its validators have bonded', () => {
    expect(judge([candidate], { TotalStake: '21' })).toContain(
      'state: the pool has 20 tokens bonded, TotalStake is 21',
    );
  });
});
