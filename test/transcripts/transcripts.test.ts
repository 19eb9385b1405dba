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
    const { transcript: played } = await replay(recorded);
    if (process.env['UPDATE_TRANSCRIPTS'] === '1') writeFileSync(file, played);
    else expect(played).toBe(recorded);
  });
});

/** A WebSocket has no side of its own that could be closed, and no bytes outside of a message. */
const notInABrowser = /^-- (?:closes their side|the connection breaks|sends ".*(?<!\\n)")$/m;
const inABrowser = files.filter((name) => !notInABrowser.test(read(name)));

describe('a session in a browser', () => {
  it('is nearly each that there is at nc', () => {
    expect(inABrowser.length).toBeGreaterThan(files.length / 2);
  });

  it.each(inABrowser)('has the words of %s, and the same end', async (name) => {
    const [atNc, inBrowser] = [await replay(read(name)), await replay(read(name), 'browser')];
    expect(inBrowser.seen).toBe(atNc.seen.replaceAll('\n', ''));
    expect(inBrowser.closeReason).toBe(atNc.closeReason);
  });
});

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}
