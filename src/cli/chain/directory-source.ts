import { escapeForDisplay, onOneLine } from '../../base/escape-for-display.ts';
import type { BodyBeside } from '../../consensus/verifier.ts';
import { parseExact } from '../../core/exact-json.ts';
import { parseGenesisBlock } from '../../core/parse-genesis.ts';
import { DamageError } from '../../node/ports.ts';
import type { ReadOnlyStore } from '../../storage/read-only-store.ts';
import { repairLine } from '../start-command.ts';
import { bodyOf, type ChainEntry, type PoolDamage, signedBodyOf } from './chain-entry.ts';
import type { ChainEvent, ChainSource } from './chain-source.ts';

/** The one chain of a data directory, with its pools. */
export class DirectorySource implements ChainSource {
  readonly name: string;
  readonly isStored = true;
  readonly cure: string;
  readonly #stored: ReadOnlyStore;
  #read = 0;
  #hasLedger = false;

  constructor(directory: string, stored: ReadOnlyStore) {
    this.name = escapeForDisplay(directory);
    this.cure = repairLine(directory);
    this.#stored = stored;
  }

  get mark(): ReadOnlyStore['mark'] {
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

  async #besideOf(index: number): Promise<BodyBeside> {
    const signed = this.#hasLedger ? await this.#stored.signedBodyText(index) : undefined;
    if (signed !== undefined) return signedBodyOf(parseExact(signed));
    const poolText = this.#hasLedger ? undefined : await this.#stored.poolText(index);
    return poolText === undefined ? {} : bodyOf(parseExact(poolText));
  }

  #entryOf(text: string, index: number): ChainEntry {
    const block = parseExact(text);
    if (index === 0) this.#hasLedger = hasLedger(block);
    const body = async (): Promise<BodyBeside | PoolDamage> => {
      try {
        const seal = await this.#stored.sealOf(index);
        const beside = await this.#besideOf(index);
        return seal === undefined ? beside : { ...beside, Seal: seal };
      } catch (error) {
        if (error instanceof DamageError) return { damage: onOneLine(error.message) };
        throw error;
      }
    };
    return { block, body };
  }
}

/** Whether the chain that begins with this block has a ledger. */
function hasLedger(genesis: unknown): boolean {
  const parsed = parseGenesisBlock(genesis);
  return 'value' in parsed && parsed.value.Genesis.Ledger !== undefined;
}
