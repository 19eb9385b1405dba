import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimestamp, timestampMs } from '../../src/core/timestamp.ts';

const moments = fc.date({
  min: new Date('0000-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});

describe('a timestamp', () => {
  it('is what toISOString prints, and stands for the moment that it was printed of', () => {
    fc.assert(
      fc.property(moments, (date) => {
        expect(isTimestamp(date.toISOString())).toBe(true);
        expect(timestampMs(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it.each([
    ['0000-01-01T00:00:00.000Z'],
    ['0000-12-31T23:59:59.999Z'],
    ['0001-01-01T00:00:00.000Z'],
    ['1900-02-28T12:00:00.000Z'],
    ['1969-12-31T23:59:59.999Z'],
    ['1970-01-01T00:00:00.000Z'],
    ['2000-02-29T00:00:00.000Z'],
    ['2000-03-01T00:00:00.000Z'],
    ['2024-02-29T23:59:59.999Z'],
    ['9999-12-31T23:59:59.999Z'],
  ])('stands for its moment: %s', (text) => {
    expect(timestampMs(text)).toBe(Date.parse(text));
  });

  it.each([
    ['1900-02-29T00:00:00.000Z'],
    ['2026-02-30T00:00:00.000Z'],
    ['2026-01-01T24:00:00.000Z'],
    ['2026-01-01T00:00:60.000Z'],
    ['2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00.000+00:00'],
    ['+010000-01-01T00:00:00.000Z'],
    ['-000001-01-01T00:00:00.000Z'],
    [''],
    [0],
    [null],
  ])('is not %j', (text) => {
    expect(isTimestamp(text)).toBe(false);
    if (typeof text === 'string') expect(() => timestampMs(text)).toThrow(RangeError);
  });
});
