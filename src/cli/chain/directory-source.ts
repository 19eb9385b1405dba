import type { PoolBeside } from '../../consensus/consensus.ts';
import { parseExact } from '../../core/form.ts';
import { DamageError } from '../../engine/ports.ts';
import { printable } from '../../protocol/printable.ts';
import type { StoredChain } from '../../store/stored-chain.ts';
import { repairLine } from '../command-line.ts';
import { onOneLine } from '../one-line.ts';
import type { ChainEvent, ChainSource } from './chain-source.ts';
import { type Entry, type PoolDamage, poolOf } from './entry.ts';

/** The one chain of a data directory, with its pools. */
export class DirectorySource implements ChainSource {
  readonly name: string;
  readonly isStored = true;
  readonly cure: string;
  readonly #stored: StoredChain;
  #read = 0;

  constructor(directory: string, stored: StoredChain) {
    this.name = printable(directory);
    this.cure = repairLine(directory);
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
      if (!(error instanceof DamageError)) throw error;
      yield { kind: 'damaged', why: onOneLine(error.message) };
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
    const pool = async (): Promise<PoolBeside | PoolDamage> => {
      try {
        const poolText = await this.#stored.poolText(index);
        return poolText === undefined ? undefined : poolOf(parseExact(poolText));
      } catch (error) {
        if (error instanceof DamageError) return { damage: onOneLine(error.message) };
        throw error;
      }
    };
    return { block: parseExact(text), pool };
  }
}
