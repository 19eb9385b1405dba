import type { FairnessAnswer, Status, ValidatorHistory } from '../http/api/types.ts';
import { list } from './json-reader.ts';
import { readFairness, readHistory, readRefusal, readStatus } from './message-readers.ts';

// Each function asks the server once. It rejects with what the server said when that refuses, and when its answer cannot be read.

/** Where the lottery stands. */
export async function fetchStatus(): Promise<Status> {
  return readStatus(await fetchJson('/api/status'));
}

/** Blocks are read as what they may be: anything. The verifier says what they are. */
export async function fetchBlocks(from: number, limit: number): Promise<readonly unknown[]> {
  return list(await fetchJson(`/api/blocks?from=${from}&limit=${limit}`), 'blocks');
}

/** One block, read as anything, too. */
export async function fetchBlock(index: number): Promise<unknown> {
  return fetchJson(`/api/blocks/${index}`);
}

/** A pool, read as what it may be, too; or why the server has none, in a sentence. */
export type PoolAnswer = { readonly pool: unknown } | { readonly why: string };

/** The pool that a block was drawn from. One that is lost or damaged leaves a block that can still be checked and shown. */
export async function fetchPool(index: number): Promise<PoolAnswer> {
  const response = await fetch(`/api/rounds/${index}/pool`);
  try {
    const answer: unknown = await response.json();
    return response.ok ? { pool: answer } : { why: sentence(readRefusal(answer)) };
  } catch {
    return { why: 'What the server sent as the pool of this draw cannot be read.' };
  }
}

/** How everybody fared in the last `last` rounds, or in `all`. */
export async function fetchFairness(last: string): Promise<FairnessAnswer> {
  return readFairness(await fetchJson(`/api/validators?last=${last}`));
}

/** The rounds of one validator, by its address or the beginning of it. */
export async function fetchHistory(prefix: string): Promise<ValidatorHistory> {
  return readHistory(await fetchJson(`/api/validators/${prefix}`));
}

async function fetchJson(path: string): Promise<unknown> {
  return answerOf(await fetch(path));
}

async function answerOf(response: Response): Promise<unknown> {
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  throw new Error(sentence(readRefusal(answer)));
}

/** An error text of the server as a sentence of a page: with a capital and a full stop. */
export function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
