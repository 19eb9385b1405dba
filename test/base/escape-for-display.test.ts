import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeForDisplay } from '../../src/base/escape-for-display.ts';

const lines = fc
  .array(fc.integer({ min: 0, max: 255 }), { maxLength: 100 })
  .map((codes) => String.fromCharCode(...codes));

describe('what a stranger typed', () => {
  it('is shown as printable ASCII, at most 64 characters of it', () => {
    fc.assert(
      fc.property(lines, (line) => {
        expect(escapeForDisplay(line)).toMatch(/^[ -~]{0,64}$/);
      }),
    );
  });

  it('is shown as it is where it is plain and short', () => {
    expect(escapeForDisplay('seventy-two "<b>" \'$(rm)\' 100%')).toBe('seventy-two "<b>" \'$(rm)\' 100%');
    expect(escapeForDisplay('')).toBe('');
  });

  it('has every other byte written out', () => {
    for (let code = 0; code < 256; code++) {
      const character = String.fromCharCode(code);
      const isPlain = code >= 0x20 && code <= 0x7e && character !== '\\';
      const hex = code.toString(16).padStart(2, '0');
      expect(escapeForDisplay(character)).toBe(isPlain ? character : character === '\\' ? '\\\\' : `\\x${hex}`);
    }
  });

  it('looks different where it is different, unless it is cut', () => {
    const short = lines.filter(
      (line) => escapeForDisplay(line).length <= 64 && !escapeForDisplay(line).endsWith('...'),
    );
    fc.assert(
      fc.property(short, short, (first, second) => {
        expect(escapeForDisplay(first) === escapeForDisplay(second)).toBe(first === second);
      }),
    );
  });

  it('is cut at 64 characters, never inside of an escape', () => {
    expect(escapeForDisplay('x'.repeat(64))).toBe('x'.repeat(64));
    expect(escapeForDisplay('x'.repeat(65))).toBe(`${'x'.repeat(61)}...`);
    expect(escapeForDisplay('\0'.repeat(16))).toBe('\\x00'.repeat(16));
    expect(escapeForDisplay('\0'.repeat(17))).toBe(`${'\\x00'.repeat(15)}...`);
  });
});
