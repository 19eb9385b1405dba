import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import { candidatesWith, frozen } from '../core/build-chain.ts';

const stakes = fc.array(fc.bigInt({ min: 1n, max: 10n ** 40n }), { minLength: 1, maxLength: 30 });

describe('the receipts of a draw', () => {
  it('give each candidate as many consecutive tickets as tokens, in drawing order', () => {
    fc.assert(
      fc.property(stakes, (amounts) => {
        const { candidates } = frozen(candidatesWith(amounts));
        const receipts = new TicketReceipts(candidates);
        expect(receipts.size).toBe(amounts.length);
        let next = 0n;
        for (const { validator, stake } of candidates) {
          expect(receipts.of(validator)).toEqual({ tickets: { first: next, last: next + stake - 1n } });
          next += stake;
        }
      }),
    );
  });

  it('know nothing of a validator that did not take part', () => {
    expect(new TicketReceipts(candidatesWith([1n])).of('f'.repeat(64))).toBeUndefined();
    expect(new TicketReceipts([]).of('f'.repeat(64))).toBeUndefined();
  });

  it('are exact with ten thousand of the largest stakes', () => {
    const { candidates } = frozen(candidatesWith(new Array<bigint>(10_000).fill(10n ** 15n)));
    const last = candidates.at(-1)?.validator ?? '';
    expect(new TicketReceipts(candidates).of(last)?.tickets.last).toBe(10n ** 19n - 1n);
  });
});
