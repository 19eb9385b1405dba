import { StringDecoder } from 'node:string_decoder';
import { messageOf } from '../../base/error-message.ts';
import { parseExact } from '../../core/exact-json.ts';
import { isUnreleased, unreleasedWords } from '../../core/parse-genesis.ts';
import { UnreadableError } from '../command-error.ts';
import { type ChainEntry, entryOf } from './chain-entry.ts';
import { ChainScanner, type ScannedItem } from './chain-scanner.ts';
import type { ChainEvent, ChainSource } from './chain-source.ts';

/** The chains in a text: as nc received them, or as they were exported. */
export class TextSource implements ChainSource {
  readonly name: string;
  readonly mark = undefined;
  readonly isStored = false;
  readonly cure = undefined;
  readonly #stream: NodeJS.ReadableStream;
  readonly #bytes: number | undefined;
  #read = 0;
  /** Whether lines of an export have begun a chain, or what is left of a broken one is passed over. */
  #lines: 'none' | 'chain' | 'rest' = 'none';
  /** The next entry is the first one of a chain. */
  #isFirst = true;

  constructor(name: string, stream: NodeJS.ReadableStream, bytes: number | undefined) {
    this.name = name;
    this.#stream = stream;
    this.#bytes = bytes;
  }

  async *events(): AsyncGenerator<ChainEvent> {
    const scanner = new ChainScanner();
    for await (const piece of this.#pieces()) {
      for (const item of scanner.read(piece)) yield* this.#eventsOf(item);
    }
    for (const item of scanner.finish()) yield* this.#eventsOf(item);
    if (this.#lines === 'chain') yield { kind: 'end' };
  }

  share(): number | undefined {
    return this.#bytes === undefined || this.#bytes === 0 ? undefined : this.#read / this.#bytes;
  }

  async close(): Promise<void> {
    if ('destroy' in this.#stream && typeof this.#stream.destroy === 'function') this.#stream.destroy();
  }

  /** The text, a character a byte: a chain has nothing but ASCII. Windows marks UTF-8 and UTF-16 by their first bytes. */
  async *#pieces(): AsyncGenerator<string> {
    let decoder: StringDecoder | undefined;
    try {
      for await (const chunk of this.#stream) {
        const bytes = Buffer.from(chunk);
        this.#read += bytes.length;
        const mark =
          decoder === undefined ? /^(?:\xef\xbb\xbf|\xff\xfe)?/.exec(bytes.toString('latin1', 0, 3))?.[0] : '';
        decoder ??= new StringDecoder(mark?.length === 2 ? 'utf16le' : 'latin1');
        yield decoder.write(bytes.subarray(mark?.length ?? 0));
      }
    } catch (error) {
      throw new UnreadableError(`${this.name} cannot be read: ${messageOf(error)}`);
    }
  }

  *#eventsOf(item: ScannedItem): Generator<ChainEvent> {
    switch (item.kind) {
      case 'begin':
        if (this.#lines === 'chain') yield { kind: 'end' };
        this.#lines = 'none';
        this.#isFirst = true;
        yield item;
        return;
      case 'entry':
        yield { kind: 'entry', entry: this.#released(entryOf(parseExact(item.text))) };
        return;
      case 'line': {
        const entry = entryOf(parseExact(item.text));
        const isFirst = typeof entry.block === 'object' && entry.block !== null && 'Genesis' in entry.block;
        if (this.#lines === 'rest' && !isFirst) return;
        if (this.#lines === 'chain' && isFirst) yield { kind: 'end' };
        if (this.#lines !== 'chain' || isFirst) yield { kind: 'begin' };
        this.#lines = 'chain';
        this.#isFirst ||= isFirst;
        yield { kind: 'entry', entry: this.#released(entry) };
        return;
      }
      case 'broken':
        this.#lines = 'rest';
        yield item;
        return;
      case 'end':
        yield item;
    }
  }

  /** The entry; throws an UnreadableError when it begins a chain of a version that was never released. */
  #released(entry: ChainEntry): ChainEntry {
    if (this.#isFirst && isUnreleased(entry.block)) {
      throw new UnreadableError(`the chain in ${this.name} ${unreleasedWords}`);
    }
    this.#isFirst = false;
    return entry;
  }
}
