import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newAccount } from '../../src/ledger/account.ts';
import type { CheckedTransaction } from '../../src/ledger/ledger-rules.ts';
import { limits as ledgerLimits } from '../../src/ledger/limits.ts';
import { limits } from '../../src/node/limits.ts';
import { Mempool, type MempoolBounds } from '../../src/node/mempool.ts';
import { cases } from '../effort.ts';
import { makeBlock, offeredBy, poolOf, stateOf, terms, transfer, viewOf, whyOf } from './mempool-room.ts';

const anyFee = fc.oneof(fc.bigInt({ min: 0n, max: 200n }), fc.bigInt({ min: 0n, max: 10n ** 18n }));

/** A bond that is taken for checked: the pool does not look at signatures. */
function bond(From: string, Nonce: number, fee: bigint): CheckedTransaction {
  const transaction = { Kind: 'bond', From, Amount: '1', Fee: String(fee), Nonce, Until: 10, Signature: '' } as const;
  return { id: `${From} ${Nonce} ${fee}`, transaction, fee, amount: 1n, offence: undefined, bytes: 400 };
}

/** A pool in a ledger where everybody is rich. */
function openPool(bounds?: MempoolBounds): Mempool {
  const accountOf = (key: string) => newAccount(key, 10n ** 30n);
  return new Mempool({ terms, nextIndex: 1, accountOf }, bounds);
}

/** Fills a pool with 64 transactions of each sender, until it has this many. */
function fill(pool: Mempool, count: number, fee: bigint): void {
  for (let place = 0; place < count; place++) {
    const [sender, nonce] = [Math.floor(place / 64), place % 64];
    if (pool.add(bond(`flood ${sender}`, nonce, fee)).kind !== 'accepted') throw new Error('the pool is full too soon');
  }
}

describe('a mempool that is flooded', () => {
  it('takes 5,000 transactions and no more, and every one that pays more for one that pays less', () => {
    const pool = openPool();
    fill(pool, limits.mempoolSizeMax, 1n);
    expect(pool.size).toBe(5000);
    expect(whyOf(pool.add(bond('late', 0, 1n)))).toContain('the pool is full: more than 1 is accepted');
    for (let nonce = 0; nonce < 64; nonce++) {
      expect(pool.add(bond('honest', nonce, 2n))).toMatchObject({ kind: 'accepted', evicted: { fee: 1n } });
    }
    expect(whyOf(pool.add(bond('honest', 64, 9n)))).toContain('64 transactions of this account wait already');
    expect(pool.size).toBe(5000);
    expect(
      offeredBy(pool)
        .slice(0, 64)
        .map(({ transaction }) => transaction.From),
    ).toEqual(Array(64).fill('honest'));
  });

  it('loses nothing to those who pay less, however many they are', () => {
    const senders = fc.array(
      fc.record({ fee: fc.integer({ min: 1, max: 50 }), count: fc.integer({ min: 1, max: 4 }) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(senders, fc.array(fc.tuple(fc.nat(9), fc.nat(2)), { maxLength: 80 }), (honest, flood) => {
        const pool = openPool({ sizeMax: 16, perAccountMax: 4 });
        const floodFee = Math.min(...honest.map(({ fee }) => fee)) - 1;
        const own: string[] = [];
        const floods = flood.map(
          ([sender, cheaper]) => [`flood ${sender}`, BigInt(Math.max(0, floodFee - cheaper))] as const,
        );
        const half = floods.splice(0, Math.floor(floods.length / 2));
        for (const [from, fee] of half) pool.add(bond(from, pool.nextNonce(from), fee));
        for (const [sender, { fee, count }] of honest.entries()) {
          for (let nonce = 0; nonce < count; nonce++) {
            const checked = bond(`honest ${sender}`, nonce, BigInt(fee));
            expect(pool.add(checked).kind).toBe('accepted');
            own.push(checked.id);
          }
        }
        for (const [from, fee] of floods) pool.add(bond(from, pool.nextNonce(from), fee));
        expect(pool.size).toBeLessThanOrEqual(16);
        for (const id of own) expect(pool.find(id)).toBeDefined();
        expect(
          new Set(
            offeredBy(pool)
              .slice(0, own.length)
              .map(({ id }) => id),
          ),
        ).toEqual(new Set(own));
      }),
      { numRuns: cases(100) },
    );
  });

  it('lets nobody have more than their share, in whatever order they send', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), anyFee), { minLength: 1, maxLength: 60 }), (sent) => {
        const pool = openPool({ sizeMax: 10, perAccountMax: 4 });
        for (const [from, fee] of sent) {
          const key = `sender ${from}`;
          const isFull = pool.countOf(key) === 4;
          const admission = pool.add(bond(key, pool.nextNonce(key), fee));
          if (isFull) expect(whyOf(admission)).toContain('4 transactions of this account wait already');
          expect(pool.countOf(key)).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: cases(100) },
    );
  });
});

describe('Nonces that somebody sends in any order', () => {
  it('are taken as far as they have no gap, and each refusal names the next one', () => {
    const orders = fc.shuffledSubarray([...Array(12).keys()], { minLength: 1 });
    fc.assert(
      fc.property(orders, (order) => {
        const pool = openPool();
        let next = 0;
        for (const nonce of order) {
          const admission = pool.add(bond('sender', nonce, 1n));
          if (nonce === next) next += 1;
          else {
            const why = `Nonce is ${nonce}, but the next one of this account is ${next}`;
            expect(admission).toEqual({ kind: 'refused', why, nextNonce: next });
          }
          expect(pool.countOf('sender')).toBe(next);
        }
        expect(offeredBy(pool).map(({ transaction }) => transaction.Nonce)).toEqual([...Array(next).keys()]);
      }),
      { numRuns: cases(100) },
    );
  });

  it('leave nothing waiting behind one that went', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(7), (count, place) => {
        const state = stateOf(100);
        const pool = poolOf(state);
        const expires = place % count;
        // The one that expires behind the next block stands in the middle.
        for (let nonce = 0; nonce < count; nonce++) pool.add(transfer(0, nonce, 1, 1, nonce === expires ? 1 : 100));
        const { ids } = makeBlock(state, pool, 0);
        const gone = pool.follow(viewOf(state), ids).map(({ reason }) => reason);
        expect(gone).toEqual(['expired', ...Array(count - expires - 1).fill('stranded')]);
        expect(pool.countOf(transfer(0, 0, 1).transaction.From)).toBe(expires);
        expect(whyOf(pool.add(transfer(0, expires, 2)))).toBe('accepted');
      }),
      { numRuns: cases(50) },
    );
  });
});

describe('a fee that is to replace another one', () => {
  it('is enough at one more or a tenth more, whichever is more, and not a token below', () => {
    fc.assert(
      fc.property(anyFee, (fee) => {
        const least = fee < 10n ? fee + 1n : fee + (fee + 9n) / 10n;
        const pool = openPool();
        const old = bond('sender', 0, fee);
        pool.add(old);
        expect(whyOf(pool.add(bond('sender', 0, least - 1n)))).toMatch(
          least - 1n === fee ? /^known$/ : /is replaced at/,
        );
        expect(pool.transactions()).toEqual([old]);
        expect(pool.add(bond('sender', 0, least))).toEqual({ kind: 'accepted', replaced: old, evicted: undefined });
        expect(pool.size).toBe(1);
        // SPEC 6, without a division: at least one more, and at least a tenth more.
        expect(least >= fee + 1n && least * 10n >= fee * 11n).toBe(true);
        expect(least - 1n >= fee + 1n && (least - 1n) * 10n >= fee * 11n).toBe(false);
      }),
      { numRuns: cases(200) },
    );
  });
});

describe('a transaction at the edge of its time', () => {
  it('may be taken from 1,000 blocks before its Until up to that block, and goes behind it', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.integer({ min: -2, max: 5 }), (height, untilAhead) => {
        const state = stateOf(100);
        const pool = poolOf(state);
        const nothing = new Set<string>();
        for (let block = 0; block < height; block++) {
          makeBlock(state, pool, 0);
          pool.follow(viewOf(state), nothing);
        }
        const next = height + 1;
        const until = Math.max(0, next + untilAhead);
        expect(whyOf(pool.add(transfer(0, 0, 1, 1, until)))).toMatch(until >= next ? /^accepted$/ : /it has expired/);
        // It waits behind every block before its Until, and behind that one no more.
        for (let index = next; index <= until; index++) {
          expect(pool.size).toBe(1);
          makeBlock(state, pool, 0);
          const gone = pool.follow(viewOf(state), nothing).map(({ reason }) => reason);
          expect(gone).toEqual(index === until ? ['expired'] : []);
        }
        expect(pool.size).toBe(0);
      }),
      { numRuns: cases(50) },
    );
  });

  it('may lie 1,000 blocks ahead, and no further', () => {
    const pool = poolOf(stateOf(100));
    const last = 1 + ledgerLimits.untilAheadMax;
    expect(whyOf(pool.add(transfer(0, 0, 1, 1, last + 1)))).toContain(`at most ${last}`);
    expect(whyOf(pool.add(transfer(0, 0, 1, 1, last)))).toBe('accepted');
  });
});
