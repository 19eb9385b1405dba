import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/cli/scenario/limits.ts';
import { verifyChain } from '../../../src/library/index.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { type Finished, runCommand } from '../run-command.ts';

/** Plays lines of a file. */
async function play(lines: readonly string[], ...words: readonly string[]): Promise<Finished> {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'lesson.txt'), `${lines.join('\n')}\n`);
  return runCommand(['scenario', 'lesson.txt', ...words], { directory });
}

async function outOf(lines: readonly string[], ...words: readonly string[]): Promise<string> {
  const { code, out, err } = await play(lines, ...words);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out;
}

const lesson = [
  'at 0s Ada joins 100',
  'at 2s Ada bpm 72',
  'at 3s Bob joins 200',
  'at 4s Bob bpm 80',
  'at 35s Ada quits',
  'at 36s Bob types seventy',
];

describe('scenario', () => {
  it('tells what happens with the names of people, and the chain', async () => {
    const out = await outOf(lesson);
    expect(out).toMatch(
      /^lesson\.txt from the seed scenario\. All of it is simulated, the time as well\.\n\n {7}0 s {2}Ada joins 100\n/,
    );
    const [, winner] =
      /^ {6}30 s {4}block 1: ticket \d+ of 300 is one of \d+ to \d+, (Ada|Bob)'s, with BPM \d+$/m.exec(out) ?? [];
    expect(out).toContain('      36 s    Bob is slashed and loses 200 tokens: "seventy" is not a BPM.');
    expect(out).toMatch(
      /\nThe chain: 2 blocks, which hold\n {2}block 0 {4}2026-01-01T00:00:00\.000Z {2}[0-9a-f]{16}… {2}genesis\n/,
    );
    expect(out).toMatch(
      new RegExp(
        `  block 1    2026-01-01T00:00:30.000Z  [0-9a-f]{16}…  BPM ${winner === 'Ada' ? 72 : 80} of ${winner}\n$`,
      ),
    );
  });

  it('is the same for the same file and seed, byte for byte, and another for another seed', async () => {
    const [one, same, other] = [
      await outOf(lesson, '--transcript'),
      await outOf(lesson, '--transcript'),
      await outOf(lesson, '--transcript', '--seed', 'monday'),
    ];
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(other).toContain('lesson.txt from the seed monday.');
  });

  it('prints what each person reads and types', async () => {
    const out = await outOf(lesson, '--transcript');
    expect(out).toMatch(
      /\nAda:\n {2}\| Enter token balance:\n {2}\| > 100\n {2}\| You are validator [0-9a-f]{64} with 100 tokens\.\n/,
    );
    expect(out).toMatch(/ {2}\| > seventy\n {2}\| Slashed: "seventy" is not a BPM/);
    expect(out).toMatch(/ {2}\| > quit\n {2}\| Goodbye\.\n\nBob:\n/);
  });

  it('prints the chain alone as a server sends it, which holds', async () => {
    const out = await outOf(lesson, '--json');
    const blocks: unknown = JSON.parse(out);
    if (!Array.isArray(blocks)) throw new Error('no chain');
    expect(out).toBe(`${JSON.stringify(blocks)}\n`);
    expect(await verifyChain(blocks)).toMatchObject({ blocks: 2, fault: undefined });
  });

  it('obeys the operator, and goes on after a restart', async () => {
    const out = await outOf(
      [
        'with --lottery-interval-ms 10s --rejoin-grace-ms 2m',
        'at 0s Ada joins 5',
        'at 1s Ada bpm 1',
        'at 1s pause',
        'at 25s resume',
        'at 40s say Once again',
        'at 41s Ada bpm 2',
        'at 42s draw',
        'at 43s restart',
        'at 44s Ada rejoins',
        'at 45s Ada bpm 3',
        'at 60s kick Ada',
        'at 60s Ada bpm 4',
        'at 61s end',
      ],
      '--transcript',
    );
    expect([...out.matchAll(/^ +(\d+) s {4}block (\d)/gm)].map(([, at, index]) => `${index} at ${at}`)).toEqual([
      '1 at 30',
      '2 at 42',
      '3 at 53',
    ]);
    expect(out).toContain('  | The operator says: Once again\n');
    expect(out).toContain('  | The server stops now. The chain is stored');
    expect(out).toMatch(/ {2}\| > rejoin [0-9A-Z-]+\n {2}\| You are validator/);
    expect(out).toContain('      60 s    is not connected any more, so nothing happens\n');
    expect(out).toMatch(/ {6}61 s {2}end\n/);
  });

  it('plays instant chains, and ledgers, whose faucet has a name', async () => {
    const instant = await outOf(['with --consensus instant', 'at 0s Ada joins', 'at 1s Ada bpm 72', 'at 1s end']);
    expect(instant).toContain('       1 s    block 1: BPM 72 of Ada\n');
    const ledger = await outOf(
      ['with --ledger', 'at 0s Ada joins 100', 'at 90s Ada hangs up', 'at 91s Ada rejoins'],
      '--transcript',
    );
    expect(ledger).toContain("the faucet's, with BPM 0\n");
    expect(ledger).toContain('All its secrets come from the seed scenario.');
    expect(ledger).toMatch(/ {2}\| > login [0-9A-Z-]+\n {2}\| You are validator/);
  });

  it('plays chains of work, whose searches take their time', async () => {
    const lines = [
      'with --consensus work --difficulty 20000 --work-interval-ms 1s',
      'at 0s Ada joins',
      'at 0s Ada bpm 72',
      'at 0s Bob joins',
      'at 0s Bob bpm 80',
      'at 10s Ada bpm 73',
      'at 10s restart',
      'at 11s end',
    ];
    const out = await outOf(lines);
    expect(out).toMatch(/^ +\d+(?:\.\d+)? s {4}block 1: BPM 72 of Ada, found with nonce \d+$/m);
    expect(out).toMatch(/^ +\d+(?:\.\d+)? s {4}block 2: BPM 80 of Bob, found with nonce \d+$/m);
    expect(out).toContain('The chain: 3 blocks, which hold\n');
    expect(await outOf(lines)).toBe(out);
  });

  it('says where somebody could not do what the file wants', async () => {
    const out = await outOf([
      'at 0s Ada joins 5',
      'at 1s Ada joins 6',
      'at 2s Ada hangs up',
      'at 3s Ada rejoins',
      'at 4s kick Ada',
    ]);
    expect(out).toContain('       1 s    is connected already, so nothing happens\n');
    expect(out).toContain('       3 s    was told no way back, so nothing happens\n');
    expect(out).toContain('       4 s    is no validator now, so nothing happens\n');
  });

  it.each([
    [['at 0s Ada jumps'], 'lesson.txt: line 1: "Ada jumps" is not understood'],
    [
      ['with --port 9000', 'at 0s pause'],
      'lesson.txt: line 1: "--port" is not understood: with takes --lottery-interval-ms, ',
    ],
    [
      ['', 'with --slash-after 0', 'at 0s pause'],
      'lesson.txt: line 2: --slash-after 0 is wrong: it must be a whole number from 1',
    ],
    [['with fast', 'at 0s pause'], 'line 1: "fast" is not understood'],
  ])('refuses a file such as %j, and names the line', async (lines, words) => {
    const { code, err } = await play(lines);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  it('takes as many rounds as there may be, and no more', async () => {
    const lastMs = 10 * limits.roundsMax;
    const lines = (atMs: number): readonly string[] => ['with --lottery-interval-ms 10ms', `at ${atMs}ms pause`];
    const { code, err } = await play(lines(lastMs + 1));
    expect(code).toBe(2);
    expect(err).toContain('line 2: 1000001 ms are more than 100,000 times the 10 ms of a round');
  });

  it.each([
    [[], 'scenario takes one file, for example scenario lesson.txt'],
    [['a', 'b'], 'scenario takes one file'],
    [['a', '--json', '--transcript'], '--json and --transcript do not go together'],
  ])('refuses the words %j', async (words, why) => {
    const { code, err } = await runCommand(['scenario', ...words]);
    expect(code).toBe(2);
    expect(err).toContain(why);
  });

  it('refuses a seed that is no word, and a file that cannot be read', async () => {
    const wrong = await play(lesson, '--seed', 'two words');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--seed two words is wrong')]);
    const missing = await runCommand(['scenario', 'missing.txt']);
    expect([missing.code, missing.err]).toEqual([4, expect.stringContaining('missing.txt cannot be read')]);
    const large = await play(['#'.repeat(limits.fileBytesMax)]);
    expect([large.code, large.err]).toEqual([
      4,
      expect.stringContaining('more than the 1,048,576 that a scenario may have'),
    ]);
  });
});

describe('the page about tools', () => {
  it('shows what scenario prints', async () => {
    const page = readFileSync(new URL('../../../docs/tools.md', import.meta.url), 'utf8');
    const section = /\n## scenario\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
    const [file = '', shown = ''] = [...section.matchAll(/((?:\n {4}[^\n]*|\n(?=\n {4}))+)/g)].map(([text]) =>
      text.replaceAll('\n    ', '\n').trim(),
    );
    const [command, ...output] = shown.split('\n');
    expect(command).toBe('$ node dist/main.js scenario lesson.txt --seed monday');
    expect(`${output.join('\n')}\n`).toBe(await outOf(file.split('\n'), '--seed', 'monday'));
  });
});
