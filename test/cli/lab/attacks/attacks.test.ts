import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Measure, Trial } from '../../../../src/cli/lab/attacks/attack.ts';
import { attacks } from '../../../../src/cli/lab/attacks/attacks.ts';
import { catchUpChance, levelChance } from '../../../../src/cli/lab/attacks/branch-race.ts';
import { depthFor } from '../../../../src/cli/lab/attacks/longest.ts';
import { Prng } from '../../../../src/cli/lab/attacks/prng.ts';
import { runCommand } from '../../run-command.ts';

const trials = new Map(attacks.map((attack) => [attack.name, attack.run('test')]));

function trialOf(name: string): Trial {
  const trial = trials.get(name);
  if (trial === undefined) throw new Error(`there is no attack ${name}`);
  return trial;
}

/** The numbers at the beginning of the values. */
function numbers(measures: readonly Measure[]): readonly number[] {
  return measures.map(({ value }) => Number.parseFloat(value.replaceAll(',', '')));
}

describe('an attack', () => {
  it('on a clock predicts every draw of the flawed lottery and none of ours but by luck', () => {
    const { flawed, ours } = trialOf('clock');
    const [known = 0, wins = 0] = numbers(flawed);
    const [guessed = 0, luckyWins = 0] = numbers(ours);
    expect(known).toBe(1000);
    expect(wins).toBeGreaterThan(35);
    expect(guessed).toBeLessThan(150);
    expect(luckyWins).toBeLessThan(15);
  });

  it('on the winner is never seen in the flawed chain, and always in ours', () => {
    const { flawed, ours } = trialOf('winner');
    expect(numbers(flawed)).toEqual([50]);
    const [unnoticed, unsigned, , seen] = numbers(ours);
    expect(unnoticed).toBe(0);
    expect(unsigned).toBe(50);
    expect(seen).toBe(50);
  });

  it('on the pool throws the dice again in the flawed lottery only', () => {
    const { flawed, ours } = trialOf('pool');
    const [flawedTickets = 0, flawedWins = 0] = numbers(flawed);
    const [ourTickets = 0, ourWins = 0] = numbers(ours);
    expect(flawedTickets).toBeGreaterThan(190);
    expect(flawedWins).toBeGreaterThan(75);
    expect(ourTickets).toBeLessThan(1.1);
    expect(ourWins).toBeLessThan(8);
  });

  it('by the operator wins without a beacon, and with beacons only where all of their keepers help', () => {
    const { flawed, ours } = trialOf('operator');
    const [without = 0] = numbers(flawed);
    const [alone = 0, keeper = 0, convicted, together = 0, oneOfTwo = 0, bothOfTwo = 0] = numbers(ours);
    for (const known of [without, together, bothOfTwo]) expect(Math.abs(known - 33.3)).toBeLessThan(6);
    for (const blind of [alone, keeper, oneOfTwo]) expect(blind).toBeLessThan(2.5);
    expect(ours[2]?.value).toBe(`${convicted} of ${convicted}`);
    expect(convicted).toBeGreaterThan(900);
  });

  it('on the remainder finds equals unequal in the flawed lottery only', () => {
    const { flawed, ours } = trialOf('remainder');
    const [first = 0, second = 0, third = 0] = numbers(flawed);
    // 2^32 numbers: the first billion tickets twice, then 294,967,296 more of the second.
    expect(first).toBeCloseTo(46.57, -0.5);
    expect(second).toBeCloseTo(30.15, -0.5);
    expect(third).toBeCloseTo(23.28, -0.5);
    for (const share of numbers(ours).slice(0, 3)) expect(Math.abs(share - 33.33)).toBeLessThan(1.5);
  });

  it('on the list grows with the tokens in the flawed lottery only', () => {
    const { flawed, ours } = trialOf('list');
    const [, , tenMillion = 0, foretold = 0] = numbers(flawed);
    expect(tenMillion).toBeGreaterThan(50);
    expect(foretold).toBeGreaterThan(1000);
    expect(ours.map(({ value }) => value.split(',')[0])).toEqual(new Array(4).fill('below 0.1 MB'));
  });

  it('by splitting pays more with every name in the flawed lottery, and nothing in ours', () => {
    const { flawed, ours } = trialOf('split');
    const gains = numbers(flawed);
    expect(gains).toEqual([...gains].sort((a, b) => a - b));
    expect(gains.at(-1)).toBeGreaterThan(75);
    for (const share of numbers(ours).slice(0, 4)) expect(Math.abs(share - 40)).toBeLessThan(1.5);
  });

  it('by a crash loses announced winners of the flawed lottery only', () => {
    const { flawed, ours } = trialOf('announce');
    const [lost = 0, twice = 0] = numbers(flawed);
    expect(lost).toBeGreaterThan(5);
    expect(twice).toBe(lost);
    expect(numbers(ours).slice(0, 2)).toEqual([0, 0]);
  });

  it('at two doors wins twice as often where nothing can burn, and burns its stake in ours, for nothing less', () => {
    const { flawed, ours } = trialOf('double');
    const [once = 0, twice = 0, cost] = numbers(flawed);
    expect(twice).toBeGreaterThan(1.6 * once);
    expect(cost).toBe(0);
    const [doubles, wins = 1000, ...others] = numbers(ours);
    expect(doubles).toBe(1);
    expect(wins).toBeLessThanOrEqual(1);
    expect(others).toEqual([1000, 1000, 0, 0, 0]);
  });

  it('by timestamps makes blocks cheap in the flawed design, and saves a few of them once in ours', () => {
    const { flawed, ours } = trialOf('timestamps');
    const [honest, anHourLater = 1000, backAndForth = 1000] = numbers(flawed);
    expect(honest).toBe(1000);
    expect(anHourLater).toBeLessThan(2);
    expect(backAndForth).toBeLessThan(300);
    const [ourHonest, late = 0, cheapest = 0, , saved = 0, savedLater] = numbers(ours);
    expect(ourHonest).toBe(1000);
    expect(cheapest).toBeGreaterThanOrEqual(late);
    // 120 s are twelve intervals.
    expect(late).toBeGreaterThan(1000 - 12);
    expect(saved).toBeGreaterThan(0);
    expect(savedLater).toBe(saved);
  });

  it('by writing history anew needs little work where blocks are counted, and all of it where work is', () => {
    const { flawed, ours } = trialOf('rewrite');
    const [, withThirty = 0, withForty = 0, history = 100] = numbers(flawed);
    expect(withThirty).toBeGreaterThan(90);
    expect(withForty).toBeGreaterThan(95);
    expect(history).toBeLessThan(10);
    const [twenty = 100, thirty = 100, forty = 100, , harderThirty = 0, harderForty = 0, ourHistory] = numbers(ours);
    // The paper lets the attacker win when level, and gives the others no luck.
    expect(twenty).toBeLessThan(4);
    expect(Math.abs(thirty - 13.21)).toBeLessThan(8);
    expect(Math.abs(forty - 50.4)).toBeLessThan(20);
    expect(harderThirty).toBeGreaterThan(thirty);
    expect(harderForty).toBeGreaterThan(forty);
    expect(ourHistory).toBe(100);
  });
});

describe('the last blocks of a chain of work', () => {
  it('are written anew as often as the formulas say, and less often where the branch has to be heavier', () => {
    const { flawed, ours } = trialOf('longest');
    const depths = [1, 2, 3, 6, 12];
    const measured = numbers(flawed);
    const [, ...heavier] = [0, ...numbers(ours)];
    for (const [place, depth] of depths.entries()) {
      expect(Math.abs((measured[place] ?? 0) - 100 * levelChance(0.3, depth))).toBeLessThan(5);
      expect(heavier[place] ?? 100).toBeLessThan((measured[place] ?? 0) + 1);
    }
    // The last table of the paper.
    expect(heavier.slice(depths.length)).toEqual([5, 11, 24, 89]);
    expect([0.15, 0.25, 0.35, 0.45].map(depthFor)).toEqual([8, 15, 41, 340]);
  });
});

describe('the chance to be level where the others have luck, too', () => {
  it.each([
    [0.1, 1, 0.2],
    [0.1, 6, 0.0005914],
    [0.3, 6, 0.1564484],
    [0.4, 10, 0.372184],
    [0.5, 3, 1],
  ])('with a share of %d over %d blocks is that of the negative binomial distribution', (share, blocks, expected) => {
    expect(levelChance(share, blocks)).toBeCloseTo(expected, 4);
  });
});

describe('the chance to catch up', () => {
  it.each([
    [0.1, 0, 1],
    [0.1, 1, 0.2045873],
    [0.1, 6, 0.0002428],
    [0.3, 5, 0.1773523],
    [0.3, 50, 0.0000006],
    [0.5, 6, 1],
    [0.6, 6, 1],
  ])('with a share of %d from %d blocks behind is that of the paper', (share, blocks, expected) => {
    expect(catchUpChance(share, blocks)).toBeCloseTo(expected, 7);
  });
});

describe('the dice', () => {
  it('fall the same way for a seed and a name, and otherwise not', () => {
    const throwsOf = (seed: string, name: string) => {
      const prng = new Prng(seed, name);
      return Array.from({ length: 50 }, () => prng.below(1000));
    };
    expect(throwsOf('a', 'b')).toEqual(throwsOf('a', 'b'));
    expect(throwsOf('a', 'b')).not.toEqual(throwsOf('a', 'c'));
    expect(throwsOf('a', 'b')).not.toEqual(throwsOf('c', 'b'));
    expect(Math.max(...throwsOf('a', 'b'))).toBeLessThan(1000);
  });

  it('give fractions from 0 to 1, none twice, half of them below a half', () => {
    const prng = new Prng('a', 'b');
    const fractions = Array.from({ length: 1000 }, () => prng.fraction());
    expect(new Set(fractions).size).toBe(1000);
    expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...fractions)).toBeLessThan(1);
    expect(Math.abs(fractions.filter((fraction) => fraction < 0.5).length - 500)).toBeLessThan(80);
  });
});

describe('sortition lab attack', () => {
  it('lists the attacks, and what is on the list can be asked for', async () => {
    const { code, out } = await runCommand(['lab', 'attack']);
    expect(code).toBe(0);
    for (const { name, title } of attacks) expect(out).toContain(`${name.padEnd(10)} ${title}\n`);
  });

  it('tells one of them in the columns that a narrow terminal has', async () => {
    const { code, out } = await runCommand(['lab', 'attack', 'clock'], { columns: 40 });
    expect(code).toBe(0);
    const [title = '', ...lines] = out.split('\n');
    expect(title).toMatch(/^clock: /);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(40);
  });

  it('tells all of them in 80 columns, with the same numbers for the same seed', async () => {
    // Most take seconds, and have been run above; the others run again.
    const quick = ['clock', 'remainder', 'announce', 'timestamps'];
    for (const attack of attacks.filter(({ name }) => !quick.includes(name))) {
      const run = vi.spyOn(attack, 'run').mockImplementation((seed) => {
        expect(seed).toBe('test');
        return trialOf(attack.name);
      });
      onTestFinished(() => run.mockRestore());
    }
    const { code, out, err } = await runCommand(['lab', 'attack', 'all', '--seed', 'test']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const { title, name } of attacks) {
      expect(out).toContain(`${name}: ${title}\n`);
      const { flawed, ours } = trialOf(name);
      for (const { what, value } of [...flawed, ...ours]) expect(out).toContain(`${what.padEnd(56)} ${value}\n`);
    }
  });

  it('explains in one line that there is no such attack', async () => {
    const { code, err } = await runCommand(['lab', 'attack', 'guess']);
    expect(code).toBe(2);
    expect(err).toContain('there is no attack "guess": the attacks are clock, winner, ');
    expect((await runCommand(['lab', 'attack', 'clock', 'pool'])).code).toBe(2);
  });
});
