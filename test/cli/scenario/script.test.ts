import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/cli/scenario/limits.ts';
import { parseScript, type Script } from '../../../src/cli/scenario/script.ts';

function scriptOf(text: string): Script {
  const parsed = parseScript(text);
  if ('why' in parsed) throw new Error(parsed.why);
  return parsed.value;
}

function faultOf(text: string): string {
  const parsed = parseScript(text);
  if ('value' in parsed) throw new Error('it is a script');
  return parsed.why;
}

describe('a scenario', () => {
  it('has settings, people and the operator, each in a line, with comments and empty lines in between', () => {
    const { settings, steps } = scriptOf(
      [
        '# A lesson.',
        'with --lottery-interval-ms 5s --slash-after=2 # quick',
        '',
        'at 0s Ada joins 100',
        '  at 500ms   Bob-2 joins  ',
        'at 2s Ada bpm 72\r',
        'at 2s Ada types send #1 away',
        'at 1m Ada quits',
        'at 61000 Bob-2 hangs up',
        'at 61s Bob-2 rejoins',
        'at 62s say We begin, all of us',
        'at 63s kick Bob-2',
        'at 64s restart',
        'at 65s end',
      ].join('\n'),
    );
    expect(settings).toEqual([{ line: 2, words: ['--lottery-interval-ms', '5s', '--slash-after=2'] }]);
    expect(steps.map(({ line, atMs, what }) => [line, atMs, what])).toEqual([
      [4, 0, { person: 'Ada', deed: { kind: 'joins', stake: '100' } }],
      [5, 500, { person: 'Bob-2', deed: { kind: 'joins', stake: undefined } }],
      [6, 2000, { person: 'Ada', deed: { kind: 'types', line: '72' } }],
      [7, 2000, { person: 'Ada', deed: { kind: 'types', line: 'send' } }],
      [8, 60_000, { person: 'Ada', deed: { kind: 'types', line: 'quit' } }],
      [9, 61_000, { person: 'Bob-2', deed: { kind: 'hangs up' } }],
      [10, 61_000, { person: 'Bob-2', deed: { kind: 'rejoins' } }],
      [11, 62_000, { order: { kind: 'say', line: 'We begin, all of us' } }],
      [12, 63_000, { order: { kind: 'kick', person: 'Bob-2' } }],
      [13, 64_000, { order: { kind: 'restart' } }],
      [14, 65_000, { order: { kind: 'end' } }],
    ]);
  });

  it.each([
    ['', 'nothing happens in it: it needs a line such as at 0s Ada joins 100'],
    ['# only words', 'nothing happens in it'],
    [
      '0s Ada joins 100',
      'line 1: "0s Ada joins 100" is not understood: a line begins with "at" and a time, or with "with" and settings. For example: at 2s Ada bpm 72',
    ],
    ['at 2s', 'line 1: "at 2s" is not understood'],
    [
      'at 1.5s Ada joins',
      'line 1: "1.5s" is not understood: a time is a whole number of ms, s or m. For example: at 90s Ada bpm 72',
    ],
    [
      'at 2s Ada joins\n\nat 1999ms Ada bpm 1',
      'line 3: "1999ms" is not understood: time does not go back: the line above it is at 2000 ms. For example: at 2000ms Ada bpm 1',
    ],
    ['at 0s Ada joins\nwith --ledger', 'line 2: with stands above the first line with a time'],
    ['at 0s Ada jumps', 'line 1: "Ada jumps" is not understood: a person joins STAKE, bpm NUMBER'],
    ['at 0s Ada joins ten', 'line 1: "Ada joins ten" is not understood'],
    ['at 0s Ada joins\nat 1s Ada bpm 7.5', 'line 2: "Ada bpm 7.5" is not understood'],
    [
      'at 0s Ada bpm 72',
      'line 1: "Ada bpm 72" is not understood: Ada has not joined. For example: at 0s Ada joins 100 before it',
    ],
    ['at 0s Ada rejoins', 'Ada has not joined'],
    ['at 0s 4da joins', 'line 1: "4da" is not understood: a name has 1 to 20 letters'],
    ['at 0s \u001b[31m joins', String.raw`line 1: "\x1b[31m" is not understood`],
    ['at 0s dance', 'line 1: "dance" is not understood: a name has'],
    ['at 0s pause now', 'line 1: "pause now" is not understood: pause stands alone. For example: at 60s pause'],
    ['at 0s say', 'say needs what is said'],
    ['at 0s kick Eve', 'kick needs the name of a person who has joined'],
    ['at 1s end\nat 2s pause', 'line 2: "at 2s pause" is not understood: nothing comes behind the end'],
  ])('is refused where it is %j', (text, words) => {
    expect(faultOf(text)).toContain(words);
  });

  it('takes names as long as they may be, and none that is longer', () => {
    const longest = 'A'.repeat(limits.nameCharactersMax);
    expect(scriptOf(`at 0s ${longest} joins`).steps).toHaveLength(1);
    expect(faultOf(`at 0s ${longest}A joins`)).toContain('a name has 1 to 20 letters');
  });
});
