import { describe, expect, it } from 'vitest';
import { nearestOf } from '../../src/cli/nearest.ts';
import { runVerb } from './run-verb.ts';

describe('help', () => {
  it('says the same as --help, for all and for a verb', () => {
    expect(runVerb(['help'])).toEqual(runVerb(['--help']));
    const { code, out, err } = runVerb(['help', 'verify']);
    expect(out).toMatch(/^Usage: node \S*main\.js verify /m);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(runVerb(['verify', '--help']).out).toBe(out);
  });

  it('suggests the verb that was probably meant, and names all of them', () => {
    const { code, out, err } = runVerb(['help', 'verfiy']);
    expect(err).toMatch(/^sortition: "verfiy" is not understood: did you mean verify\? The verbs are serve, .*\n$/);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(runVerb(['dcotor']).err).toContain('did you mean doctor?');
    expect(runVerb(['quux']).err).toContain('"quux" is not understood: the verbs are serve, join, ');
  });

  it('of a part of lab is that part alone', () => {
    const tamper = runVerb(['lab', 'tamper', '--help']).out;
    expect(tamper).toMatch(/^Usage: node \S*main\.js lab tamper /);
    expect(tamper).not.toContain('lab attack');
    expect(runVerb(['help', 'lab', 'attack']).out).not.toContain('lab tamper');
    const both = runVerb(['lab', '--help']).out;
    expect(both).toContain('lab tamper');
    expect(both).toContain('lab attack');
  });

  it('names commands that can be typed where somebody is', () => {
    const [, command = ''] = /^Usage: (node \S*main\.js) verify /m.exec(runVerb(['help', 'verify']).out) ?? [];
    expect(command).toMatch(/^node \S+$/);
    expect(runVerb(['help', 'verify'], { directory: new URL('../..', import.meta.url).pathname }).out).toContain(
      'Usage: node dist/main.js verify ',
    );
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
