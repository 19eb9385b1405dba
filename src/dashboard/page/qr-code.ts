/**
 * Versions 1 to 5 at error correction level L (ISO/IEC 18004, table 9): one block each, which is all that the address of a page needs. On
 * a screen nothing is torn or stained, so the lowest level is the one that is read from furthest away.
 */
const versions: readonly { readonly data: number; readonly correction: number; readonly alignment: number }[] = [
  { data: 19, correction: 7, alignment: 0 },
  { data: 34, correction: 10, alignment: 18 },
  { data: 55, correction: 15, alignment: 22 },
  { data: 80, correction: 20, alignment: 26 },
  { data: 108, correction: 26, alignment: 30 },
];

/** The format information of level L with mask 0, already masked itself (table C.1). */
const format = 0b111_0111_1100_0100;

/** Dark modules are true. */
export type QrCode = readonly (readonly boolean[])[];

/** A QR code of an ASCII text of at most 106 characters; undefined for a longer one. */
export function qrCode(text: string): QrCode | undefined {
  const place = versions.findIndex(({ data }) => text.length + 2 <= data);
  const version = versions[place];
  if (version === undefined) return undefined;
  const data = dataOf(text, version.data);
  const symbol = new QrSymbol(17 + 4 * (place + 1), version.alignment);
  symbol.fill([...data, ...correctionOf(data, version.correction)]);
  return symbol.modules;
}

/** Byte mode, the length, the text, a terminator, and padding (7.4). */
function dataOf(text: string, length: number): readonly number[] {
  const bytes = [...text].map((character) => character.charCodeAt(0));
  const nibbles = [0b0100, bytes.length >> 4, bytes.length & 15, ...bytes.flatMap((byte) => [byte >> 4, byte & 15]), 0];
  const data: number[] = [];
  for (let place = 0; place < nibbles.length; place += 2) {
    data.push(((nibbles[place] ?? 0) << 4) | (nibbles[place + 1] ?? 0));
  }
  for (let padding = 0; data.length < length; padding++) data.push(padding % 2 === 0 ? 0xec : 0x11);
  return data;
}

/** The remainder of a division by the generator polynomial over GF(256) (7.5.2). */
function correctionOf(data: readonly number[], length: number): readonly number[] {
  let generator = [1];
  for (let power = 0, root = 1; power < length; power++, root = product(root, 2)) {
    const shifted = [...generator, 0];
    for (const [place, factor] of generator.entries())
      shifted[place + 1] = (shifted[place + 1] ?? 0) ^ product(factor, root);
    generator = shifted;
  }
  const rest = [...data, ...new Array<number>(length).fill(0)];
  for (let place = 0; place < data.length; place++) {
    const lead = rest[place] ?? 0;
    for (const [offset, factor] of generator.entries()) {
      rest[place + offset] = (rest[place + offset] ?? 0) ^ product(factor, lead);
    }
  }
  return rest.slice(data.length);
}

/** Multiplication in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function product(one: number, other: number): number {
  let result = 0;
  for (let bit = 7; bit >= 0; bit--) {
    result = (result << 1) ^ ((result >> 7) * 0x11d);
    if ((other >> bit) & 1) result ^= one;
  }
  return result;
}

class QrSymbol {
  readonly modules: boolean[][];
  readonly #isFixed: boolean[][];
  readonly #size: number;

  constructor(size: number, alignment: number) {
    this.#size = size;
    this.modules = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
    this.#isFixed = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
    for (let place = 0; place < size; place++) {
      this.#fix(6, place, place % 2 === 0);
      this.#fix(place, 6, place % 2 === 0);
    }
    this.#finder(3, 3);
    this.#finder(3, size - 4);
    this.#finder(size - 4, 3);
    if (alignment > 0) this.#square(alignment, alignment, 2, (ring) => ring !== 1);
    this.#format();
  }

  /** Places the codewords in columns of two from the lower right, up and down in turn, under mask 0 (7.7.3, 7.8.2). */
  fill(codewords: readonly number[]): void {
    let bit = 0;
    let isUpward = true;
    for (let right = this.#size - 1; right > 0; right -= 2) {
      // The column of the timing pattern is passed over.
      if (right === 6) right -= 1;
      for (let step = 0; step < this.#size; step++) {
        const row = isUpward ? this.#size - 1 - step : step;
        for (const column of [right, right - 1]) {
          if (this.#isFixed[row]?.[column] !== false) continue;
          const isDark = (((codewords[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
          this.#set(row, column, isDark !== ((row + column) % 2 === 0));
          bit += 1;
        }
      }
      isUpward = !isUpward;
    }
  }

  #finder(row: number, column: number): void {
    this.#square(row, column, 4, (ring) => ring !== 2 && ring !== 4);
  }

  #square(row: number, column: number, radius: number, isDark: (ring: number) => boolean): void {
    for (let down = -radius; down <= radius; down++) {
      for (let across = -radius; across <= radius; across++) {
        this.#fix(row + down, column + across, isDark(Math.max(Math.abs(down), Math.abs(across))));
      }
    }
  }

  /** Twice, around the finders (7.9.1). */
  #format(): void {
    const last = this.#size - 1;
    for (let bit = 0; bit < 15; bit++) {
      const isDark = ((format >> bit) & 1) === 1;
      const along = bit < 6 ? bit : bit < 8 ? bit + 1 : 14 - bit + (bit === 8 ? 1 : 0);
      if (bit < 8) this.#fix(along, 8, isDark);
      else this.#fix(8, along, isDark);
      if (bit < 8) this.#fix(8, last - bit, isDark);
      else this.#fix(last - 14 + bit, 8, isDark);
    }
    this.#fix(last - 7, 8, true);
  }

  #fix(row: number, column: number, isDark: boolean): void {
    const fixed = this.#isFixed[row];
    if (fixed === undefined || column < 0 || column >= this.#size) return;
    fixed[column] = true;
    this.#set(row, column, isDark);
  }

  #set(row: number, column: number, isDark: boolean): void {
    const modules = this.modules[row];
    if (modules !== undefined) modules[column] = isDark;
  }
}
