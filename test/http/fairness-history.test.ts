import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/core/pool.ts';
import { FairnessHistory } from '../../src/http/fairness-history.ts';
import { limits } from '../../src/http/limits.ts';
import type { Round } from '../../src/http/round.ts';
import { SystemTurns } from '../../src/platform/system-turns.ts';
import { hexOf } from '../core/build-chain.ts';

const [ada, ben, eve] = [hexOf('ada'), hexOf('ben'), hexOf('eve')].sort();
if (ada === undefined || ben === undefined || eve === undefined) throw new Error('nobody');

function round(index: number, winner: string, ...stakes: readonly (readonly [string, bigint])[]): Round {
  const candidates = stakes.map(([validator, stake]) => ({ validator, stake, bpm: 70 }));
  return { index, winner, totalStake: stakes.reduce((total, [, stake]) => total + stake, 0n), candidates };
}

function bookOf(...rounds: readonly Round[]): FairnessHistory {
  const book = new FairnessHistory({ turns: new SystemTurns(), isConnected: (validator) => validator === ada });
  for (const drawn of rounds) book.add(drawn);
  return book;
}

async function* streamed(...rounds: readonly Round[]): AsyncGenerator<Round> {
  yield* rounds;
}

describe('the book of rounds', () => {
  const rounds = [
    round(1, ada, [ada, 100n], [ben, 300n]),
    round(2, ben, [ada, 100n], [ben, 100n]),
    round(3, eve, [ben, 50n], [eve, 50n]),
  ];

  it('adds up what to expect round by round, from the pools as they were', async () => {
    const { validators, ...rest } = await bookOf(...rounds).fortunes(undefined);
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
    const { validators } = await bookOf(...rounds).fortunes(undefined);
    expect(validators.reduce((sum, { expectedWins }) => sum + expectedWins, 0)).toBeCloseTo(3, 12);
    expect(validators.reduce((sum, { wins }) => sum + wins, 0)).toBe(3);
  });

  it('knows who took part by the first digits of their addresses, and of several only a handful', () => {
    const book = bookOf(...rounds);
    expect(book.beginning(ada.slice(0, 8))).toEqual([ada]);
    expect(book.beginning(ada)).toEqual([ada]);
    expect(book.beginning('')).toEqual([ada, ben, eve]);
    expect(book.beginning(`${eve}0`)).toEqual([]);
    const crowd = Array.from({ length: 9 }, (_, place) => [`${ada.slice(0, 63)}${place}`, 1n] as const);
    expect(bookOf(round(1, ada, ...crowd)).beginning(ada.slice(0, 8))).toHaveLength(limits.matchingAddressesMax);
  });

  it('looks at the last rounds only when asked to', async () => {
    const { firstBlock, rounds: count, validators } = await bookOf(...rounds).fortunes(1);
    expect([firstBlock, count]).toEqual([3, 1]);
    expect(validators.map(({ validator }) => validator)).toEqual([ben, eve]);
  });

  it('finds nothing odd before the first draw', async () => {
    expect(await bookOf().fortunes(undefined)).toMatchObject({
      firstBlock: null,
      rounds: 0,
      pValue: 1,
      validators: [],
    });
  });

  it('counts once between two draws, however many ask', async () => {
    const book = bookOf(...rounds.slice(0, 2));
    const counted = book.fortunes(undefined);
    expect(book.fortunes(undefined)).toBe(counted);
    expect(book.fortunes(20)).not.toBe(counted);
    book.add(round(3, eve, [ben, 50n], [eve, 50n]));
    expect((await counted).rounds).toBe(2);
    expect((await book.fortunes(undefined)).rounds).toBe(3);
    await book.addBefore(streamed());
    expect((await book.fortunes(undefined)).rounds).toBe(3);
  });

  it('does not call luck what no luck brings', async () => {
    const rigged = Array.from({ length: 60 }, (_, place) => round(place + 1, ada, [ada, 1n], [ben, 99n]));
    expect((await bookOf(...rigged).fortunes(undefined)).pValue).toBeLessThan(1e-20);
  });

  it('tells the rounds of one validator, oldest first', () => {
    expect(bookOf(...rounds).history(ada)).toEqual({
      validator: ada,
      isConnected: true,
      firstBlock: 1,
      parts: [
        { index: 1, stake: '100', totalStake: '400', isWinner: true },
        { index: 2, stake: '100', totalStake: '200', isWinner: false },
      ],
    });
    expect(bookOf(...rounds).history(hexOf('nobody')).parts).toEqual([]);
  });

  it('puts rounds from before this run in front, and keeps what it has room for', async () => {
    const book = bookOf(round(4, ada, [ada, 1n]));
    await book.addBefore(streamed(...[...rounds].reverse()));
    expect((await book.fortunes(undefined)).firstBlock).toBe(1);

    const crowd: readonly Candidate[] = Array.from({ length: limits.candidatesKeptMax - 6 }, (_, place) => {
      return { validator: String(place), stake: 1n, bpm: 1 };
    });
    book.add({ index: 5, winner: '0', totalStake: BigInt(crowd.length), candidates: crowd });
    const { firstBlock, roundsLeftOut, validators, validatorsLeftOut } = await book.fortunes(undefined);
    expect([firstBlock, roundsLeftOut]).toEqual([2, 1]);
    expect(validators).toHaveLength(limits.fortunesMax);
    expect(validatorsLeftOut).toBe(crowd.length + 3 - limits.fortunesMax);
    await book.addBefore(streamed(...rounds));
    expect((await book.fortunes(undefined)).firstBlock).toBe(2);
  });

  it('keeps every round that is drawn while older ones are read, and forgets the oldest instead', async () => {
    const crowd: readonly Candidate[] = Array.from({ length: limits.candidatesKeptMax / 5 }, (_, place) => {
      return { validator: String(place).padStart(5, '0'), stake: 1n, bpm: 1 };
    });
    const totalStake = BigInt(crowd.length);
    const crowded = (index: number): Round => ({ index, winner: '00000', totalStake, candidates: crowd });
    const book = bookOf();
    async function* older(): AsyncGenerator<Round> {
      yield* [crowded(100), crowded(99), crowded(98)];
      for (const index of [101, 102, 103]) book.add(crowded(index));
      yield crowded(97);
    }
    await book.addBefore(older());
    const indexes = (): readonly number[] => book.history('00000').parts.map(({ index }) => index);
    expect(indexes()).toEqual([99, 100, 101, 102, 103]);
    book.add(crowded(104));
    expect(indexes()).toEqual([100, 101, 102, 103, 104]);
  });

  it('keeps what could be read when an older round cannot', async () => {
    const book = bookOf();
    async function* older(): AsyncGenerator<Round> {
      yield* [...rounds].reverse().slice(0, 2);
      throw new Error('block 1 cannot be read');
    }
    await expect(book.addBefore(older())).rejects.toThrow('block 1 cannot be read');
    expect(await book.fortunes(undefined)).toMatchObject({ firstBlock: 2, lastBlock: 3, rounds: 2, roundsLeftOut: 1 });
  });
});
