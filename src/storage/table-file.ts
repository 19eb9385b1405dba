import { readFileSync } from 'node:fs';

/**
 * A table of LevelDB (doc/table_format.md of its source): blocks of entries with a checksum each, an index of them, and a footer that says where
 * the index is. LevelDB itself skips the checksums when it reads, believes a damaged block, and may even end the process because of it.
 */

const footerBytes = 48;
/** The last eight bytes of every table. */
const magic = Buffer.from('57fb808b247547db', 'hex');
/** A byte for the compression, four for the checksum. */
const trailerBytes = 5;
/** Bytes that LevelDB appends to a user's key: a sequence number and the kind of the entry. */
const internalBytes = 8;
const kindOfValue = 1;
const snappy = 1;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

interface TableEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Describes the damage of a table; undefined when the checksum of each block is right. Throws the system's error when the file cannot be read. */
export function findTableDamage(file: string): string | undefined {
  try {
    const bytes = readFileSync(file);
    const { index, metaIndex } = readFooter(bytes);
    const filters = [...entriesOf(readBlock(bytes, metaIndex))];
    const blocks = [...entriesOf(readBlock(bytes, index))];
    for (const { value } of [...blocks, ...filters]) checkBlock(bytes, readHandle(value, 0).handle);
    return undefined;
  } catch (error) {
    if (error instanceof TableDamage || error instanceof RangeError) return error.message;
    throw error;
  }
}

/** The keys and values of the intact blocks of a table; none when the index of its blocks is damaged. */
export function* wholeEntries(file: string): Generator<readonly [key: string, value: string]> {
  const bytes = readFileSync(file);
  for (const { value: place } of tryEntries(() => readBlock(bytes, readFooter(bytes).index))) {
    for (const { key, value } of tryEntries(() => readBlock(bytes, readHandle(place, 0).handle))) {
      const end = key.length - internalBytes;
      if (end > 0 && key[end] === kindOfValue) yield [key.toString('utf8', 0, end), value.toString('utf8')];
    }
  }
}

class TableDamage extends Error {
  override readonly name = 'TableDamage';
}

/** The entries of a block; none when it is damaged. */
function tryEntries(read: () => Buffer): readonly TableEntry[] {
  try {
    return [...entriesOf(read())];
  } catch (error) {
    if (error instanceof TableDamage || error instanceof RangeError) return [];
    throw error;
  }
}

function readFooter(bytes: Buffer): { readonly index: Handle; readonly metaIndex: Handle } {
  const start = bytes.length - footerBytes;
  if (start < 0 || !bytes.subarray(-magic.length).equals(magic)) throw new TableDamage('its end is damaged');
  const { handle: metaIndex, end } = readHandle(bytes, start);
  return { metaIndex, index: readHandle(bytes, end).handle };
}

function checkBlock(bytes: Buffer, { offset, size }: Handle): void {
  const end = offset + size + 1;
  const isWhole =
    offset + size + trailerBytes <= bytes.length && maskedSum(bytes, offset, end) === bytes.readUInt32LE(end);
  if (!isWhole) throw new TableDamage(`something in bytes ${offset} to ${offset + size + trailerBytes - 1} is damaged`);
}

/** The content of a block. Throws a TableDamage when its checksum is wrong. */
function readBlock(bytes: Buffer, handle: Handle): Buffer {
  checkBlock(bytes, handle);
  const content = bytes.subarray(handle.offset, handle.offset + handle.size);
  return bytes[handle.offset + handle.size] === snappy ? uncompressed(content) : content;
}

/** The entries of a block. Each key is stored without the bytes that it shares with the key before it. */
function* entriesOf(block: Buffer): Generator<TableEntry> {
  // The entries are followed by a list of restart points and its length.
  const end = block.length - 4 - 4 * block.readUInt32LE(block.length - 4);
  let key: Buffer = Buffer.alloc(0);
  let place = 0;
  while (place < end) {
    const shared = readNumber(block, place);
    const rest = readNumber(block, shared.end);
    const length = readNumber(block, rest.end);
    const keyEnd = length.end + rest.value;
    key = Buffer.concat([key.subarray(0, shared.value), block.subarray(length.end, keyEnd)]);
    place = keyEnd + length.value;
    yield { key, value: block.subarray(keyEnd, place) };
  }
}

function readHandle(bytes: Buffer, place: number): { readonly handle: Handle; readonly end: number } {
  const offset = readNumber(bytes, place);
  const size = readNumber(bytes, offset.end);
  return { handle: { offset: offset.value, size: size.value }, end: size.end };
}

/** A varint: seven bits a byte, the lowest first. */
function readNumber(bytes: Buffer, place: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let count = 0; ; count++) {
    const byte = bytes.readUInt8(place + count);
    value += (byte & 0x7f) * 2 ** (7 * count);
    if (byte < 0x80) return { value, end: place + count + 1 };
  }
}

/** Decompresses Snappy (format_description.txt of its source): the length, then literals and copies of earlier output. */
function uncompressed(bytes: Buffer): Buffer {
  const length = readNumber(bytes, 0);
  const output = Buffer.alloc(length.value);
  let written = 0;
  let place = length.end;
  while (place < bytes.length) {
    const tag = bytes.readUInt8(place);
    const kind = tag & 3;
    place += 1;
    if (kind === 0) {
      const short = tag >> 2;
      const extra = Math.max(0, short - 59);
      const size = (extra === 0 ? short : bytes.readUIntLE(place, extra)) + 1;
      place += extra;
      bytes.copy(output, written, place, place + size);
      place += size;
      written += size;
      continue;
    }
    const size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back = kind === 1 ? ((tag >> 5) << 8) | bytes.readUInt8(place) : bytes.readUIntLE(place, kind === 2 ? 2 : 4);
    place += kind === 1 ? 1 : kind === 2 ? 2 : 4;
    // A copy may overlap its own output, so it goes byte by byte.
    for (let end = written + size; written < end; written++) output[written] = output[written - back] ?? 0;
  }
  return output;
}

/**
 * CRC-32C (RFC 3720, B.4) of some bytes, masked as LevelDB does, because a CRC of data that contains CRCs is weak. Eight bytes at a time: every start reads
 * all tables, which are hundreds of megabytes of a long chain.
 */
function maskedSum(bytes: Buffer, start: number, end: number): number {
  let sum = -1;
  let place = start;
  for (const last = end - 8; place <= last; place += 8) {
    sum =
      remainderOf(7, (byteAt(bytes, place) ^ sum) & 0xff) ^
      remainderOf(6, (byteAt(bytes, place + 1) ^ (sum >>> 8)) & 0xff) ^
      remainderOf(5, (byteAt(bytes, place + 2) ^ (sum >>> 16)) & 0xff) ^
      remainderOf(4, byteAt(bytes, place + 3) ^ (sum >>> 24)) ^
      remainderOf(3, byteAt(bytes, place + 4)) ^
      remainderOf(2, byteAt(bytes, place + 5)) ^
      remainderOf(1, byteAt(bytes, place + 6)) ^
      remainderOf(0, byteAt(bytes, place + 7));
  }
  for (; place < end; place++) sum = remainderOf(0, (sum ^ byteAt(bytes, place)) & 0xff) ^ (sum >>> 8);
  sum = ~sum >>> 0;
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

function byteAt(bytes: Buffer, place: number): number {
  return bytes[place] ?? 0;
}

/** The CRC-32C of a byte with so many zero bytes behind it. */
function remainderOf(zeros: number, byte: number): number {
  return remainders[(zeros << 8) | byte] ?? 0;
}

/** The CRC-32C of each single byte, with no zero byte behind it, with one, and so on up to seven. */
const remainders = makeRemainders();

function makeRemainders(): Int32Array {
  const sums = new Int32Array(8 * 2 ** 8);
  for (let place = 0; place < sums.length; place++) {
    const isAlone = place < 2 ** 8;
    let remainder = isAlone ? place : (sums[place - 2 ** 8] ?? 0);
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0x82f63b78 : 0);
    sums[place] = remainder;
  }
  return sums;
}
