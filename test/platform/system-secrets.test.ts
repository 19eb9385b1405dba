import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/node/ports.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { hexOf } from '../core/build-chain.ts';
import { temporaryDirectory } from '../temporary.ts';

function newFile(): string {
  return join(temporaryDirectory(), 'data', 'master-secret');
}

function refusal(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    if (error instanceof ChainError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('the file of the master secret', () => {
  it('is made when it may be: 64 hex digits, for its owner alone', () => {
    const file = newFile();
    SystemSecrets.open(file, true);
    expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('gives the same links every time it is opened, and is never written again', () => {
    const file = newFile();
    const first = SystemSecrets.open(file, true).lastLink(hexOf('salt'), 0);
    const text = readFileSync(file, 'utf8');
    expect(SystemSecrets.open(file, true).lastLink(hexOf('salt'), 0)).toBe(first);
    expect(SystemSecrets.open(file, false).lastLink(hexOf('salt'), 0)).toBe(first);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('is refused with the reason when it is missing and a chain depends on it', () => {
    const file = newFile();
    expect(refusal(() => SystemSecrets.open(file, false))).toMatch(/is missing\. .*verified but not continued/);
  });

  it.each(['', 'x', 'ab'.repeat(31), `${'ab'.repeat(32)}0`, 'AB'.repeat(32)])(
    'is refused when it holds "%s"',
    (text) => {
      const file = join(temporaryDirectory(), 'master-secret');
      writeFileSync(file, text);
      expect(refusal(() => SystemSecrets.open(file, true))).toContain('is damaged');
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );

  it('is closed to others again when a copy left it open', () => {
    const file = newFile();
    SystemSecrets.open(file, true);
    chmodSync(file, 0o644);
    SystemSecrets.open(file, false);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is refused when something else stands in its place', () => {
    const directory = temporaryDirectory();
    expect(refusal(() => SystemSecrets.open(directory, true))).toContain('cannot be read');
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(refusal(() => SystemSecrets.open(join(file, 'master-secret'), true))).toMatch(/cannot be (read|written)/);
  });
});

describe('the secrets', () => {
  it('have another last link for another salt, another number and another master secret', () => {
    const secrets = SystemSecrets.open(newFile(), true);
    const other = SystemSecrets.open(newFile(), true);
    const links = [
      secrets.lastLink(hexOf('salt'), 0),
      secrets.lastLink(hexOf('salt'), 1),
      secrets.lastLink(hexOf('other salt'), 0),
      other.lastLink(hexOf('salt'), 0),
    ];
    expect(new Set(links).size).toBe(4);
    for (const link of links) expect(link).toMatch(/^[0-9a-f]{64}$/);
  });

  it('give out addresses and salts of 64 hex digits, never one twice', () => {
    const secrets = SystemSecrets.open(newFile(), true);
    const given = Array.from({ length: 1000 }, () => [secrets.newAddress(), secrets.newSalt()]).flat();
    expect(new Set(given).size).toBe(2000);
    for (const text of given) expect(text).toMatch(/^[0-9a-f]{64}$/);
  });
});
