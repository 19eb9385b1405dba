/**
 * Parses a text that must be the canonical JSON of its value, as JSON.stringify writes it. Returns undefined otherwise, which is neither a block
 * nor a pool. A duplicate key, an escape, 1.0 for 1 would mean different things to different readers, and stored texts are sent to people
 * unchanged.
 */
export function parseExact(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return JSON.stringify(json) === text ? json : undefined;
  } catch {
    return undefined;
  }
}
