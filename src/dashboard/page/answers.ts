import type { Fortunes, History, Status } from '../messages.ts';
import { list } from './json-reader.ts';
import { readFortunes, readHistory, readRefusal, readStatus } from './message-readers.ts';
import { sentence } from './words.ts';

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

/** A pool is read as what it may be, too; undefined where the server has none. */
export async function fetchPool(index: number): Promise<unknown> {
  const response = await fetch(`/api/rounds/${index}/pool`);
  return response.status === 404 ? undefined : answerOf(response);
}

/** How everybody fared in the last `last` rounds, or in `all`. */
export async function fetchFortunes(last: string): Promise<Fortunes> {
  return readFortunes(await fetchJson(`/api/validators?last=${last}`));
}

/** The rounds of one validator, by its address or the beginning of it. */
export async function fetchHistory(prefix: string): Promise<History> {
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
