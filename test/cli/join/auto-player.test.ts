import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AutoPlayer, type AutoPlayerOptions, pick } from '../../../src/cli/join/auto-player.ts';
import { harmless } from '../../../src/cli/join/event-text.ts';
import { InputGuard } from '../../../src/cli/join/input-guard.ts';
import { limits as joinLimits } from '../../../src/cli/join/limits.ts';
import { RoundEstimate } from '../../../src/cli/join/round-estimate.ts';
import { Score } from '../../../src/cli/join/score.ts';
import type { ServerEvent } from '../../../src/cli/join/server-event.ts';
import { limits as apiLimits } from '../../../src/http/api/limits.ts';
import { anyText } from '../../any-text.ts';
import { hexOf } from '../../core/build-chain.ts';

const ada = hexOf('ada');
const ben = hexOf('ben');
const balance: ServerEvent = { kind: 'prompt', asks: 'balance' };
const bpm: ServerEvent = { kind: 'prompt', asks: 'bpm' };
const welcome: ServerEvent = { kind: 'welcome', address: ada, stake: 100n };
const winner: ServerEvent = { kind: 'winner', address: ben };

function lines(options: Partial<AutoPlayerOptions>, events: readonly ServerEvent[]): readonly (string | undefined)[] {
  const player = new AutoPlayer({
    stake: 100n,
    bpm: { min: 72n, max: 72n },
    isTimed: false,
    random: () => 0,
    ...options,
  });
  return events.map((event) => player.onEvent(event));
}

describe('a player', () => {
  it('stakes when it is asked, and proposes once in every round', () => {
    const accepted: ServerEvent = { kind: 'candidate', index: 1, bpm: 72 };
    expect(lines({}, [balance, welcome, bpm, accepted, bpm, bpm, winner, bpm, bpm])).toEqual([
      '100',
      undefined,
      '72',
      undefined,
      undefined,
      undefined,
      undefined,
      '72',
      undefined,
    ]);
  });

  it('does not stake again when its stake was refused, or when the prompt comes again after an announcement', () => {
    expect(lines({}, [balance, { kind: 'error', text: '' }, balance, winner, balance])).toEqual([
      '100',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('leaves to a person what it was not told', () => {
    expect(lines({ stake: undefined }, [balance, welcome, bpm])).toEqual([undefined, undefined, '72']);
    expect(lines({ bpm: undefined }, [balance, welcome, bpm])).toEqual(['100', undefined, undefined]);
  });

  it('proposes by the clock, but only when it has a stake and the last answer has come', () => {
    const player = new AutoPlayer({ stake: 1n, bpm: { min: 60n, max: 60n }, isTimed: true, random: () => 0 });
    expect(player.tick()).toBeUndefined();
    expect([balance, welcome, bpm].map((event) => player.onEvent(event))).toEqual(['1', undefined, undefined]);
    expect(player.tick()).toBe('60');
    expect(player.tick()).toBeUndefined();
    player.onEvent(bpm);
    expect(player.tick()).toBe('60');
  });

  it('knows whether what a person types could be taken for its stake', () => {
    const player = new AutoPlayer({ stake: 1n, bpm: undefined, isTimed: false, random: () => 0 });
    expect(player.isPastStake).toBe(false);
    player.onEvent(balance);
    expect(player.isPastStake).toBe(true);
  });

  it('picks every number of a range and no other, exactly at any size', () => {
    const size = fc.bigInt({ min: 0n, max: 10n ** 70n });
    fc.assert(
      fc.property(size, size, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (min, length, random) => {
        const picked = pick({ min, max: min + length }, () => random);
        expect(picked >= min && picked <= min + length).toBe(true);
      }),
    );
    const random = [0, 0.34, 0.67, 1 - Number.EPSILON / 2];
    expect(random.map((value) => pick({ min: 1n, max: 3n }, () => value))).toEqual([1n, 2n, 3n, 3n]);
  });
});

describe('a round estimate', () => {
  it('takes rounds for over when their pools are sealed, where draws wait for beacons', () => {
    const estimate = new RoundEstimate();
    estimate.sealed(1000);
    estimate.accepted(1500);
    // The winner of the round before.
    estimate.drawn(6000);
    estimate.sealed(11_000);
    expect(estimate.remainingMs(11_000)).toBe(10_000);
    expect(estimate.remainingMs(15_000)).toBe(6000);
  });

  it('is what the server says of the round of a candidate, until its draw, or until draws are paused', () => {
    const estimate = new RoundEstimate();
    estimate.told(1000, 12);
    expect(estimate.remainingMs(1000)).toBe(12_000);
    expect(estimate.remainingMs(13_001)).toBe(0);
    expect(estimate.remainingMs(13_000 + apiLimits.drawOverdueMs + 1)).toBeUndefined();
    estimate.told(20_000, 5);
    estimate.drawn(25_000);
    expect(estimate.remainingMs(25_000)).toBeUndefined();
    estimate.told(26_000, 5);
    estimate.told(27_000, undefined);
    expect(estimate.remainingMs(27_000)).toBeUndefined();
  });
});

describe('a score', () => {
  function scored(events: readonly ServerEvent[]): { score: Score; lies: readonly (string | undefined)[] } {
    const score = new Score();
    return { score, lies: events.map((event) => score.onEvent(event)) };
  }
  const tickets = { kind: 'ticket', total: 400n, first: 100n, last: 199n } as const;

  it('counts draws and wins, and what the tickets promise', () => {
    const won: ServerEvent = { kind: 'winner', address: ada };
    const { score, lies } = scored([
      welcome,
      winner,
      { ...tickets, ticket: 200n },
      won,
      { ...tickets, ticket: 199n },
      { kind: 'won', index: 2 },
      // Not in the pool.
      winner,
    ]);
    expect(lies.every((contradiction) => contradiction === undefined)).toBe(true);
    expect(score).toMatchObject({ draws: 2, wins: 1, stake: 100n });
    expect(score.expected.mean).toBe(0.5);
    expect(score.expected.deviation).toBe(Math.sqrt(2 * 0.25 * 0.75));
  });

  it.each<[bigint, bigint, boolean]>([
    [100n, 100n, true],
    [100n, 400n, true],
    [99n, 400n, false],
    [100n, 99n, false],
  ])('takes an outlook of %i of %i tickets for true: %s', (held, total, isTrue) => {
    const { lies } = scored([welcome, { kind: 'outlook', seconds: 3, tickets: held, total }]);
    const contradiction = `you staked 100 tokens, but are told that you hold ${held} of ${total} tickets`;
    expect(lies[1]).toBe(isTrue ? undefined : contradiction);
  });

  it.each<[string, ServerEvent[]]>([
    [
      'ticket 150 was drawn and yours were 100 to 199, but another validator won',
      [welcome, winner, { ...tickets, ticket: 150n }],
    ],
    ['but you won', [welcome, { kind: 'winner', address: ada }, { ...tickets, ticket: 5n }]],
    [
      'you staked 100 tokens, but your tickets were 100 to 198',
      [welcome, winner, { ...tickets, last: 198n, ticket: 5n }],
    ],
    ['there is no ticket 400 of 400', [welcome, winner, { ...tickets, ticket: 400n }]],
    ['there is no ticket 199 of 150', [welcome, winner, { ...tickets, total: 150n, ticket: 5n }]],
    ['have no stake', [winner, { ...tickets, ticket: 5n }]],
    ['another validator was announced', [welcome, winner, { kind: 'won', index: 2 }]],
  ])('finds what cannot be true: %s', (contradiction, events) => {
    expect(scored(events).lies.at(-1)).toContain(contradiction);
  });
});

describe('what a person types', () => {
  it('is sent as it is, without the blanks around it', () => {
    const typing = new InputGuard();
    expect(typing.read(' seventy ', 'balance')).toEqual({ kind: 'say', line: 'seventy' });
    expect(typing.read('72', 'bpm')).toEqual({ kind: 'say', line: '72' });
    expect(typing.read('', 'bpm')).toEqual({ kind: 'say', line: '' });
    expect(typing.read('help', 'bpm')).toEqual({ kind: 'help' });
    expect(typing.read('?', 'bpm')).toEqual({ kind: 'help' });
    expect(typing.read('quit', undefined)).toEqual({ kind: 'quit' });
    expect(typing.read('EXIT', 'bpm')).toEqual({ kind: 'quit' });
  });

  it.each(['seventy', '-1', '7 2', '2147483648'])(
    'is held back when it would cost the stake, like %s, until it comes again',
    (line) => {
      const typing = new InputGuard();
      expect(typing.read(line, 'bpm')).toEqual({ kind: 'held back' });
      expect(typing.read('72', 'bpm')).toEqual({ kind: 'say', line: '72' });
      expect(typing.read(line, 'bpm')).toEqual({ kind: 'held back' });
      expect(typing.read(line, 'bpm')).toEqual({ kind: 'say', line });
      expect(typing.read(line, 'bpm')).toEqual({ kind: 'held back' });
    },
  );
});

describe('the guess at the end of a round', () => {
  it('is made when a candidate that was accepted early was drawn next, and counts on from there', () => {
    const estimate = new RoundEstimate();
    estimate.drawn(1000);
    expect(estimate.remainingMs(1000)).toBeUndefined();
    estimate.accepted(2000);
    estimate.drawn(31_000);
    expect(estimate.remainingMs(31_000)).toBe(30_000);
    expect(estimate.remainingMs(51_000)).toBe(10_000);
    // A round without candidates ends in silence.
    expect(estimate.remainingMs(62_000)).toBe(29_000);
  });

  it('is not made from a candidate that came late: another round may have ended in between', () => {
    const estimate = new RoundEstimate();
    estimate.drawn(0);
    estimate.accepted(30_000);
    estimate.drawn(60_000);
    expect(estimate.remainingMs(61_000)).toBeUndefined();
    estimate.drawn(120_000);
    expect(estimate.remainingMs(121_000)).toBeUndefined();
  });

  it('is given up when the draw of an accepted candidate is overdue', () => {
    const estimate = new RoundEstimate();
    estimate.drawn(0);
    estimate.accepted(1);
    estimate.drawn(10_000);
    estimate.accepted(11_000);
    expect(estimate.remainingMs(21_000 + apiLimits.drawOverdueMs)).toBe(9000 - apiLimits.drawOverdueMs);
    expect(estimate.remainingMs(21_001 + apiLimits.drawOverdueMs)).toBeUndefined();
    expect(estimate.remainingMs(21_001)).toBeUndefined();
  });
});

describe('what is shown of a server', () => {
  it('is printable and bounded, whatever it says', () => {
    expect(harmless('Error: "\x1b]0;owned\x07\xff" \\x07')).toBe('Error: "\\x1b]0;owned\\x07\\xff" \\x07');
    fc.assert(
      fc.property(anyText({ maxLength: 2000 }), (text) => {
        expect(harmless(text)).toMatch(/^[ -~]*$/);
        expect(harmless(text).length).toBeLessThanOrEqual(joinLimits.serverCharactersMax);
      }),
    );
  });
});
