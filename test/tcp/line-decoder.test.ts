import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/tcp/limits.ts';
import { LineDecoder, lineTooLong } from '../../src/tcp/line-decoder.ts';

type Line = string | typeof lineTooLong;

/** All lines of these chunks, and the last one without its LF when the peer closes its side. */
function decode(chunks: readonly (string | Buffer)[], closes = false): readonly Line[] {
  const decoder = new LineDecoder();
  const lines: Line[] = [];
  for (const chunk of chunks) {
    decoder.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk);
    for (let line = decoder.next(); line !== undefined; line = decoder.next()) lines.push(line);
  }
  const last = closes ? decoder.finish() : undefined;
  return last === undefined ? lines : [...lines, last];
}

/** Bytes in which everything that means something is frequent. */
const bytes = fc
  .array(
    fc.oneof(fc.constantFrom(0x0a, 0x0d, 0x20, 0x09, 0xff, 0xfa, 0xf0, 0xfb, 0x37), fc.integer({ min: 0, max: 255 })),
    {
      maxLength: 60,
    },
  )
  .map((list) => Buffer.from(list));

function cut(whole: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...places.map((place) => place % (whole.length + 1)), whole.length].sort((a, b) => a - b);
  return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
}

describe('lines', () => {
  it('are the same however the bytes are cut into chunks', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 8 }), (whole, places) => {
        expect(decode(cut(whole, places), true)).toEqual(decode([whole], true));
        expect(
          decode(
            [...whole].map((byte) => Buffer.from([byte])),
            true,
          ),
        ).toEqual(decode([whole], true));
      }),
    );
  });

  it('are what splitting at LF, dropping one CR and trimming blanks gives, where there is no telnet', () => {
    const plain = bytes.map((whole) => Buffer.from(whole.map((byte) => (byte === 0xff ? 0x41 : byte))));
    fc.assert(
      fc.property(plain, (whole) => {
        const lines = whole.toString('latin1').split('\n').slice(0, -1);
        const expected = lines.map((line) => line.replace(/\r$/, '').replace(/^[ \t]+|[ \t]+$/g, ''));
        expect(decode([whole])).toEqual(expected);
      }),
    );
  });

  it.each([
    ['100\n', ['100']],
    ['100\r\n72\n', ['100', '72']],
    [' \t 100 \t \n', ['100']],
    ['\n\r\n  \n', ['', '', '']],
    ['1 0\t0\n', ['1 0\t0']],
    ['1\r2\n', ['1\r2']],
    ['100\r\r\n', ['100\r']],
    ['a\0b\n', ['a\0b']],
    ['\u00a0100\n', ['\u00a0100']],
  ])('in %j are %j', (text, lines) => {
    expect(decode([text])).toEqual(lines);
  });

  it('are not complete before their LF comes', () => {
    expect(decode(['72'])).toEqual([]);
    expect(decode(['72', '\n'])).toEqual(['72']);
  });

  it('count at the end even without an LF, unless there is nothing', () => {
    expect(decode(['100\n72'], true)).toEqual(['100', '72']);
    expect(decode(['100\n72\r'], true)).toEqual(['100', '72']);
    expect(decode(['100\n'], true)).toEqual(['100']);
    expect(decode([], true)).toEqual([]);
  });

  it('can be taken one at a time, in the middle of a chunk', () => {
    const decoder = new LineDecoder();
    decoder.push(Buffer.from('1\n2\n3'));
    expect(decoder.next()).toBe('1');
    decoder.push(Buffer.from('4\n5'));
    expect([decoder.next(), decoder.next(), decoder.next()]).toEqual(['2', '34', undefined]);
    expect(decoder.finish()).toBe('5');
  });
});

describe('the length of a line', () => {
  const longest = 'x'.repeat(limits.lineBytesMax);

  it('may be 4096 bytes, with a CR LF behind them', () => {
    expect(limits.lineBytesMax).toBe(4096);
    expect(decode([`${longest}\n`])).toEqual([longest]);
    expect(decode([`${longest}\r\n72\n`])).toEqual([longest, '72']);
    expect(decode([`${longest}\r`, '\n'])).toEqual([longest]);
    expect(decode([longest], true)).toEqual([longest]);
  });

  it('may not be 4097 bytes, and that is said before an LF comes', () => {
    expect(decode([`${longest}x`])).toEqual([lineTooLong]);
    expect(decode([longest, 'x'])).toEqual([lineTooLong]);
    expect(decode([`${longest}\rx`])).toEqual([lineTooLong]);
    expect(decode([`${longest}x\n`])).toEqual([lineTooLong]);
  });

  it('counts blanks', () => {
    expect(decode([`72${' '.repeat(4094)}\n`])).toEqual(['72']);
    expect(decode([`72${' '.repeat(4095)}\n`])).toEqual([lineTooLong]);
  });

  it('is said to be too long once, and nothing comes after it', () => {
    expect(decode([`1\n${longest}${longest}\n2\n`, '3\n'], true)).toEqual(['1', lineTooLong]);
  });

  it('is the length of that line alone', () => {
    const many = `${longest}\n`.repeat(40);
    expect(decode([many])).toHaveLength(40);
  });
});

describe('telnet', () => {
  it.each([
    ['an offer', '\xff\xfb\x18100\n', ['100']],
    ['a demand in the middle of a number', '1\xff\xfd\x0100\n', ['100']],
    ['an option that has the number of an LF', '1\xff\xfe\n00\n', ['100']],
    ['a subnegotiation', '\xff\xfa\x18\x00xterm\n\xff\xf0100\n', ['100']],
    ['a doubled IAC in a subnegotiation', '\xff\xfa\x18\xff\xff\xf0\xff\xf0100\n', ['100']],
    ['a command without an option', '\xff\xf1100\xff\xf4\n', ['100']],
  ])('is skipped: %s', (_, text, lines) => {
    expect(decode([text])).toEqual(lines);
    expect(decode([...Buffer.from(text, 'latin1')].map((byte) => Buffer.from([byte])))).toEqual(lines);
  });

  it('writes the byte 255 twice', () => {
    expect(decode(['a\xff\xffb\n'])).toEqual(['a\xffb']);
  });

  it('never swallows an LF that is not part of it', () => {
    expect(decode(['72\xff\n73\n'])).toEqual(['72', '73']);
    expect(decode(['72\xffx\n'])).toEqual(['72x']);
  });

  it.each([
    ['one command', '\xff\xfa\x18', 'x'],
    ['many commands', '\xff\xfa\x18\xff\xf0\xff', '\xf1\xff'],
  ])('may not go on for ever without a line: %s', (_, opening, more) => {
    const rest = more.repeat((limits.telnetBytesMax - opening.length) / more.length);
    expect(decode([opening + rest])).toEqual([]);
    expect(decode([opening + rest, `${more}x`])).toEqual([lineTooLong]);
  });

  it('takes nothing away from what may be typed, and counts from line to line', () => {
    const command = '\xff\xf1'.repeat(limits.telnetBytesMax / 2);
    const longest = '7'.repeat(limits.lineBytesMax);
    expect(decode([`${command}${longest}\n`.repeat(3)])).toEqual([longest, longest, longest]);
    expect(decode([`${command}${longest}7\n`])).toEqual([lineTooLong]);
    expect(decode([`${command}\xff\xf1${longest}\n`])).toEqual([lineTooLong]);
    expect(decode([`${'\xff\xff'.repeat(4096)}\n`])).toEqual(['\xff'.repeat(4096)]);
  });
});
