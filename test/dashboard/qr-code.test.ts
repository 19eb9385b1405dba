import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type QrCode, qrCode } from '../../src/dashboard/page/qr-code.ts';

/** Codewords for correction in versions 1 to 5 at level L (ISO/IEC 18004, table 9). */
const corrections = [7, 10, 15, 20, 26];

/** Reads a code back as a scanner does, from the standard and not from the code that made it. */
function read(code: QrCode): { readonly text: string; readonly syndromes: readonly number[] } {
  const size = code.length;
  const version = (size - 17) / 4;
  const bits: boolean[] = [];
  for (let right = size - 1, isUpward = true; right > 0; right -= 2, isUpward = !isUpward) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const row = isUpward ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (isFunctionModule(row, column, size, version)) continue;
        bits.push((code[row]?.[column] === true) !== ((row + column) % 2 === 0));
      }
    }
  }
  const codewords: number[] = [];
  for (let place = 0; place + 8 <= bits.length; place += 8) {
    codewords.push(bits.slice(place, place + 8).reduce((byte, bit) => byte * 2 + (bit ? 1 : 0), 0));
  }
  const nibbles = codewords.flatMap((byte) => [byte >> 4, byte & 15]);
  expect(nibbles[0]).toBe(0b0100);
  const length = (nibbles[1] ?? 0) * 16 + (nibbles[2] ?? 0);
  const bytes = Array.from(
    { length },
    (_, place) => (nibbles[3 + 2 * place] ?? 0) * 16 + (nibbles[4 + 2 * place] ?? 0),
  );
  return { text: String.fromCharCode(...bytes), syndromes: syndromesOf(codewords, corrections[version - 1] ?? 0) };
}

function isFunctionModule(row: number, column: number, size: number, version: number): boolean {
  const isFinder = (row < 9 && column < 9) || (row < 9 && column >= size - 8) || (row >= size - 8 && column < 9);
  const middle = size - 7;
  const isAlignment = version > 1 && Math.abs(row - middle) <= 2 && Math.abs(column - middle) <= 2;
  return isFinder || isAlignment || row === 6 || column === 6;
}

/** All zero where the codewords are a multiple of the generator polynomial. */
function syndromesOf(codewords: readonly number[], count: number): readonly number[] {
  const logarithms = new Map<number, number>();
  const powers: number[] = [];
  for (let power = 0, value = 1; power < 255; power++, value = value >= 128 ? (value * 2) ^ 0x11d : value * 2) {
    logarithms.set(value, power);
    powers.push(value);
  }
  const product = (one: number, other: number): number => {
    const first = logarithms.get(one);
    const second = logarithms.get(other);
    return first === undefined || second === undefined ? 0 : (powers[(first + second) % 255] ?? 0);
  };
  return Array.from({ length: count }, (_, root) =>
    codewords.reduce((value, codeword) => product(value, powers[root] ?? 0) ^ codeword, 0),
  );
}

describe('a QR code', () => {
  it('is read back as the text it was made from, without an error to correct', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 106 }), (text) => {
        const code = qrCode(text);
        if (code === undefined) throw new Error('no code');
        const found = read(code);
        expect(found.text).toBe(text);
        expect(found.syndromes.every((syndrome) => syndrome === 0)).toBe(true);
      }),
    );
  });

  it('is as small as its text allows, and is not there for a text that is too long', () => {
    expect(qrCode('x'.repeat(17))).toHaveLength(21);
    expect(qrCode('x'.repeat(18))).toHaveLength(25);
    expect(qrCode('x'.repeat(106))).toHaveLength(37);
    expect(qrCode('x'.repeat(107))).toBeUndefined();
  });

  it('says in both places that it has level L and mask 0', () => {
    const code = qrCode('http://192.168.1.7:9001/') ?? [];
    const size = code.length;
    const dark = (row: number, column: number): string => (code[row]?.[column] === true ? '1' : '0');
    const along = [0, 1, 2, 3, 4, 5, 7].map((column) => dark(8, column)).join('');
    const down = [8, 7, 5, 4, 3, 2, 1, 0].map((row) => dark(row, 8)).join('');
    expect(along + down).toBe('111011111000100');
    const below = Array.from({ length: 7 }, (_, place) => dark(size - 1 - place, 8)).join('');
    const right = Array.from({ length: 8 }, (_, place) => dark(8, size - 8 + place)).join('');
    expect(below + right).toBe('111011111000100');
    expect(dark(size - 8, 8)).toBe('1');
  });
});
