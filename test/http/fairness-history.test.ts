import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/core/pool.ts';
import { FairnessHistory } from '../../src/http/fairness-history.ts';
import { limits } from '../../src/http/limits.ts';
import type { Round } from '../../src/http/round.ts';
import { SystemTurns } from '../../src/platform/system-turns.ts';
import { hexOf } from '../core/build-chain.ts';

const [ada, ben, eve] = [hexOf('ada'), hexOf('ben'), hexOf('eve')].sort();
if (ada === undefined || ben === undefined || eve === undefined) throw new Error('no address');

function round(index: number, winner: string, ...stakes: readonly (readonly [string, bigint])[]): Round {
  const candidates = stakes.map(([validator, stake]) => ({ validator, stake, payload: 70 }));
  return { index, winner, totalStake: stakes.reduce((total, [, stake]) => total + stake, 0n), candidates };
}

function historyOf(...rounds: readonly Round[]): FairnessHistory {
  const history = new FairnessHistory({
    turns: new SystemTurns(),
    isConnected: (validator) => validator === ada,
    profileOf: (validator) => (validator === ada ? { order: 7 } : {}),
  });
  for (const drawn of rounds) history.add(drawn);
  return history;
}

async function* streamed(...rounds: readonly Round[]): AsyncGenerator<Round> {
  yield* rounds;
}

describe('the fairness history', () => {
  const rounds = [
    round(1, ada, [ada, 100n], [ben, 300n]),
    round(2, ben, [ada, 100n], [ben, 100n]),
    round(3, eve, [ben, 50n], [eve, 50n]),
  ];

  it('adds up what to expect round by round, from the pools as they were', async () => {
    const { validators, ...rest } = await historyOf(...rounds).fairness(undefined);
    expect(rest).toMatchObject({ firstBlock: 1, lastBlock: 3, rounds: 3, roundsLeftOut: 0, validatorsLeftOut: 0 });
    expect(
      validators.map(({ validator, rounds, wins, expectedWins }) => [validator, rounds, wins, expectedWins]),
    ).toEqual([
      [ben, 3, 1, 1.75],
      [ada, 2, 1, 0.75],
      [eve, 1, 1, 0.5],
    ]);
    expect(validators.map(({ isConnected }) => isConnected)).toEqual([false, true, false]);
    expect(validators[0]?.stake).toBe('50');
  });

  it('expects as many wins in all as there were rounds', async () => {
    const { validators } = await historyOf(...rounds).fairness(undefined);
    expect(validators.reduce((sum, { expectedWins }) => sum + expectedWins, 0)).toBeCloseTo(3, 12);
    expect(validators.reduce((sum, { wins }) => sum + wins, 0)).toBe(3);
  });

  it('knows who took part by the first digits of their addresses, and of several only a handful', () => {
    const history = historyOf(...rounds);
    expect(history.validatorsWith(ada.slice(0, 8))).toEqual([ada]);
    expect(history.validatorsWith(ada)).toEqual([ada]);
    expect(history.validatorsWith('')).toEqual([ada, ben, eve]);
    expect(history.validatorsWith(`${eve}0`)).toEqual([]);
    const crowd = Array.from({ length: 9 }, (_, place) => [`${ada.slice(0, 63)}${place}`, 1n] as const);
    expect(historyOf(round(1, ada, ...crowd)).validatorsWith(ada.slice(0, 8))).toHaveLength(
      limits.matchingAddressesMax,
    );
  });

  it('looks at the last rounds only when asked to', async () => {
    const { firstBlock, rounds: count, validators } = await historyOf(...rounds).fairness(1);
    expect([firstBlock, count]).toEqual([3, 1]);
    expect(validators.map(({ validator }) => validator)).toEqual([ben, eve]);
  });

  it('finds nothing odd before the first draw', async () => {
    expect(await historyOf().fairness(undefined)).toMatchObject({
      firstBlock: null,
      rounds: 0,
      pValue: 1,
      validators: [],
    });
  });

  it('counts once between two draws, however many ask', async () => {
    const history = historyOf(...rounds.slice(0, 2));
    const counted = history.fairness(undefined);
    expect(history.fairness(undefined)).toBe(counted);
    expect(history.fairness(20)).not.toBe(counted);
    history.add(round(3, eve, [ben, 50n], [eve, 50n]));
    expect((await counted).rounds).toBe(2);
    expect((await history.fairness(undefined)).rounds).toBe(3);
    await history.addBefore(streamed());
    expect((await history.fairness(undefined)).rounds).toBe(3);
  });

  it('does not call luck what no luck brings', async () => {
    const rigged = Array.from({ length: 60 }, (_, place) => round(place + 1, ada, [ada, 1n], [ben, 99n]));
    expect((await historyOf(...rigged).fairness(undefined)).pValue).toBeLessThan(1e-20);
  });

  it('tells the rounds of one validator, oldest first', () => {
    expect(historyOf(...rounds).history(ada)).toEqual({
      validator: ada,
      order: 7,
      isConnected: true,
      firstBlock: 1,
      parts: [
        { index: 1, stake: '100', totalStake: '400', isWinner: true },
        { index: 2, stake: '100', totalStake: '200', isWinner: false },
      ],
    });
    expect(historyOf(...rounds).history(hexOf('another')).parts).toEqual([]);
  });

  it('puts rounds from before this run in front, and keeps what it has room for', async () => {
    const history = historyOf(round(4, ada, [ada, 1n]));
    await history.addBefore(streamed(...[...rounds].reverse()));
    expect((await history.fairness(undefined)).firstBlock).toBe(1);

    const crowd: readonly Candidate[] = Array.from({ length: limits.candidatesKeptMax - 6 }, (_, place) => {
      return { validator: String(place), stake: 1n, payload: 1 };
    });
    history.add({ index: 5, winner: '0', totalStake: BigInt(crowd.length), candidates: crowd });
    const { firstBlock, roundsLeftOut, validators, validatorsLeftOut } = await history.fairness(undefined);
    expect([firstBlock, roundsLeftOut]).toEqual([2, 1]);
    expect(validators).toHaveLength(limits.fairnessValidatorsMax);
    expect(validatorsLeftOut).toBe(crowd.length + 3 - limits.fairnessValidatorsMax);
    await history.addBefore(streamed(...rounds));
    expect((await history.fairness(undefined)).firstBlock).toBe(2);
  });

  it('keeps every round that is drawn while older ones are read, and forgets the oldest instead', async () => {
    const crowd: readonly Candidate[] = Array.from({ length: limits.candidatesKeptMax / 5 }, (_, place) => {
      return { validator: String(place).padStart(5, '0'), stake: 1n, payload: 1 };
    });
    const totalStake = BigInt(crowd.length);
    const crowded = (index: number): Round => ({ index, winner: '00000', totalStake, candidates: crowd });
    const history = historyOf();
    async function* older(): AsyncGenerator<Round> {
      yield* [crowded(100), crowded(99), crowded(98)];
      for (const index of [101, 102, 103]) history.add(crowded(index));
      yield crowded(97);
    }
    await history.addBefore(older());
    const indexes = (): readonly number[] => history.history('00000').parts.map(({ index }) => index);
    expect(indexes()).toEqual([99, 100, 101, 102, 103]);
    history.add(crowded(104));
    expect(indexes()).toEqual([100, 101, 102, 103, 104]);
  });

  it('keeps what could be read when an older round cannot', async () => {
    const history = historyOf();
    async function* older(): AsyncGenerator<Round> {
      yield* [...rounds].reverse().slice(0, 2);
      throw new Error('block 1 cannot be read');
    }
    await expect(history.addBefore(older())).rejects.toThrow('block 1 cannot be read');
    expect(await history.fairness(undefined)).toMatchObject({
      firstBlock: 2,
      lastBlock: 3,
      rounds: 2,
      roundsLeftOut: 1,
    });
  });
});
