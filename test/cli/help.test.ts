import { describe, expect, it } from 'vitest';
import { nearestOf } from '../../src/cli/nearest.ts';
import { runCommand } from './run-command.ts';

describe('help', () => {
  it('says the same as --help, for all and for a verb', async () => {
    expect(await runCommand(['help'])).toEqual(await runCommand(['--help']));
    const { code, out, err } = await runCommand(['help', 'verify']);
    expect(out).toMatch(/^Usage: node \S*main\.js verify /m);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect((await runCommand(['verify', '--help'])).out).toBe(out);
  });

  it('suggests the verb that was probably meant, and names all of them', async () => {
    const { code, out, err } = await runCommand(['help', 'verfiy']);
    expect(err).toMatch(/^sortition: "verfiy" is not understood: did you mean verify\? The verbs are serve, .*\n$/);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect((await runCommand(['dcotor'])).err).toContain('did you mean doctor?');
    expect((await runCommand(['quux'])).err).toContain('"quux" is not understood: the verbs are serve, join, ');
  });

  it('of a part of lab is that part alone', async () => {
    const tamper = (await runCommand(['lab', 'tamper', '--help'])).out;
    expect(tamper).toMatch(/^Usage: node \S*main\.js lab tamper /);
    expect(tamper).not.toContain('lab attack');
    expect((await runCommand(['help', 'lab', 'attack'])).out).not.toContain('lab tamper');
    const both = (await runCommand(['lab', '--help'])).out;
    expect(both).toContain('lab tamper');
    expect(both).toContain('lab attack');
  });

  it('names commands that can be typed where somebody is', async () => {
    const [, command = ''] =
      /^Usage: (node \S*main\.js) verify /m.exec((await runCommand(['help', 'verify'])).out) ?? [];
    expect(command).toMatch(/^node \S+$/);
    expect(
      (await runCommand(['help', 'verify'], { directory: new URL('../..', import.meta.url).pathname })).out,
    ).toContain('Usage: node dist/main.js verify ');
  });
});

describe('the nearest of some names', () => {
  const names = ['serve', 'join', 'verify', 'export'];

  it.each([
    ['verfy', 'verify'],
    ['VERIFY', 'verify'],
    ['evrify', 'verify'],
    ['jion', 'join'],
    ['exp', 'export'],
    ['serv', 'serve'],
  ])('to %s is %s', (word, name) => {
    expect(nearestOf(word, names)).toBe(name);
  });

  it.each(['', 'x', 'xy', 'quux', 'verrrrify', 'je'])('to "%s" is none', (word) => {
    expect(nearestOf(word, names)).toBeUndefined();
  });
});
