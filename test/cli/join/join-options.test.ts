import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/command-error.ts';
import { readJoinOptions } from '../../../src/cli/join/join-options.ts';
import { readAddress, shownAddress } from '../../../src/cli/join/server-address.ts';

describe('the address of a server', () => {
  it.each([
    [[], 'localhost', 9100, 'localhost:9100'],
    [['example.org'], 'example.org', 9100, 'example.org:9100'],
    [['10.0.0.7:9000'], '10.0.0.7', 9000, '10.0.0.7:9000'],
    [['[::1]:9000'], '::1', 9000, '[::1]:9000'],
    [['[::1]'], '::1', 9100, '[::1]:9100'],
    [['fe80::1%eth0'], 'fe80::1%eth0', 9100, '[fe80::1%eth0]:9100'],
    [['2001:db8::7'], '2001:db8::7', 9100, '[2001:db8::7]:9100'],
    [['9000'], 'localhost', 9000, 'localhost:9000'],
    [['localhost', '9000'], 'localhost', 9000, 'localhost:9000'],
  ])('is read from %j', (words, host, port, shown) => {
    expect(readAddress(words, 9100)).toEqual({ host, port });
    expect(shownAddress({ host, port })).toBe(shown);
  });

  it.each([
    [['localhost:0'], '"0" is no port'],
    [['localhost:65536'], '"65536" is no port'],
    [['localhost:'], '"" is no port'],
    [[':9000'], '"" is no name'],
    [['[::1'], 'is no name'],
    [['[::1]9000'], 'is no name'],
    [['http://localhost:9000'], 'is no name'],
    [['a b'], 'is no name'],
    [['\x1b[2J'], '"\\x1b[2J" is no name'],
    [['localhost', '9000', 'more'], '"more" is one word too many'],
  ])('is not %j', (words, why) => {
    expect(() => readAddress(words, 9100)).toThrow(UsageError);
    expect(() => readAddress(words, 9100)).toThrow(why);
  });
});

describe('the options of join', () => {
  it('leave everything to the person when there are none', () => {
    expect(readJoinOptions([])).toEqual({
      server: [],
      stake: undefined,
      bpm: undefined,
      everyMs: undefined,
      bots: undefined,
      rounds: undefined,
      page: undefined,
    });
  });

  it.each([
    [['--stake', '100', '--bpm', '60..100'], { stake: 100n, bpm: { min: 60n, max: 100n } }],
    [['--bpm=72', 'example.org'], { bpm: { min: 72n, max: 72n }, server: ['example.org'] }],
    [['--every', '5s'], { everyMs: 5000, bpm: { min: 60n, max: 100n } }],
    [['--every', '250ms', '--bpm', '1'], { everyMs: 250, bpm: { min: 1n, max: 1n } }],
    [['--every', 'once-per-round'], { everyMs: undefined, bpm: { min: 60n, max: 100n } }],
    [['--bots', '20'], { bots: { count: 20, stakes: { min: 1n, max: 1000n } }, bpm: { min: 60n, max: 100n } }],
    [
      ['--bots', '1', '--stakes', '5', '--rounds', '3'],
      { bots: { count: 1, stakes: { min: 5n, max: 5n } }, rounds: 3 },
    ],
    [['--page', 'http://192.168.1.7:9001/'], { page: 'http://192.168.1.7:9001' }],
  ])('are read from %j', (words, expected) => {
    expect(readJoinOptions(words)).toMatchObject(expected);
  });

  it.each([
    [['--stake', '0'], '--stake is "0", but must be a whole number from 1'],
    [['--stake', '1e3'], '--stake is "1e3"'],
    [['--bpm', '100..60'], '--bpm is "100..60", but must be a whole number from 0 to 2147483647, or a range of them'],
    [['--bpm', '2147483648'], '--bpm is'],
    [['--bpm', '60...100'], '--bpm is'],
    [['--every', '5'], '--every is "5", but must be once-per-round or a time'],
    [['--every', '1ms'], '--every is'],
    [['--every', '2000m'], '--every is'],
    [['--bots', '0'], '--bots is "0"'],
    [['--bots', '2', '--stakes', '0..5'], '--stakes is "0..5"'],
    [['--bots', '2', '--stake', '5'], '--stake is for one'],
    [['--stakes', '5'], '--stakes is for bots'],
    [['--rounds', '-1'], '--rounds'],
    [['--page', 'localhost:9001'], '--page is "localhost:9001", but must be the address of a page'],
    [['--colour'], 'there is no option --colour'],
  ])('are not %j', (words, why) => {
    expect(() => readJoinOptions(words)).toThrow(UsageError);
    expect(() => readJoinOptions(words)).toThrow(why);
  });
});
