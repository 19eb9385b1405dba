import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/command-error.ts';
import { readSimulationOptions } from '../../../src/cli/simulate/simulation-options.ts';
import { LevelStore } from '../../../src/storage/level-store.ts';
import { buildChain, candidatesWith, storedBlock } from '../../core/build-chain.ts';
import { filledDirectory } from '../../storage/filled-directory.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';

async function jsonOf(...words: readonly string[]) {
  const { code, out } = await runCommand(['simulate', '--json', '--rounds', '100', '--seed', 's', ...words]);
  expect(code).toBe(0);
  return JSON.parse(out);
}

function stakesOf(words: readonly string[]): readonly string[] {
  const { players } = readSimulationOptions(words);
  return 'fork' in players ? [] : players.map(({ stake }) => String(stake));
}

describe('sortition simulate', () => {
  it('prints a report that fits 80 columns and says the same again for the same seed', async () => {
    const words = ['simulate', '--stakes', '1..100', '--rounds', '20000', '--seed', 'again', '--split', '50:3'];
    const { code, out, err } = await runCommand(words);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('Seed: again');
    expect(out).toMatch(/Chi-square \d+\.\d\d with \d+ degrees of freedom, p\s=\s\d/);
    expect(out).toContain('The longest streak: ');
    expect(out).toContain('Does splitting pay?');
    expect(out.endsWith('\n')).toBe(true);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect((await runCommand(words)).out).toBe(out);
  });

  it('puts many validators together by the ranks of their stakes, and says that these are ranks', async () => {
    const words = ['simulate', '--stakes', '1..1000', '--rounds', '9', '--seed', 's', '--validators'];
    const out = async (validators: string): Promise<string> => (await runCommand([...words, validators])).out;
    expect(await out('100')).toMatch(/\nThe ranks go by stake, the poorest first\.\nrank +stake .*\n1-5 +105 /);
    expect(await out('100')).toMatch(/\n96-100 +4,896 /);
    expect(await out('21')).toMatch(/\n1 +1 .*\n2 +50 .*(?:\n.*)+\n20-21 +1,950 /);
    expect(await out('20')).toMatch(/\n\nvalidator +stake .*\n0 +1 /);
  });

  it.each([
    [40, false, false],
    [63, false, false],
    [64, false, true],
    [79, false, true],
    [80, true, true],
    [120, true, true],
  ])('is laid out for a terminal of %d columns, with bars: %j, with bands: %j', async (columns, hasBars, hasBands) => {
    for (const reward of ['0', '1']) {
      const words = ['--stakes', '1..100', '--rounds', '2000', '--seed', 'again', '--split', '5:2', '--reward', reward];
      const { code, out } = await runCommand(['simulate', ...words], { columns });
      expect(code).toBe(0);
      const lines = out.split('\n');
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(Math.min(columns, 80));
      const table = lines.slice(lines.findIndex((line) => line.startsWith('rank ')));
      expect(table[0]).toContain('wins');
      expect(table.slice(1, 20).some((line) => line.includes('█'))).toBe(hasBars);
      expect(table.slice(1, 20).some((line) => line.includes('├'))).toBe(hasBands);
    }
  });

  it('chooses and prints a seed that repeats the run where none was given', async () => {
    const { out } = await runCommand(['simulate', '--rounds', '100']);
    const seed = /Seed: ([0-9a-f]{16}) /.exec(out)?.[1] ?? '';
    expect((await runCommand(['simulate', '--rounds', '100', '--seed', seed])).out).toBe(out);
  });

  it('plots the share of the richest where wins are rewarded', async () => {
    const { out } = await runCommand([
      'simulate',
      '--stakes',
      '5,3,2',
      '--reward',
      '1',
      '--rounds',
      '500',
      '--seed',
      'r',
    ]);
    expect(out).toContain('Share of the richest, round by round:');
    expect(out).toContain('50 % │');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('has everything for a program in one line of JSON', async () => {
    const result = await jsonOf('--split', '0:5', '--reward', '2');
    expect(Object.keys(result)).toEqual([
      'seed',
      'rounds',
      'reward',
      'totalStake',
      'validators',
      'chiSquare',
      'streak',
      'split',
      'richest',
    ]);
    const wins = result.validators.map((one: { wins: number }) => one.wins);
    expect(wins.reduce((a: number, b: number) => a + b, 0)).toBe(100);
    expect(result.split.pieces).toBe(5);
  });

  it('has a line for each validator in CSV', async () => {
    const { out } = await runCommand(['simulate', '--csv', '--rounds', '10']);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('row,validator,stake,share,wins,expected,low,high,finalStake,finalShare,pieces,round');
    for (const line of lines) expect(line.split(',')).toHaveLength(12);
  });

  it('has the split validator and the course of the richest in the same table of CSV', async () => {
    const words = ['--rounds', '100', '--seed', 's', '--split', '0:5', '--reward', '2'];
    const rows = (await runCommand(['simulate', '--csv', ...words])).out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const { split, richest } = await jsonOf('--split', '0:5', '--reward', '2');
    const [splitRow, ...others] = rows.filter(([kind]) => kind === 'split');
    expect(others).toEqual([]);
    expect(splitRow?.[4]).toBe(String(split.wins));
    expect(splitRow?.[8]).toBe(String(50 + 2 * split.wins));
    expect(splitRow?.slice(-2)).toEqual(['5', '100']);
    const course = rows.filter(([kind]) => kind === 'richest').map((cells) => [Number(cells[11]), Number(cells[9])]);
    expect(course).toEqual(richest.map((one: { round: number; share: number }) => [one.round, one.share]));
    for (const row of rows) expect(row).toHaveLength(12);
  });

  it('says of one validator that there is nothing to test, and counts a single token', async () => {
    const { out } = await runCommand(['simulate', '--stakes', '1', '--rounds', '10']);
    expect(out).toMatch(/^1 validator with 1 token, 10 rounds\./);
    expect(out).toContain('There is nothing to test: one validator alone wins every round.');
  });

  it('writes a picture besides', async () => {
    const file = join(temporaryDirectory(), 'picture.svg');
    expect((await runCommand(['simulate', '--rounds', '100', '--reward', '1', '--svg', file])).code).toBe(0);
    const picture = readFileSync(file, 'utf8');
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
    expect(picture.match(/<circle /g)).toHaveLength(3 + 2);
    expect(picture).toMatch(/fill="#1a7f5a"\/><text [^>]*>wins inside of it/);
    expect(picture).toMatch(/fill="#c0392b"\/><text [^>]*>wins outside of it/);
    expect(picture.match(/<text [^>]*>[\d,]+ tokens?, [\d,]+ wins?</g)).toHaveLength(3);
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('says in one line when the picture cannot be written, with a code of its own', async () => {
    const { code, out, err } = await runCommand(['simulate', '--rounds', '1', '--svg', '/nowhere/a.svg']);
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toMatch(/^sortition: \/nowhere\/a\.svg cannot be written: ENOENT.*\.\n$/);
  });

  it('begins with the validators of a real chain, and writes nothing there', async () => {
    const directory = temporaryDirectory();
    const pool = candidatesWith([70n, 20n, 10n]);
    const store = await LevelStore.open(directory);
    const [genesis, block] = buildChain([pool], 10);
    if (genesis === undefined || block === undefined) throw new Error('no chain was forged');
    await store.append(storedBlock(genesis));
    await store.append(storedBlock(block, pool));
    await store.close();
    const before = readdirSync(join(directory, 'chain')).sort();

    const { code, out } = await runCommand(['simulate', '--fork', directory, '--rounds', '100', '--json']);
    expect(code).toBe(0);
    const found = JSON.parse(out).validators.map(({ validator, stake }: { validator: string; stake: string }) => [
      validator,
      stake,
    ]);
    expect(found.sort()).toEqual(pool.map(({ validator, stake }) => [validator.slice(0, 8), String(stake)]).sort());
    expect(readdirSync(join(directory, 'chain')).sort()).toEqual(before);
    expect(existsSync(join(directory, 'server.pid'))).toBe(false);
  });

  it('has a code of its own for a chain that is not there, or has lost its end or the pool that is needed', async () => {
    expect(await runCommand(['simulate', '--fork', '/nowhere'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('there is no chain in /nowhere'),
    });
    const directory = await filledDirectory();
    const level = new ClassicLevel(join(directory, 'chain'));
    await level.put('pool/000000000004', 'null');
    await level.close();
    expect(await runCommand(['simulate', '--fork', directory])).toMatchObject({
      code: 4,
      err: `sortition: the pool of the last block in ${directory} is lost, and its stakes with it.\n`,
    });
    const again = new ClassicLevel(join(directory, 'chain'));
    await again.del('block/000000000004');
    await again.close();
    expect(await runCommand(['simulate', '--fork', directory])).toMatchObject({
      code: 4,
      err: `sortition: the chain in ${directory} has 4 blocks, but it had come to block 4: its end is lost.\n`,
    });
  });

  it.each([
    [['--stakes', '0'], '--stakes is 0, but must be whole numbers from 1'],
    [['--seed='], '--seed needs a value, for example --seed monday'],
    [['--split', '3:2'], '--split names validator 3, but they are 0 to 2'],
    [['--split', '2:21'], '--split wants 21 pieces, but validator 2 has only 20 tokens'],
  ])('explains in one line what is wrong with %j', async (words, why) => {
    const { code, out, err } = await runCommand(['simulate', ...words]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(why);
    expect(err.split('\n')).toHaveLength(2);
  });
});

describe('the options of a simulation', () => {
  it.each([
    [
      ['--stakes', '50,30,20'],
      ['50', '30', '20'],
    ],
    [
      ['--stakes', '3..6'],
      ['3', '4', '5', '6'],
    ],
    [['--stakes', '7..7'], ['7']],
    [
      ['--stakes', '1..1000', '--validators', '4'],
      ['1', '334', '667', '1000'],
    ],
    [
      ['--stakes', '9,1', '--validators', '5'],
      ['9', '1', '9', '1', '9'],
    ],
    [['--stakes', '5..9', '--validators', '1'], ['5']],
    [
      ['--stakes', '1000000000000000000000000000000,1'],
      ['1000000000000000000000000000000', '1'],
    ],
  ])('takes %j as stakes', (words, stakes) => {
    expect(stakesOf(words)).toEqual(stakes);
  });

  it.each([
    [['--stakes', '5,,3'], '--stakes is 5,,3, but must be'],
    [['--stakes', '9..3'], '--stakes is 9..3, but must be'],
    [['--stakes', '1..2..3'], '--stakes is 1..2..3, but must be'],
    [['--stakes', '1..2..x'], '--stakes is 1..2..x, but must be'],
    [['--stakes', '1..1000000'], 'say how many of them with --validators 100'],
    [['--stakes', '\u001b[31m1'], '--stakes is \\x1b[31m1, but must be'],
    [['--rounds', '0'], '--rounds is "0", but must be a whole number from 1 to 1000000000'],
    [['--rounds', '1e5'], '--rounds is "1e5", but must be'],
    [['--reward', '-1'], '--reward'],
    [['--split', '0'], '--split is 0, but must be a validator'],
    [['--csv', '--json'], '--csv and --json do not go together'],
    [['--fork', 'data', '--stakes', '1'], '--fork takes the stakes of a chain'],
    [['fast'], '"fast" is not understood'],
  ])('must not be %j', (words, why) => {
    expect(() => readSimulationOptions(words)).toThrow(UsageError);
    expect(() => readSimulationOptions(words)).toThrow(why);
  });
});
