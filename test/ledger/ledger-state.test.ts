import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { accountFields } from '../../src/ledger/account.ts';
import { BlockDraft } from '../../src/ledger/block-draft.ts';
import { signCandidate } from '../../src/ledger/candidate.ts';
import { findSummaryFault } from '../../src/ledger/find-summary-fault.ts';
import { judgeBlock } from '../../src/ledger/judge-block.ts';
import { LedgerRules, type LedgerTerms } from '../../src/ledger/ledger-rules.ts';
import { type LedgerChange, LedgerState } from '../../src/ledger/ledger-state.ts';
import { signTransaction, type Transaction, type TransactionRequest } from '../../src/ledger/transaction.ts';
import { cases } from '../effort.ts';
import { NaiveLedger } from './naive-ledger.ts';
import { standInSigner, verifyStandIn } from './stand-in-keys.ts';

const chainId = 'c'.repeat(64);
const people = Array.from({ length: 6 }, (_, number) => standInSigner(`person ${number}`));

function person(number: number): (typeof people)[number] {
  const found = people[number];
  if (found === undefined) throw new Error(`no person ${number}`);
  return found;
}

/** What somebody tries: often what the ledger refuses, so that refusals are tried in every state. */
interface Attempt {
  readonly from: number;
  readonly other: number;
  readonly kind: 'transfer' | 'bond' | 'unbond' | 'report';
  readonly amount: bigint;
  readonly fee: bigint;
  /** How far Nonce and Until are from what they should be. */
  readonly nonceError: number;
  readonly untilAhead: number;
  readonly offenceAgo: number;
  readonly isTainted: boolean;
}

const attempts: fc.Arbitrary<Attempt> = fc.record({
  from: fc.nat(5),
  other: fc.nat(5),
  kind: fc.constantFrom('transfer', 'bond', 'unbond', 'report'),
  amount: fc.oneof(fc.bigInt({ min: 1n, max: 40n }), fc.bigInt({ min: 1n, max: 400n })),
  fee: fc.bigInt({ min: 0n, max: 9n }),
  nonceError: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1) }),
  untilAhead: fc.oneof({ weight: 9, arbitrary: fc.nat(1000) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1001) }),
  offenceAgo: fc.integer({ min: -1, max: 4 }),
  isTainted: fc.boolean(),
});

/** Blocks of a chain, each with what is tried in it and who wins it. */
const histories = fc.array(fc.tuple(fc.array(attempts, { maxLength: 8 }), fc.nat(5)), { minLength: 1, maxLength: 12 });
const beginnings = fc.array(fc.tuple(fc.nat(300), fc.nat(100)), { minLength: 1, maxLength: 4 });
const unbondings = fc.nat(3);

function transactionOf(attempt: Attempt, ledger: NaiveLedger, n: number): Transaction {
  const sender = person(attempt.from);
  const other = person(attempt.other);
  const nonce = (ledger.find(sender.key)?.nonce ?? 0) + attempt.nonceError;
  const common = { Fee: String(attempt.fee), Nonce: Math.max(0, nonce), Until: Math.max(0, n + attempt.untilAhead) };
  const index = Math.max(0, n - attempt.offenceAgo);
  const first = signCandidate(chainId, index, attempt.isTainted ? 'tainted' : 1, other);
  const Evidence = attempt.isTainted ? [first] : [first, signCandidate(chainId, index, 2, other)];
  const amount = { Amount: String(attempt.amount) };
  const requests: Record<Attempt['kind'], TransactionRequest> = {
    transfer: { Kind: 'transfer', To: other.key, ...amount, ...common },
    bond: { Kind: 'bond', ...amount, ...common },
    unbond: { Kind: 'unbond', ...amount, ...common },
    report: { Kind: 'report', Evidence, ...common },
  };
  return signTransaction(chainId, requests[attempt.kind], sender);
}

interface Begun {
  readonly terms: LedgerTerms;
  readonly rules: LedgerRules;
  readonly naive: NaiveLedger;
  readonly state: LedgerState;
}

function begin(balances: readonly (readonly [number, number])[], unbonding: number): Begun {
  const terms: LedgerTerms = { chainId, reward: 50n, minFee: 1n, unbonding, transfersOnly: false };
  const Accounts = balances.map(
    ([balance, bonded], number) => [person(number).key, String(balance), String(bonded)] as const,
  );
  return {
    terms,
    rules: new LedgerRules(terms, verifyStandIn),
    naive: new NaiveLedger(terms, Accounts),
    state: runToEnd(LedgerState.ofGenesis({ Accounts })),
  };
}

/** Everything that can be asked of a state. */
function snapshot(state: LedgerState): unknown {
  return {
    index: state.index,
    root: state.root,
    accounts: [...state.accounts()].map(accountFields),
    numbers: people.map(({ key }) => state.numberOf(key)),
  };
}

describe('the state of a ledger', () => {
  it('takes what a naive ledger takes, refuses what it refuses, and has the same root, supply and accounts', () => {
    fc.assert(
      fc.property(beginnings, unbondings, histories, (balances, unbonding, history) => {
        const { terms, rules, naive, state } = begin(balances, unbonding);
        expect(state.root.hash).toBe(naive.root);
        const taken = new Set<string>();
        for (const [tried, winner] of history) {
          const n = state.index + 1;
          const supplyBefore = naive.supply;
          const accountsBefore = naive.accounts.length;
          const draft = new BlockDraft(state, terms);
          let burned = 0n;
          for (const attempt of tried) {
            const transaction = transactionOf(attempt, naive, n);
            const checked = rules.checkTransaction(transaction);
            const refusal = 'why' in checked ? checked.why : draft.add(checked.value);
            const burns = naive.apply(n, transaction);
            expect(refusal === undefined).toBe(burns !== undefined);
            if (burns === undefined || 'why' in checked) continue;
            burned += burns;
            expect(taken.has(checked.value.id)).toBe(false);
            taken.add(checked.value.id);
          }
          for (const { key } of people) expect(draft.stakeOf(key)).toBe(naive.find(key)?.bonded ?? 0n);
          const fees = draft.transactions.reduce((sum, { Fee }) => sum + BigInt(Fee), 0n);
          const { summary, change } = runToEnd(draft.finish(person(winner).key));
          naive.reward(n, person(winner).key, fees);
          state.swap(change);

          expect(state.root.hash).toBe(naive.root);
          expect(summary.StateRoot).toBe(naive.root);
          expect(summary.Supply).toBe(String(supplyBefore + terms.reward - burned));
          expect([...state.accounts()].map((account) => ({ ...account }))).toEqual(naive.accounts);
          for (const { balance, bonded, unbonding: waits } of state.accounts()) {
            expect(balance >= 0n && bonded >= 0n && waits >= 0n).toBe(true);
          }
          const before = { Accounts: accountsBefore, Supply: String(supplyBefore) };
          expect(findSummaryFault(terms, before, summary)).toBeUndefined();
        }
      }),
      { numRuns: cases(150) },
    );
  });

  it('comes back from every change, to the genesis and on to its last block again', () => {
    fc.assert(
      fc.property(beginnings, unbondings, histories, (balances, unbonding, history) => {
        const { terms, rules, naive, state } = begin(balances, unbonding);
        const snapshots = [snapshot(state)];
        const undos: LedgerChange[] = [];
        for (const [tried, winner] of history) {
          const n = state.index + 1;
          const draft = new BlockDraft(state, terms);
          for (const attempt of tried) {
            const checked = rules.checkTransaction(transactionOf(attempt, naive, n));
            if ('value' in checked && draft.add(checked.value) === undefined) naive.apply(n, checked.value.transaction);
          }
          undos.push(state.swap(runToEnd(draft.finish(person(winner).key)).change));
          naive.reward(n, person(winner).key, 0n);
          snapshots.push(snapshot(state));
        }
        const redos = undos.toReversed().map((undo, back) => {
          const redo = state.swap(undo);
          expect(snapshot(state)).toEqual(snapshots.at(-2 - back));
          return redo;
        });
        for (const [forward, redo] of redos.toReversed().entries()) {
          state.swap(redo);
          expect(snapshot(state)).toEqual(snapshots[forward + 1]);
        }
      }),
      { numRuns: cases(60) },
    );
  });

  it('goes on by itself in a fork, whose changes lead the state itself to the same place', () => {
    fc.assert(
      fc.property(beginnings, unbondings, histories, (balances, unbonding, history) => {
        const { terms, rules, naive, state } = begin(balances, unbonding);
        const first = snapshot(state);
        const fork = state.fork();
        expect(snapshot(fork)).toEqual(first);
        const forked = history.map(([tried, winner]) => {
          const n = fork.index + 1;
          const draft = new BlockDraft(fork, terms);
          for (const attempt of tried) {
            const checked = rules.checkTransaction(transactionOf(attempt, naive, n));
            if ('value' in checked && draft.add(checked.value) === undefined) naive.apply(n, checked.value.transaction);
          }
          const { change } = runToEnd(draft.finish(person(winner).key));
          fork.swap(change);
          naive.reward(n, person(winner).key, 0n);
          return { change, after: snapshot(fork) };
        });
        expect(snapshot(state)).toEqual(first);
        for (const { change, after } of forked) {
          state.swap(change);
          expect(snapshot(state)).toEqual(after);
        }
        for (const { key } of people) expect(fork.numberOf(key)).toBe(state.numberOf(key));
      }),
      { numRuns: cases(60) },
    );
  });

  it('takes another branch after coming back, with other accounts in the same places', () => {
    const { terms, rules, state } = begin([[100, 0]], 1);
    const blockTo = (receiver: number): LedgerChange => {
      const draft = new BlockDraft(state, terms);
      const request = {
        Kind: 'transfer',
        To: person(receiver).key,
        Amount: '5',
        Fee: '1',
        Nonce: 0,
        Until: 1,
      } as const;
      const checked = rules.checkTransaction(signTransaction(chainId, request, person(0)));
      if ('why' in checked) throw new Error(checked.why);
      expect(draft.add(checked.value)).toBeUndefined();
      return runToEnd(draft.finish(person(0).key)).change;
    };
    const left = blockTo(1);
    const right = blockTo(2);
    const undo = state.swap(left);
    expect(state.numberOf(person(1).key)).toBe(1);
    state.swap(undo);
    state.swap(right);
    expect(state.numberOf(person(1).key)).toBeUndefined();
    expect(state.accountOf(person(1).key)).toBeUndefined();
    expect(state.numberOf(person(2).key)).toBe(1);
    expect(() => state.swap(undo)).toThrow('cannot');
  });

  it('is restored from its accounts', () => {
    const { terms, state } = begin(
      [
        [100, 0],
        [7, 3],
      ],
      1,
    );
    state.swap(runToEnd(new BlockDraft(state, terms).finish(person(4).key)).change);
    expect(snapshot(runToEnd(LedgerState.restore(state.index, state.accounts())))).toEqual(snapshot(state));
  });

  it('may begin without any account', () => {
    const { terms, state } = begin([], 1);
    expect(state.root).toEqual({ hash: '', sum: 0n });
    const { summary, change } = runToEnd(new BlockDraft(state, terms).finish(person(0).key));
    expect(summary).toMatchObject({ Accounts: 1, Supply: '50', Transactions: 0, Fees: '0', TransactionRoot: '' });
    const undo = state.swap(change);
    state.swap(undo);
    expect(state.root).toEqual({ hash: '', sum: 0n });
  });
});

describe('a block whose supply has too many digits', () => {
  const most = `${'9'.repeat(77)}`;

  it.each([
    [0n, undefined],
    [1n, { rule: 'state', why: expect.stringContaining('more than 77 digits') }],
  ])('holds with a reward of %i, or breaks the state', (reward, fault) => {
    const key = person(0).key;
    const terms: LedgerTerms = { chainId, reward, minFee: 0n, unbonding: 1, transfersOnly: true };
    const state = runToEnd(LedgerState.ofGenesis({ Accounts: [[key, most, '0']] }));
    const { summary } = runToEnd(new BlockDraft(state, terms).finish(key));
    const rules = new LedgerRules(terms, verifyStandIn);
    const judged = runToEnd(
      judgeBlock(state, rules, { Index: 1, Validator: key, Ledger: summary }, { Transactions: [] }),
    );
    expect('fault' in judged ? judged.fault : undefined).toEqual(fault);
  });
});
