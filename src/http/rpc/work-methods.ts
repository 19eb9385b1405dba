import type { SearchedContent } from '../../consensus/work/block-search.ts';
import { difficultyBits, targetOf } from '../../consensus/work/difficulty.ts';
import { limits as searchLimits } from '../../consensus/work/search/limits.ts';
import type { SubmittedWork } from '../../consensus/work/work-engine.ts';
import { workTextAround } from '../../core/block-hash.ts';
import type { WorkCalls } from '../api/rpc-types.ts';
import { callErrors } from './json-rpc.ts';
import { type MethodTable, method, notFound } from './method.ts';
import { hashText, wholeNumber } from './param-forms.ts';
import { amount, count, exactly, hash } from './schemas.ts';

/** Where work comes from and goes to. */
export interface WorkSource {
  /** What is searched for at the moment; undefined when nothing is. */
  readonly content: SearchedContent | undefined;
  /** Resolves once a block that holds is stored. */
  submitNonce(contentHash: string, nonce: number): Promise<SubmittedWork>;
}

const nothingSearched =
  'nothing is searched for: no BPM waits, the operator has paused the search, or a block is being stored';

/**
 * The methods for miners elsewhere. They are open: a block belongs to the one who proposed it, by whichever way its nonce is found, and a nonce that does not
 * hold changes nothing.
 */
export function workMethods(work: WorkSource): MethodTable<WorkCalls> {
  return {
    getwork: method<WorkCalls['getwork']>({
      summary:
        'what a nonce is searched for: SHA-256 of Prefix, the nonce in decimal digits, and Suffix must be at most Target',
      access: 'work',
      params: {},
      result: {
        name: 'work',
        schema: exactly({
          Index: count,
          ContentHash: hash,
          Difficulty: amount,
          Bits: { type: 'number', minimum: 0 },
          Prefix: { type: 'string' },
          Suffix: { type: 'string' },
          Target: hash,
        }),
      },
      run() {
        if (work.content === undefined) return notFound(nothingSearched);
        const { index, contentHash, difficulty } = work.content;
        const { prefix, suffix } = workTextAround(contentHash);
        const result = {
          Index: index,
          ContentHash: contentHash,
          Difficulty: String(difficulty),
          Bits: difficultyBits(difficulty),
          Prefix: prefix,
          Suffix: suffix,
          Target: targetOf(difficulty).toString(16).padStart(contentHash.length, '0'),
        };
        return { result };
      },
    }),
    submitwork: method<WorkCalls['submitwork']>({
      summary: 'bring a nonce for what getwork gave; the block, once it is stored',
      access: 'work',
      params: {
        contentHash: hashText('the ContentHash that getwork gave'),
        nonce: wholeNumber('the nonce', { min: 0, max: searchLimits.nonceMax }),
      },
      result: { name: 'block', schema: { type: 'object' } },
      async run({ contentHash, nonce }) {
        const submitted = await work.submitNonce(contentHash, nonce);
        switch (submitted.kind) {
          case 'stored':
            return { result: submitted.block };
          case 'no search':
            return notFound(nothingSearched);
          case 'stale':
            return refused('this content is not searched for any more: ask getwork for another');
          case 'tried': {
            const { hash: found, zeroBits, difficulty } = submitted;
            const why = `${zeroBits} leading zero bits, too large for the difficulty ${difficulty}`;
            return refused(`with the nonce ${nonce} the hash ${found} has ${why}: try another nonce`);
          }
        }
      },
    }),
  };
}

function refused(data: string): { readonly error: typeof callErrors.workRefused } {
  return { error: { ...callErrors.workRefused, data } };
}
