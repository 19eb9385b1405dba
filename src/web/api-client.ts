import { limits } from '../http/api/limits.ts';
import type {
  AccountAnswer,
  FairnessAnswer,
  MempoolAnswer,
  ProfileOf,
  Status,
  TransactionAnswer,
  ValidatorHistory,
} from '../http/api/types.ts';
import { JsonObject, list, listOf } from '../library/json-reader.ts';
import {
  readFairness,
  readHistory,
  readProfileOf,
  readRefusal,
  readStatus,
  readTickets,
} from '../library/message-readers.ts';
import { type PeersAnswer, readPeers } from '../library/peers-readers.ts';
import type { TicketsResult } from './tickets-result.ts';

// Each function sends one request. It rejects with the server's error text when the server refuses, and when the answer cannot be read.

/** The current state of the lottery. */
export async function fetchStatus(): Promise<Status> {
  return readStatus(await fetchJson('/api/status'));
}

/** Blocks from an index on. They are not checked here: that is for the verifier. */
export async function fetchBlocks(from: number, limit: number): Promise<readonly unknown[]> {
  return list(await fetchJson(`/api/blocks?from=${from}&limit=${limit}`), 'blocks');
}

/** One block, unchecked. */
export async function fetchBlock(index: number): Promise<unknown> {
  return fetchJson(`/api/blocks/${index}`);
}

/** A pool, unchecked; or a sentence that says why the server has none. */
export type PoolAnswer = { readonly pool: unknown } | { readonly why: string };

/** The pool that a block was drawn from. It does not reject when the pool is lost or damaged, because the block can still be checked and shown. */
export async function fetchPool(index: number): Promise<PoolAnswer> {
  const response = await fetch(`/api/rounds/${index}/pool`);
  try {
    const answer: unknown = await response.json();
    return response.ok ? { pool: answer } : { why: sentence(readRefusal(answer)) };
  } catch {
    return { why: 'What the server sent as the pool of this draw cannot be read.' };
  }
}

/** The transactions of a block, unchecked; or a sentence that says why the server has none. */
export type BodyAnswer = { readonly transactions: readonly unknown[] } | { readonly why: string };

/** The transactions of a block. It does not reject when they are lost or damaged, because the block can still be checked and shown. */
export async function fetchBody(index: number): Promise<BodyAnswer> {
  const response = await fetch(`/api/blocks/${index}/body`);
  try {
    const answer: unknown = await response.json();
    if (!response.ok) return { why: sentence(readRefusal(answer)) };
    return {
      transactions: new JsonObject<{ readonly Transactions: readonly unknown[] }>(answer, 'body').read(
        'Transactions',
        list,
      ),
    };
  } catch {
    return { why: 'What the server sent as the transactions of this block cannot be read.' };
  }
}

/** The statistics of all validators over the last `last` rounds, or over `all`. */
export async function fetchFairness(last: string): Promise<FairnessAnswer> {
  return readFairness(await fetchJson(`/api/validators?last=${last}`));
}

/** The rounds of one validator, given by its address or the beginning of it. */
export async function fetchHistory(prefix: string): Promise<ValidatorHistory> {
  return readHistory(await fetchJson(`/api/validators/${prefix}`));
}

/** What these validators are known by, as far as the server knows them; of more than it answers at a time, the first. */
export async function fetchProfiles(validators: readonly string[]): Promise<readonly ProfileOf[]> {
  const of = validators.slice(0, limits.profilesPerAnswerMax).join(',');
  return listOf(readProfileOf)(await fetchJson(`/api/profiles?of=${of}`), 'profiles');
}

/** Where the tickets of a validator are, given by the beginning of its address, in the pool of a block or in the open round. */
export async function fetchTickets(index: number, prefix: string): Promise<TicketsResult> {
  const response = await fetch(`/api/rounds/${index}/tickets/${prefix}`);
  const answer: unknown = await response.json();
  if (response.ok) return readTickets(answer);
  return { why: sentence(readRefusal(answer)), isAbsent: response.status === 404 };
}

/** An account behind the last block, given by its address or its key. */
export async function fetchAccount(name: string): Promise<AccountAnswer> {
  const [{ readAccount }, answer] = await Promise.all([
    import('./ledger-readers.ts'),
    fetchJson(`/api/accounts/${encodeURIComponent(name)}`),
  ]);
  return readAccount(answer);
}

/** The transactions that wait for a block. */
export async function fetchMempool(): Promise<MempoolAnswer> {
  const [{ readMempool }, answer] = await Promise.all([import('./ledger-readers.ts'), fetchJson('/api/mempool')]);
  return readMempool(answer);
}

/** The nodes that are connected, and the last that were cut. */
export async function fetchPeers(): Promise<PeersAnswer> {
  return readPeers(await fetchJson('/api/peers'));
}

/** A transaction, and where it is. */
export async function fetchTransaction(id: string): Promise<TransactionAnswer> {
  const [{ readTransaction }, answer] = await Promise.all([
    import('./ledger-readers.ts'),
    fetchJson(`/api/transactions/${encodeURIComponent(id)}`),
  ]);
  return readTransaction(answer);
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
