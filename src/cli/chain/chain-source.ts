import { createReadStream, existsSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { Candidate } from '../../core/pool.ts';
import { ChainError } from '../../engine/ports.ts';
import { printable } from '../../protocol/printable.ts';
import { readPool } from '../../store/pool-text.ts';
import { LockedError, StoredChain } from '../../store/stored-chain.ts';
import { ChainScanner, type Finding } from './chain-scanner.ts';

/** A block with the pool it was drawn from, as somebody gives them: nothing of it is checked yet. */
export interface Entry {
  /** The JSON value; undefined when its text is not the one text that a block has. */
  readonly block: unknown;
  /** Undefined where there is none, 'unreadable' where it is none. */
  pool(): Promise<readonly Candidate[] | 'unreadable' | undefined>;
}

/** What a source gives: chains one after the other. One that is broken does not end. */
type ChainEvent =
  | { readonly kind: 'begin' }
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'end' }
  | { readonly kind: 'broken'; readonly why: string };

/** Where chains come from. */
export interface ChainSource {
  /** Its name, printable. */
  readonly name: string;
  /** How far the chain is known to have come: its last index and that block's hash. */
  readonly mark: { readonly index: number; readonly hash: string } | undefined;
  /** True for a data directory: it has one chain, and should have a mark. */
  readonly isStored: boolean;
  /** Its chains, once. Throws an UnreadableError. */
  events(): AsyncGenerator<ChainEvent>;
  /** How much of it was read, 0 to 1, where that is known. */
  share(): number | undefined;
  close(): Promise<void>;
}

/** A chain cannot be read from where it was said to be. The message is one printable line for the person, whatever it is made of. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';

  constructor(message: string) {
    super(onOneLine(message));
  }
}

/** Words of the system, which may have a path in them, without anything that a terminal would obey. */
export function onOneLine(words: string): string {
  return words.replace(/[^ -~]/g, (character) => printable(character));
}

/**
 * Opens what a person named: a data directory, a file, or `-` for `input`. `advice` says how to check the chain of a server that
 * runs. Throws an UnreadableError.
 */
export async function openSource(word: string, input: NodeJS.ReadableStream, advice: string): Promise<ChainSource> {
  if (word === '-') return new TextSource('standard input', input, undefined);
  const name = printable(word);
  if (!existsSync(word)) throw new UnreadableError(`there is no ${name}: name a data directory, a file, or -`);
  const stats = statSync(word);
  if (!stats.isDirectory()) return new TextSource(name, createReadStream(word), stats.size);
  return new DirectorySource(name, await openStored(word, advice));
}

/** Opens the chain of a data directory. Throws an UnreadableError. */
export async function openStored(directory: string, advice: string): Promise<StoredChain> {
  if (!StoredChain.isAt(directory)) {
    const name = printable(directory);
    throw new UnreadableError(`there is no chain in ${name}: name the DATA_DIR of a server, for example data`);
  }
  try {
    return await StoredChain.open(directory);
  } catch (error) {
    if (error instanceof LockedError) {
      const holder = error.holder === undefined ? '' : `, process ${error.holder}`;
      throw new UnreadableError(`${printable(directory)} is in use by a running server${holder}. ${advice}`);
    }
    if (error instanceof ChainError) throw new UnreadableError(error.message);
    throw error;
  }
}

class DirectorySource implements ChainSource {
  readonly name: string;
  readonly isStored = true;
  readonly #stored: StoredChain;
  #read = 0;

  constructor(name: string, stored: StoredChain) {
    this.name = name;
    this.#stored = stored;
  }

  get mark(): StoredChain['mark'] {
    return this.#stored.mark;
  }

  async *events(): AsyncGenerator<ChainEvent> {
    yield { kind: 'begin' };
    try {
      for await (const batch of this.#stored.blocks()) {
        for (const text of batch) {
          yield { kind: 'entry', entry: this.#entryOf(text, this.#read) };
          this.#read += 1;
        }
      }
    } catch (error) {
      if (error instanceof ChainError) throw new UnreadableError(`${this.name}: ${error.message}`);
      throw error;
    }
    yield { kind: 'end' };
  }

  share(): number | undefined {
    return this.mark === undefined ? undefined : Math.min(1, this.#read / (this.mark.index + 1));
  }

  async close(): Promise<void> {
    await this.#stored.close();
  }

  #entryOf(text: string, index: number): Entry {
    const pool = async (): Promise<readonly Candidate[] | 'unreadable' | undefined> => {
      const poolText = await this.#stored.poolText(index);
      return poolText === undefined ? undefined : poolOf(parse(poolText));
    };
    return { block: parse(text), pool };
  }
}

class TextSource implements ChainSource {
  readonly name: string;
  readonly mark = undefined;
  readonly isStored = false;
  readonly #stream: NodeJS.ReadableStream;
  readonly #bytes: number | undefined;
  #read = 0;
  /** Whether lines of an export have begun a chain, or what is left of a broken one is passed over. */
  #lines: 'none' | 'chain' | 'rest' = 'none';

  constructor(name: string, stream: NodeJS.ReadableStream, bytes: number | undefined) {
    this.name = name;
    this.#stream = stream;
    this.#bytes = bytes;
  }

  async *events(): AsyncGenerator<ChainEvent> {
    const scanner = new ChainScanner();
    for await (const piece of this.#pieces()) {
      for (const finding of scanner.read(piece)) yield* this.#eventsOf(finding);
    }
    for (const finding of scanner.finish()) yield* this.#eventsOf(finding);
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
      throw new UnreadableError(
        `${this.name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  *#eventsOf(finding: Finding): Generator<ChainEvent> {
    switch (finding.kind) {
      case 'begin':
        if (this.#lines === 'chain') yield { kind: 'end' };
        this.#lines = 'none';
        yield finding;
        return;
      case 'entry':
        yield { kind: 'entry', entry: entryOf(parse(finding.text)) };
        return;
      case 'line': {
        const entry = entryOf(parse(finding.text));
        const isFirst = typeof entry.block === 'object' && entry.block !== null && 'Genesis' in entry.block;
        if (this.#lines === 'rest' && !isFirst) return;
        if (this.#lines === 'chain' && isFirst) yield { kind: 'end' };
        if (this.#lines !== 'chain' || isFirst) yield { kind: 'begin' };
        this.#lines = 'chain';
        yield { kind: 'entry', entry };
        return;
      }
      case 'broken':
        this.#lines = 'rest';
        yield finding;
        return;
      case 'end':
        yield finding;
    }
  }
}

/** An entry of an export: a block, or a block with its pool. */
function entryOf(json: unknown): Entry {
  if (typeof json === 'object' && json !== null && 'Block' in json) {
    const pool = 'Pool' in json ? poolOf(json.Pool) : undefined;
    return { block: json.Block, pool: async () => pool };
  }
  return { block: json, pool: async () => undefined };
}

function poolOf(json: unknown): readonly Candidate[] | 'unreadable' {
  try {
    return readPool(json);
  } catch {
    return 'unreadable';
  }
}

/** Undefined where a text is not the one text of its value: a key twice, an escape, 1.0 for 1 would mean different things to different readers. */
function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return JSON.stringify(json) === text ? json : undefined;
  } catch {
    return undefined;
  }
}
