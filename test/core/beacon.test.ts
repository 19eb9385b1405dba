import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beaconSignaturesOf, poolText, roundAfter, roundTimeMs, sealedPoolOf } from '../../src/core/beacon.ts';
import type { Beacon } from '../../src/core/block.ts';
import { timestampMs } from '../../src/core/timestamp.ts';
import { buildBeaconChain, TestBeacon } from './build-beacon-chain.ts';
import { buildChain, candidatesWith, hexOf } from './build-chain.ts';

function beaconWith(GenesisTime: number, Period: number): Beacon {
  return { Name: 'own', ChainHash: hexOf('chain'), PublicKey: '', GenesisTime, Period };
}

/** 2026-01-01T00:00:00.000Z in seconds of Unix time. */
const newYear = 1_767_225_600;

describe('the round that a sealed pool waits for', () => {
  it.each([
    // It comes 3 s after the seal, to the millisecond.
    ['2026-01-01T00:00:00.000Z', newYear, 3, 2],
    ['2026-01-01T00:00:00.001Z', newYear, 3, 3],
    ['2025-12-31T23:59:57.001Z', newYear, 3, 2],
    ['2025-12-31T23:59:57.000Z', newYear, 3, 1],
    // Round 1 is the first.
    ['2025-12-31T23:59:54.001Z', newYear, 3, 1],
    ['2025-12-31T23:59:54.000Z', newYear, 3, undefined],
    ['2025-12-31T23:59:56.000Z', newYear, 1, undefined],
    ['2025-12-31T23:59:56.001Z', newYear, 1, 1],
    ['0000-01-01T00:00:00.000Z', newYear, 3, undefined],
    // Before 1970, and as far as a genesis may go.
    ['1969-12-31T23:59:57.000Z', 0, 3, 1],
    ['1969-12-31T23:59:54.000Z', 0, 3, undefined],
    ['9999-12-31T23:59:59.999Z', 0, 1, 253_402_300_804],
    ['9999-12-31T23:59:59.999Z', Number.MAX_SAFE_INTEGER, 1, undefined],
    ['9999-12-31T23:59:59.999Z', 0, Number.MAX_SAFE_INTEGER, 2],
    // A genesis far ahead of it is rounded up to 0, and round 1 follows.
    ['2026-01-01T00:00:00.000Z', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1],
  ])('of a pool that was sealed at %s, with genesis %d and period %d, is %j', (sealed, genesis, period, round) => {
    expect(roundAfter(beaconWith(genesis, period), sealed)).toBe(round);
  });

  it('is the first that is published at least 3 s later', () => {
    const times = { min: new Date('1950-01-01T00:00:00.000Z'), max: new Date('2400-01-01T00:00:00.000Z') };
    const seal = fc.date({ ...times, noInvalidDate: true });
    fc.assert(
      fc.property(seal, fc.nat(4_000_000_000), fc.integer({ min: 1, max: 100_000 }), (date, genesis, period) => {
        const beacon = beaconWith(genesis, period);
        const sealed = date.toISOString();
        const soonestMs = BigInt(timestampMs(sealed) + 3000);
        const round = roundAfter(beacon, sealed);
        // Round 0 would have come in time already, or there is one that does and the one before does not.
        if (round === undefined) expect(roundTimeMs(beacon, 0)).toBeGreaterThanOrEqual(soonestMs);
        else {
          expect(roundTimeMs(beacon, round)).toBeGreaterThanOrEqual(soonestMs);
          expect(roundTimeMs(beacon, round - 1)).toBeLessThan(soonestMs);
        }
      }),
    );
  });

  it('has its time', () => {
    expect(roundTimeMs(beaconWith(newYear, 3), 1)).toBe(BigInt(newYear) * 1000n);
    expect(roundTimeMs(beaconWith(newYear, 3), 1000)).toBe(BigInt(newYear + 999 * 3) * 1000n);
    const most = Number.MAX_SAFE_INTEGER;
    expect(roundTimeMs(beaconWith(most, most), most)).toBe((BigInt(most) + BigInt(most - 1) * BigInt(most)) * 1000n);
  });
});

describe('a sealed pool', () => {
  const chain = buildBeaconChain([candidatesWith([3n, 4n])], [new TestBeacon('own', { GenesisTime: 0, Period: 7 })]);
  const [block] = chain.blocks;
  if (block === undefined) throw new Error('no block');

  it('is signed as a text of what is fixed before the draw, with the transactions where there is a ledger', () => {
    const { PoolRoot } = block.Draw;
    const pool = sealedPoolOf(block);
    const text = `["sortition/2/pool","${chain.genesis.Hash}",1,"2026-01-01T00:01:00.000Z","${PoolRoot}",2,"7"`;
    expect(pool && poolText(chain.genesis.Hash, pool)).toBe(`${text}]`);
    const root = hexOf('transactions');
    const Ledger = { Transactions: 1, Fees: '0', TransactionRoot: root, Accounts: 1, Supply: '7', StateRoot: root };
    const withLedger = sealedPoolOf({ ...block, Ledger });
    expect(withLedger && poolText(chain.genesis.Hash, withLedger)).toBe(`${text},"${root}"]`);
    const empty = sealedPoolOf({ ...block, Ledger: { ...Ledger, TransactionRoot: '' } });
    expect(empty && poolText(chain.genesis.Hash, empty)).toBe(`${text},""]`);
  });

  it('is none in a chain without beacons, whose seed has no signatures', () => {
    const plain = buildChain([candidatesWith([1n])], 4)[1];
    if (plain === undefined || !('Draw' in plain)) throw new Error('no block');
    expect(sealedPoolOf(plain)).toBeUndefined();
    expect(beaconSignaturesOf(plain)).toEqual([]);
    expect(beaconSignaturesOf(block)).toEqual([block.Draw.Beacons?.[0]?.Signature]);
  });
});
