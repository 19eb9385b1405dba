import type { Fortunes, History, Status } from '../messages.ts';

export async function fetchStatus(): Promise<Status> {
  return fetchJson('/api/status');
}

/** Blocks are read as what they may be: anything. The verifier says what they are. */
export async function fetchBlocks(from: number, limit: number): Promise<readonly unknown[]> {
  return fetchJson(`/api/blocks?from=${from}&limit=${limit}`);
}

export async function fetchBlock(index: number): Promise<unknown> {
  return fetchJson(`/api/blocks/${index}`);
}

/** A pool is read as what it may be, too; undefined where the server has none. */
export async function fetchPool(index: number): Promise<unknown> {
  const response = await fetch(`/api/rounds/${index}/pool`);
  return response.status === 404 ? undefined : answerOf(response);
}

export async function fetchFortunes(last: string): Promise<Fortunes> {
  return fetchJson(`/api/validators?last=${last}`);
}

export async function fetchHistory(validator: string): Promise<History> {
  return fetchJson(`/api/validators/${validator}`);
}

async function fetchJson<T>(path: string): Promise<T> {
  return answerOf(await fetch(path));
}

async function answerOf<T>(response: Response): Promise<T> {
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Error(String(answer.error));
}
