import type { Fortunes, History, Status, StoredCandidate } from '../messages.ts';

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

export async function fetchPool(index: number): Promise<readonly StoredCandidate[]> {
  return fetchJson(`/api/rounds/${index}/pool`);
}

export async function fetchFortunes(last: string): Promise<Fortunes> {
  return fetchJson(`/api/validators?last=${last}`);
}

export async function fetchHistory(validator: string): Promise<History> {
  return fetchJson(`/api/validators/${validator}`);
}

async function fetchJson<T>(path: string): Promise<T> {
  const response = await fetch(path);
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Error(String(answer.error));
}
