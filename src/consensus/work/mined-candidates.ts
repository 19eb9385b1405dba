import { parseExact } from '../../core/exact-json.ts';
import { isWhole } from '../../core/json-record.ts';
import type { ChainToExtend } from '../engine.ts';
import type { WaitingCandidate } from './candidate-backlog.ts';
import { limits } from './limits.ts';

/** Where candidates outlast the process. */
type Keeper = Pick<ChainToExtend, 'minedTexts' | 'keepMined' | 'forgetMined'>;

/** Candidates of this node that are in blocks, by the hash of the block, the oldest first: a heavier branch may take these blocks out again, also after a restart. */
export class MinedCandidates {
  readonly #keeper: Keeper;
  readonly #candidates: Map<string, WaitingCandidate>;

  private constructor(keeper: Keeper, candidates: Map<string, WaitingCandidate>) {
    this.#keeper = keeper;
    this.#candidates = candidates;
  }

  /** Goes on with those that were kept. In the order of candidates they stand before all of this process. */
  static async open(keeper: Keeper): Promise<MinedCandidates> {
    const kept = (await keeper.minedTexts()).flatMap(([hash, text]) => {
      const candidate = parseKept(text);
      return candidate === undefined ? [] : [{ hash, ...candidate }];
    });
    kept.sort((one, other) => one.index - other.index);
    return new MinedCandidates(
      keeper,
      new Map(
        kept.map(({ hash, validator, payload }, place) => [
          hash,
          { validator, payload, stake: 0n, number: place - kept.length },
        ]),
      ),
    );
  }

  /** A block was found, and is about to be stored: on the disk its candidate comes no later than the block. */
  add(index: number, hash: string, candidate: WaitingCandidate): void {
    const { validator, payload } = candidate;
    this.#candidates.set(hash, candidate);
    this.#keeper.keepMined(hash, JSON.stringify({ Index: index, Validator: validator, BPM: payload }));
    const [oldest] = this.#candidates.keys();
    if (this.#candidates.size > limits.storedCandidatesMax && oldest !== undefined) this.forget(oldest);
  }

  /** The candidate in a block; undefined where it is none of this node. */
  find(hash: string): WaitingCandidate | undefined {
    return this.#candidates.get(hash);
  }

  /** The block was not stored. */
  forget(hash: string): void {
    this.#candidates.delete(hash);
    this.#keeper.forgetMined(hash);
  }

  /** Nothing of a validator is to wait again. */
  withdraw(validator: string): void {
    for (const [hash, candidate] of this.#candidates) if (candidate.validator === validator) this.forget(hash);
  }
}

function parseKept(
  text: string,
): { readonly index: number; readonly validator: string; readonly payload: number } | undefined {
  const json = parseExact(text);
  if (typeof json !== 'object' || json === null) return undefined;
  if (!('Index' in json && 'Validator' in json && 'BPM' in json)) return undefined;
  const { Index, Validator, BPM } = json;
  if (!isWhole(Index, 1) || typeof Validator !== 'string' || !isWhole(BPM, 0)) return undefined;
  return { index: Index, validator: Validator, payload: BPM };
}
