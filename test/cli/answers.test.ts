import { Readable } from 'node:stream';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { type Answers, withAnswers } from '../../src/cli/answers.ts';
import type { CommandInput, CommandIo } from '../../src/cli/command.ts';
import { limits } from '../../src/cli/limits.ts';
import { Typist } from './typist.ts';

function ioOf(input: CommandInput, screen: CommandIo['errors']): CommandIo {
  return { input, output: screen, errors: screen, environment: {}, paint: new Chalk({ level: 0 }), version: '0' };
}

function piped<T>(chunks: readonly (string | Buffer)[], use: (answers: Answers) => Promise<T>): Promise<T> {
  return withAnswers(ioOf(Readable.from(chunks), new Typist().screen), use);
}

function typed<T>(typist: Typist, use: (answers: Answers) => Promise<T>): Promise<T> {
  return withAnswers(ioOf(typist.input, typist.screen), use);
}

async function askTwice(answers: Answers): Promise<readonly string[]> {
  return [await answers.ask('Name: ', 'the name'), await answers.askSecret('Secret: ', 'the secret')];
}

describe('answers from a pipe', () => {
  it.each([
    [['alice\nsecret word\n']],
    [['al', 'ice\r\nsecr', 'et word']],
    [[Buffer.from('\ufeffalice\nsecret word\nmore\n')]],
  ])('are its lines, however they are split: %j', async (chunks) => {
    expect(await piped(chunks, askTwice)).toEqual(['alice', 'secret word']);
  });

  it('keep the spaces of a line, and characters that are split', async () => {
    const bytes = Buffer.from(' ö \n€\n');
    expect(
      await piped(
        [...bytes].map((byte) => Buffer.of(byte)),
        askTwice,
      ),
    ).toEqual([' ö ', '€']);
  });

  it('may be all that is left', async () => {
    const answers = piped(['a\nb\nc\n'], async (all) => [await all.ask('', 'a'), await all.askRest('', 'the rest')]);
    expect(await answers).toEqual(['a', 'b\nc']);
  });

  it('that end too early, are no text or have no end are refused by what was to come', async () => {
    await expect(piped(['alice\n'], askTwice)).rejects.toThrow('standard input ended, and the secret was to come');
    await expect(piped([Buffer.of(0xff, 0x0a)], askTwice)).rejects.toThrow('the name on standard input is not text');
    const endless = (length: number): Promise<readonly string[]> =>
      piped(['x'.repeat(length)], async (answers) => [await answers.ask('', 'x')]);
    await expect(endless(limits.answersBytesMax)).resolves.toHaveLength(1);
    await expect(endless(limits.answersBytesMax + 1)).rejects.toThrow('more than 65536 bytes');
  });
});

describe('answers at a terminal', () => {
  it('are shown, but for the secret ones, and the terminal is given back', async () => {
    const typist = new Typist('alice', 'hush\x7fh hush');
    expect(await typed(typist, askTwice)).toEqual(['alice', 'hush hush']);
    expect(typist.shown).toContain('Name: alice');
    expect(typist.shown).not.toContain('hu');
    expect(typist.input.isRaw).toBe(false);
  });

  it('count when they are typed before the question', async () => {
    const typist = new Typist('alice\rhush hush', '');
    expect(await typed(typist, askTwice)).toEqual(['alice', 'hush hush']);
    expect(typist.shown).not.toContain('hu');
  });

  it.each([
    ['Ctrl-C', '\x03'],
    ['Ctrl-D', '\x04'],
  ])('end with %s, and the terminal is given back', async (_, key) => {
    const typist = new Typist('alice', key);
    let wasRaw = false;
    const asking = typed(typist, async (answers) => {
      wasRaw = typist.input.isRaw;
      return askTwice(answers);
    });
    await expect(asking).rejects.toThrow('stopped, and nothing was changed');
    expect([wasRaw, typist.input.isRaw]).toEqual([true, false]);
  });
});
