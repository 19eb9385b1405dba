import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { BlockDraft } from '../../src/ledger/block-draft.ts';
import { signCandidate } from '../../src/ledger/candidate.ts';
import type { CheckedTransaction } from '../../src/ledger/ledger-rules.ts';
import type { Departure } from '../../src/node/mempool.ts';
import { cases } from '../effort.ts';
import { NaiveLedger } from '../ledger/naive-ledger.ts';
import {
  checkedOf,
  makeBlock,
  offeredBy,
  people,
  poolOf,
  signer,
  stateOf,
  terms,
  transfer,
  viewOf,
  whyOf,
} from './mempool-room.ts';
import { NaiveMempool } from './naive-mempool.ts';

describe('a mempool', () => {
  it('takes transactions of an account whose Nonces have no gap, and names the next one otherwise', () => {
    const pool = poolOf(stateOf(100));
    expect(pool.nextNonce(signer(0).key)).toBe(0);
    expect(pool.add(transfer(0, 1, 1))).toEqual({ kind: 'refused', why: expect.any(String), nextNonce: 0 });
    expect(pool.add(transfer(0, 0, 1))).toMatchObject({ kind: 'accepted' });
    expect(pool.add(transfer(0, 1, 1))).toMatchObject({ kind: 'accepted' });
    expect(pool.add(transfer(0, 3, 1))).toEqual({
      kind: 'refused',
      why: 'Nonce is 3, but the next one of this account is 2',
      nextNonce: 2,
    });
    expect(pool.size).toBe(2);
  });

  it('says that a Nonce has been used, and which one is next behind those that wait', () => {
    const state = stateOf(100);
    const pool = poolOf(state);
    pool.add(transfer(0, 0, 1));
    const { ids } = makeBlock(state, pool);
    pool.follow(viewOf(state), ids);
    pool.add(transfer(0, 1, 1));
    expect(whyOf(pool.add(transfer(0, 0, 9)))).toBe('Nonce 0 has been used, the next one of this account is 2');
  });

  it('knows a transaction that waits already', () => {
    const pool = poolOf(stateOf(100));
    pool.add(transfer(0, 0, 1));
    expect(pool.add(transfer(0, 0, 1))).toEqual({ kind: 'known' });
    expect(pool.find(transfer(0, 0, 1).id)).toEqual(transfer(0, 0, 1));
    expect(pool.find(transfer(0, 0, 2).id)).toBeUndefined();
  });

  it('takes what the balance covers together, and not a token more', () => {
    const pool = poolOf(stateOf(100));
    expect(pool.add(transfer(0, 0, 1, 49))).toMatchObject({ kind: 'accepted' });
    expect(whyOf(pool.add(transfer(0, 1, 1, 50)))).toContain('the balance is 50, but Amount and Fee are 51');
    expect(pool.add(transfer(0, 1, 1, 49))).toMatchObject({ kind: 'accepted' });
    expect(whyOf(pool.add(transfer(0, 2, 1, 1)))).toContain('the balance is 0');
  });

  it('covers an unbond by what is bonded, and by a bond that waits before it', () => {
    const pool = poolOf(stateOf(100));
    const change = (Kind: 'bond' | 'unbond', nonce: number, amount: number): CheckedTransaction =>
      checkedOf({ Kind, Amount: String(amount), Fee: '0', Nonce: nonce, Until: 9 }, 0);
    expect(whyOf(pool.add(change('unbond', 0, 11)))).toContain('10 tokens are bonded, but Amount is 11');
    expect(pool.add(change('bond', 0, 5))).toMatchObject({ kind: 'accepted' });
    expect(pool.add(change('unbond', 1, 15))).toMatchObject({ kind: 'accepted' });
    expect(whyOf(pool.add(change('unbond', 2, 1)))).toContain('0 tokens are bonded');
  });

  it('refuses what has expired, what lies too far ahead, and who has no account', () => {
    const pool = poolOf(stateOf(100));
    expect(whyOf(pool.add(transfer(0, 0, 1, 1, 0)))).toContain('it has expired');
    expect(whyOf(pool.add(transfer(0, 0, 1, 1, 1002)))).toContain('at most 1001');
    expect(whyOf(pool.add(transfer(1, 0, 1)))).toContain('there is no account');
  });

  it('takes 64 of an account and no more, and of another one all the same', () => {
    const pool = poolOf(stateOf(1000, 1000));
    for (let nonce = 0; nonce < 64; nonce++)
      expect(pool.add(transfer(0, nonce, 1))).toMatchObject({ kind: 'accepted' });
    expect(whyOf(pool.add(transfer(0, 64, 1)))).toContain('64 transactions of this account wait already');
    expect(pool.add(transfer(1, 0, 1))).toMatchObject({ kind: 'accepted' });
  });

  it.each([
    [0, 1],
    [1, 2],
    [9, 10],
    [10, 11],
    [11, 13],
    [20, 22],
    [21, 24],
  ])('replaces a fee of %i by %i, and by no less', (fee, least) => {
    const pool = poolOf(stateOf(100));
    pool.add(transfer(0, 0, fee));
    expect(whyOf(pool.add(transfer(0, 0, least - 1, 2)))).toContain(
      `is replaced at ${least} or more, not ${least - 1}`,
    );
    const replaced = transfer(0, 0, fee);
    expect(pool.add(transfer(0, 0, least))).toEqual({ kind: 'accepted', replaced, evicted: undefined });
    expect(pool.transactions()).toEqual([transfer(0, 0, least)]);
  });

  it('does not replace one so that a later one is no longer covered', () => {
    const pool = poolOf(stateOf(100));
    pool.add(transfer(0, 0, 1, 1));
    pool.add(transfer(0, 1, 1, 97));
    const why = whyOf(pool.add(transfer(0, 0, 2, 1)));
    expect(why).toContain('with it, Nonce 1 of this account would not be accepted any more: the balance is 97');
    expect(pool.transactions()).toHaveLength(2);
  });

  it('gives up the cheapest when it is full, and refuses what pays no more than that', () => {
    const pool = poolOf(stateOf(100, 100, 100, 100), { sizeMax: 3, perAccountMax: 2 });
    for (const [from, fee] of [5, 3, 4].entries()) pool.add(transfer(from, 0, fee));
    expect(whyOf(pool.add(transfer(3, 0, 3)))).toBe('Fee is 3, but the pool is full: more than 3 is accepted');
    expect(pool.add(transfer(3, 0, 4))).toEqual({ kind: 'accepted', replaced: undefined, evicted: transfer(1, 0, 3) });
    expect(pool.size).toBe(3);
  });

  it('gives up the one that came last among equally cheap ones', () => {
    const pool = poolOf(stateOf(100, 100, 100, 100), { sizeMax: 3, perAccountMax: 2 });
    for (const from of [0, 1, 2]) pool.add(transfer(from, 0, 3));
    expect(pool.add(transfer(3, 0, 4))).toMatchObject({ evicted: transfer(2, 0, 3) });
    expect(pool.add(transfer(3, 1, 4))).toMatchObject({ evicted: transfer(1, 0, 3) });
  });

  it('does not let a cheap transaction be kept by an expensive one behind it', () => {
    const pool = poolOf(stateOf(100, 100, 100), { sizeMax: 3, perAccountMax: 3 });
    pool.add(transfer(0, 0, 1));
    pool.add(transfer(0, 1, 50));
    pool.add(transfer(1, 0, 9));
    expect(pool.add(transfer(2, 0, 2))).toMatchObject({ kind: 'accepted', evicted: transfer(0, 1, 50) });
    expect(pool.add(transfer(2, 1, 2))).toMatchObject({ kind: 'accepted', evicted: transfer(0, 0, 1) });
    const why = 'the pool is full, and this cannot come before another one of this account, whose Fee is only 2';
    expect(whyOf(pool.add(transfer(2, 2, 60)))).toBe(why);
  });

  it('offers the highest fee first, among equals one account after the other, each in the order of its Nonces', () => {
    const pool = poolOf(stateOf(100, 100, 100));
    for (const nonce of [0, 1, 2]) pool.add(transfer(0, nonce, 5));
    pool.add(transfer(1, 0, 5));
    pool.add(transfer(1, 1, 9));
    pool.add(transfer(2, 0, 7));
    const order = offeredBy(pool).map(({ transaction }) => [
      people.findIndex(({ key }) => key === transaction.From),
      transaction.Nonce,
    ]);
    expect(order).toEqual([
      [2, 0],
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
      [0, 2],
    ]);
  });

  it('offers no further one of an account whose transaction is not taken', () => {
    const pool = poolOf(stateOf(100, 100));
    pool.add(transfer(0, 0, 9));
    pool.add(transfer(0, 1, 8));
    pool.add(transfer(1, 0, 1));
    const offered: string[] = [];
    pool.offer(({ id, fee }) => {
      offered.push(id);
      return fee < 9n;
    });
    expect(offered).toEqual([transfer(0, 0, 9).id, transfer(1, 0, 1).id]);
  });

  it('tells of each that waits no longer behind a block, and why', () => {
    const state = stateOf(100, 100, 100);
    const pool = poolOf(state);
    pool.add(transfer(0, 0, 1, 1, 1));
    pool.add(transfer(0, 1, 1, 1, 1));
    pool.add(transfer(0, 2, 1));
    pool.add(transfer(1, 0, 3));
    const { ids } = makeBlock(state, pool, 2);
    expect(ids).toEqual(new Set([transfer(1, 0, 3).id, transfer(0, 0, 1, 1, 1).id]));
    const reasons = pool.follow(viewOf(state), ids).map(({ checked, reason }) => [checked.id, reason]);
    expect(reasons).toEqual([
      [transfer(0, 0, 1, 1, 1).id, 'included'],
      [transfer(0, 1, 1, 1, 1).id, 'expired'],
      [transfer(0, 2, 1).id, 'stranded'],
      [transfer(1, 0, 3).id, 'included'],
    ]);
    expect(pool.size).toBe(0);
  });

  it('gives up a report that another one was quicker with', () => {
    const state = stateOf(100, 100, 100);
    const pool = poolOf(state);
    const report = (from: number, fee: number): CheckedTransaction => {
      const Evidence = [signCandidate(terms.chainId, 1, 'tainted', signer(2))];
      return checkedOf({ Kind: 'report', Evidence, Fee: String(fee), Nonce: 0, Until: 9 }, from);
    };
    pool.add(report(0, 1));
    pool.add(report(1, 2));
    const { ids } = makeBlock(state, pool);
    expect(ids).toEqual(new Set([report(1, 2).id]));
    const departures = pool.follow(viewOf(state), ids);
    expect(departures).toContainEqual({ checked: report(0, 1), reason: 'refused' });
  });

  it('takes back what a branch that fell out had in its blocks', () => {
    const state = stateOf(100);
    const pool = poolOf(state);
    pool.add(transfer(0, 0, 1));
    const { ids, undo } = makeBlock(state, pool);
    pool.follow(viewOf(state), ids);
    pool.add(transfer(0, 1, 1));
    undo();
    expect(pool.follow(viewOf(state), new Set(), [transfer(0, 0, 1)])).toEqual([]);
    expect(offeredBy(pool)).toEqual([transfer(0, 0, 1), transfer(0, 1, 1)]);
  });

  it('is the same again when its transactions are added anew in the order in which they came', () => {
    const state = stateOf(100, 100);
    const pool = poolOf(state);
    for (const entry of [transfer(0, 0, 5), transfer(1, 0, 5), transfer(0, 1, 7), transfer(0, 0, 6)]) pool.add(entry);
    // A replacement came last, but its Nonce comes first: what came before it is not taken without it.
    const again = poolOf(state);
    again.follow(viewOf(state), new Set(), pool.transactions());
    expect(again.transactions()).toEqual(pool.transactions());
    expect(offeredBy(again)).toEqual(offeredBy(pool));
  });

  it('offers no more than it is asked for, and those that come first', () => {
    const pool = poolOf(stateOf(100, 100));
    for (const entry of [transfer(0, 0, 5), transfer(1, 0, 7), transfer(0, 1, 6)]) pool.add(entry);
    const all = offeredBy(pool);
    for (const most of [0, 1, 2, 3, 4]) {
      const offered: CheckedTransaction[] = [];
      pool.offer((checked) => {
        offered.push(checked);
        return true;
      }, most);
      expect(offered).toEqual(all.slice(0, most));
    }
  });

  it('looks again at what waits of an account behind a block that has not touched it only where time decides', () => {
    const state = stateOf(100, 100);
    const pool = poolOf(state);
    const lasting = checkedOf({ Kind: 'bond', Amount: '1', Fee: '1', Nonce: 0, Until: 9 }, 0);
    const brief = checkedOf({ Kind: 'bond', Amount: '1', Fee: '1', Nonce: 0, Until: 1 }, 1);
    for (const entry of [lasting, brief]) pool.add(entry);
    state.swap(runToEnd(new BlockDraft(state, terms).finish(signer(2).key)).change);
    expect(pool.follow(viewOf(state), new Set())).toEqual([{ checked: brief, reason: 'expired' }]);
    expect(pool.transactions()).toEqual([lasting]);
    expect(pool.accountAfter(signer(0).key)).toMatchObject({ balance: 98n });
  });
});

/** What happens to a pool: somebody sends something, or a block is made that has room for so many. */
type Step =
  | {
      readonly kind: 'send';
      readonly from: number;
      readonly nonceAhead: number;
      readonly fee: bigint;
      readonly amount: number;
      readonly untilAhead: number;
      readonly what: 'transfer' | 'bond' | 'unbond';
    }
  | { readonly kind: 'block'; readonly room: number };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        from: fc.nat(4),
        nonceAhead: fc.oneof(
          { weight: 4, arbitrary: fc.constant(0) },
          { weight: 1, arbitrary: fc.integer({ min: -3, max: 2 }) },
        ),
        fee: fc.oneof(fc.bigInt({ min: 0n, max: 3n }), fc.bigInt({ min: 0n, max: 30n })),
        amount: fc.integer({ min: 1, max: 40 }),
        untilAhead: fc.nat(4),
        what: fc.constantFrom('transfer' as const, 'bond' as const, 'unbond' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('block' as const), room: fc.nat(5) }) },
  ),
  { minLength: 1, maxLength: 60 },
);

describe('a mempool in any history', () => {
  it('takes, keeps and offers what a naive one does, says beforehand what it refuses, and each transaction has one fate', () => {
    const bounds = { sizeMax: 8, perAccountMax: 4 };
    fc.assert(
      fc.property(fc.array(fc.nat(200), { minLength: 1, maxLength: 5 }), steps, (balances, history) => {
        const state = stateOf(...balances);
        const pool = poolOf(state, bounds);
        const Accounts = balances.map((balance, number) => [signer(number).key, String(balance), '10'] as const);
        const ledger = new NaiveLedger(terms, Accounts);
        const naive = new NaiveMempool(terms, bounds, ledger, 1);
        const fates = new Map<string, string>();
        const leave = (id: string, fate: string): void => {
          expect(fates.get(id)).toBe('waiting');
          fates.set(id, fate);
        };
        for (const step of history) {
          if (step.kind === 'send') {
            const nonce = Math.max(0, pool.nextNonce(signer(step.from).key) + step.nonceAhead);
            const until = state.index + step.untilAhead;
            const common = { Amount: String(step.amount), Fee: String(step.fee), Nonce: nonce, Until: until };
            const To = signer((step.from + 1) % people.length).key;
            const checked = checkedOf(
              step.what === 'transfer' ? { Kind: 'transfer', To, ...common } : { Kind: step.what, ...common },
              step.from,
            );
            const before = pool.transactions();
            const refusal = pool.findRefusal(checked);
            expect(pool.transactions()).toEqual(before);
            const admission = pool.add(checked);
            expect(refusal).toEqual(admission.kind === 'accepted' ? undefined : admission);
            expect(admission.kind === 'accepted').toBe(naive.add(checked));
            if (admission.kind !== 'accepted') continue;
            fates.set(checked.id, 'waiting');
            if (admission.replaced !== undefined) leave(admission.replaced.id, 'replaced');
            if (admission.evicted !== undefined) leave(admission.evicted.id, 'evicted');
          } else {
            const offered = offeredBy(pool);
            const draft = new BlockDraft(state, terms);
            const ids = new Set<string>();
            for (const checked of offered.slice(0, step.room)) {
              expect(draft.add(checked)).toBeUndefined();
              expect(ledger.apply(draft.index, checked.transaction)).toBe(0n);
              ids.add(checked.id);
            }
            const fees = draft.transactions.reduce((sum, { Fee }) => sum + BigInt(Fee), 0n);
            ledger.reward(draft.index, signer(0).key, fees);
            state.swap(runToEnd(draft.finish(signer(0).key)).change);
            const departures: readonly Departure[] = pool.follow(viewOf(state), ids);
            for (const { checked, reason } of departures) {
              expect(reason === 'included').toBe(ids.has(checked.id));
              leave(checked.id, reason);
            }
            naive.follow(ledger, state.index + 1);
          }
          expect(pool.transactions().map(({ id }) => id)).toEqual(naive.ids);
          expect(offeredBy(pool).map(({ id }) => id)).toEqual(naive.offered());
          expect(pool.size).toBeLessThanOrEqual(bounds.sizeMax);
          const waiting = [...fates].filter(([, fate]) => fate === 'waiting').map(([id]) => id);
          expect(new Set(waiting)).toEqual(new Set(naive.ids));
        }
      }),
      { numRuns: cases(100) },
    );
  });
});
