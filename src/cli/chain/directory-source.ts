import { parseExact } from '../../core/form.ts';
import type { Candidate } from '../../core/pool.ts';
import { ChainError } from '../../engine/ports.ts';
import type { StoredChain } from '../../store/stored-chain.ts';
import { type ChainEvent, type ChainSource, UnreadableError } from './chain-source.ts';
import { type Entry, poolOf } from './entry.ts';

/** The one chain of a data directory, with its pools. */
export class DirectorySource implements ChainSource {
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
      return poolText === undefined ? undefined : poolOf(parseExact(poolText));
    };
    return { block: parseExact(text), pool };
  }
}
