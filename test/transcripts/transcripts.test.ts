import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replay } from './transcript.ts';

const folder = new URL('./', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

describe('a session at nc', () => {
  it('is recorded in at least a dozen transcripts', () => {
    expect(files.length).toBeGreaterThanOrEqual(12);
  });

  it.each(files)('goes exactly as in %s', async (name) => {
    const file = new URL(name, folder);
    const recorded = readFileSync(file, 'utf8');
    const played = await replay(recorded);
    if (process.env['UPDATE_TRANSCRIPTS'] === '1') writeFileSync(file, played);
    else expect(played).toBe(recorded);
  });
});
