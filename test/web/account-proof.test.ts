import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import type { GenesisLedger } from '../../src/core/block.ts';
import { buildGenesis, signedBlock } from '../../src/core/build-block.ts';
import { verifySignature } from '../../src/core/portable-ed25519.ts';
import type { AccountAnswer } from '../../src/http/api/types.ts';
import { newAccount } from '../../src/ledger/account.ts';
import { LedgerState } from '../../src/ledger/ledger-state.ts';
import { type AccountProof, proveAccount } from '../../src/ledger/proof.ts';
import { type AccountEvidence, explainAccount, findAccountFault } from '../../src/web/account-proof.ts';
import { readAccount, readMempool, readTransaction } from '../../src/web/ledger-readers.ts';
import { fieldsOf, pathName, replaceField } from '../../src/web/tampering.ts';
import { authority, hexOf } from '../core/build-chain.ts';

const [ada, ben, eve] = [hexOf('ada'), hexOf('ben'), hexOf('eve')];
const Ledger: GenesisLedger = {
  Reward: '5',
  MinFee: '0',
  Unbonding: 10,
  Accounts: [
    [ada, '100', '0'],
    [ben, '200', '10'],
    [eve, '300', '0'],
  ],
};
const genesis = buildGenesis('2026-01-01T00:00:00.000Z', {
  Version: 2,
  Consensus: { Kind: 'instant' },
  Authority: authority.key,
  Ledger,
});
const state = runToEnd(
  LedgerState.restore(1, [newAccount(ada, 105n), newAccount(ben, 200n, 10n), newAccount(eve, 300n)]),
);
const block = signedBlock(
  {
    Index: 1,
    Timestamp: '2026-01-01T00:00:01.000Z',
    BPM: 72,
    PrevHash: genesis.Hash,
    Validator: ada,
    Ledger: {
      Transactions: 0,
      Fees: '0',
      TransactionRoot: '',
      Accounts: 3,
      Supply: '615',
      StateRoot: state.root.hash,
    },
  },
  genesis.Hash,
  authority,
);

function proofOf(from: LedgerState, key: string): AccountProof {
  const proof = proveAccount(from, key);
  if (proof === undefined) throw new Error('no account');
  return proof;
}

function faultOf(evidence: AccountEvidence): string | undefined {
  return findAccountFault(evidence, verifySignature)?.rule;
}

const evidence: AccountEvidence = { proof: proofOf(state, ben), block, genesis };

describe('the proof of an account in the browser', () => {
  it('holds for every account, and each step is shown with its numbers', () => {
    for (const key of [ada, ben, eve]) expect(faultOf({ proof: proofOf(state, key), block, genesis })).toBeUndefined();
    const steps = explainAccount(evidence);
    expect(steps.map(({ rule }) => rule)).toEqual(['state', 'hash', 'signature']);
    const numbers = steps[0]?.numbers.map(([, value]) => value) ?? [];
    // From the leaf through two nodes to the root.
    expect(numbers.slice(3, 5)).toEqual([state.root.hash, state.root.hash]);
    expect(numbers.at(-1)).toBe('615');
    expect(steps[0]?.title).toBe('It is account 1 of the 3 behind block 1');
  });

  it('holds against the accounts that block 0 names, which nobody needs to sign', () => {
    const first = runToEnd(LedgerState.ofGenesis(Ledger));
    const early = { proof: proofOf(first, eve), block: genesis, genesis };
    expect(faultOf(early)).toBeUndefined();
    expect(explainAccount(early).map(({ rule }) => rule)).toEqual(['state', 'hash']);
  });

  it('names the step at which a lie is found', () => {
    const { proof } = evidence;
    const richer = replaceField(proof, ['Account', 1], '999');
    expect(faultOf({ ...evidence, proof: { ...proof, ...readProof(richer) } })).toBe('state');
    const root = { ...block, Ledger: { ...requiredLedger(), StateRoot: hexOf('other') } };
    expect(faultOf({ ...evidence, block: root })).toBe('state');
    expect(faultOf({ ...evidence, block: { ...block, BPM: 1 } })).toBe('hash');
    expect(faultOf({ ...evidence, block: { ...block, Signature: '0'.repeat(128) } })).toBe('signature');
    expect(faultOf({ ...evidence, proof: { ...proof, Index: 2 } })).toBe('index');
    const { Ledger: _, ...bare } = block;
    expect(faultOf({ ...evidence, block: bare })).toBe('form');
    expect(explainAccount({ ...evidence, block: bare })).toEqual([]);
  });
});

function requiredLedger(): NonNullable<typeof block.Ledger> {
  if (block.Ledger === undefined) throw new Error('no ledger');
  return block.Ledger;
}

const transaction = {
  Kind: 'transfer' as const,
  From: ada,
  To: ben,
  Amount: '5',
  Fee: '1',
  Nonce: 0,
  Until: 9,
  Signature: ada.repeat(2),
};
const account: AccountAnswer = {
  key: ben,
  address: 'sort1',
  balance: '200',
  bonded: '10',
  unbonding: '0',
  release: 0,
  since: 0,
  nonce: 0,
  nextNonce: 1,
  proof: evidence.proof,
  block,
  history: {
    entries: [{ index: 1, kind: 'transfer', id: eve, from: ada, to: ben, amount: '5', fee: '1' }],
    firstBlock: 1,
  },
};

function readProof(json: unknown): Pick<AccountProof, 'Account'> {
  return readAccount({ ...account, proof: json }).proof;
}

describe('the readers of a ledger', () => {
  it.each([
    ['an account', readAccount, account],
    ['an account without a history', readAccount, { ...account, history: { entries: [], firstBlock: null } }],
    ['what waits', readMempool, { count: 1, transactions: [{ id: eve, transaction }] }],
    ['a transaction in a block', readTransaction, { id: eve, state: 'included', index: 1, transaction }],
    ['a transaction that is gone', readTransaction, { id: eve, state: 'expired', index: 1 }],
  ] as const)('read %s as it was sent, and refuse it where any field is of another type', (_, read, answer) => {
    const sent: unknown = JSON.parse(JSON.stringify(answer));
    expect(read(sent)).toEqual(answer);
    for (const { path } of fieldsOf(sent)) {
      if (pathName(path) === 'address') continue;
      expect(() => read(replaceField(sent, path, { other: 1 })), pathName(path)).toThrow(TypeError);
    }
  });
});
