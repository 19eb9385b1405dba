import type { DrawnBlock, GenesisBlock } from '../../core/block.ts';
import { findContradiction } from '../../core/contradiction.ts';
import type { VerifySignature } from '../../core/keys.ts';
import { authorityOf, isSignedBy, type PoolStatement, parseStatement } from '../../core/statement.ts';
import { limits } from './limits.ts';

/** Asks for what the authority has signed of the sealed pool of a block, as JSON; undefined where that cannot be had. */
export type ReadSeal = (index: number) => Promise<unknown>;

/** What two signatures of the authority say, where only one can be true. */
export interface BrokenSeal {
  readonly statements: readonly [PoolStatement, { readonly Block: DrawnBlock }];
  /** A printable sentence. */
  readonly why: string;
}

/** The signatures of sealed pools, asked for in the moment in which the pools are told, and kept until their blocks come. */
export class SignedSeals {
  readonly #readSeal: ReadSeal;
  readonly #verifySignature: VerifySignature;
  /** What came, not checked yet: the genesis need not be known. By the index of the block, the oldest first. */
  readonly #answers = new Map<number, unknown>();
  #missing = 0;

  constructor(readSeal: ReadSeal, verifySignature: VerifySignature) {
    this.#readSeal = readSeal;
    this.#verifySignature = verifySignature;
  }

  /** How many pools were told whose signature could not be had. */
  get missing(): number {
    return this.#missing;
  }

  /** The pool of a block was told. Resolves when its signature is kept. The first answer counts: a later one may know the block. */
  async ask(index: number): Promise<void> {
    if (this.#answers.has(index)) return;
    this.#answers.set(index, undefined);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > limits.announcementsMax && oldest !== undefined) this.#answers.delete(oldest);
    const answer = await this.#readSeal(index);
    if (answer === undefined) this.#missing += 1;
    // The block may have come meanwhile.
    else if (this.#answers.has(index)) this.#answers.set(index, answer);
  }

  /** Compares them with blocks that hold, and forgets those whose block has come. */
  settle(genesis: GenesisBlock, blocks: readonly DrawnBlock[]): BrokenSeal | undefined {
    for (const block of blocks) {
      const json = this.#answers.get(block.Index);
      this.#answers.delete(block.Index);
      const statement = json === undefined ? undefined : this.#statementIn(json, genesis);
      const how = statement && findContradiction(statement, { Block: block })?.how;
      if (statement !== undefined && how !== undefined)
        return { statements: [statement, { Block: block }], why: `its authority ${how}` };
    }
    return undefined;
  }

  /** A pool that the authority has signed; what the page says besides that proves nothing. */
  #statementIn(json: unknown, genesis: GenesisBlock): PoolStatement | undefined {
    const parsed = parseStatement(json, genesis);
    const authority = authorityOf(genesis);
    const isSigned =
      'value' in parsed &&
      'Pool' in parsed.value &&
      authority !== undefined &&
      isSignedBy(genesis, authority, parsed.value, this.#verifySignature);
    if (isSigned && 'Pool' in parsed.value) return parsed.value;
    this.#missing += 1;
    return undefined;
  }
}
