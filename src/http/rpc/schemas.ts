import type { Schema } from './method.ts';

// The parts that schemas of results are made of.

export const hash: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
export const amount: Schema = { type: 'string', pattern: '^(?:0|[1-9][0-9]*)$' };
export const count: Schema = { type: 'integer', minimum: 0 };

/** An object with exactly these members; those that are `optional` may be left out. */
export function exactly(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required, additionalProperties: false };
}
