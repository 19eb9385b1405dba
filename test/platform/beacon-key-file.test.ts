import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBeaconKey, writeBeaconKey } from '../../src/platform/beacon-key-file.ts';
import { temporaryDirectory } from '../temporary.ts';

const key = { Name: 'anna', GenesisTime: 1_700_000_000, Period: 3, Secret: 'ab'.repeat(32) };

describe('the file of a beacon', () => {
  it('is for its owner alone, and gives back what was kept', () => {
    const file = join(temporaryDirectory(), 'new', 'beacon-key.json');
    expect(readBeaconKey(file)).toBeUndefined();
    writeBeaconKey(file, key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readBeaconKey(file)).toEqual(key);
  });

  it.each([
    ['', 'its text is not JSON'],
    ['{}', 'it must have these keys'],
    [JSON.stringify({ Version: 2, ...key }), 'its Version is not 1'],
    [JSON.stringify({ Version: 1, ...key, Name: 'A' }), 'its Name is none'],
    [JSON.stringify({ Version: 1, ...key, Period: 0 }), 'its times are no whole numbers'],
    [JSON.stringify({ Version: 1, ...key, Secret: 'secret' }), 'its Secret must be 64 hex digits'],
  ])('is refused with %j, without showing it, and stays as it is', (text, why) => {
    const file = join(temporaryDirectory(), 'beacon-key.json');
    writeFileSync(file, text);
    expect(() => readBeaconKey(file)).toThrow(why);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
