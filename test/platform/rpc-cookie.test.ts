import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RpcCookie } from '../../src/platform/rpc-cookie.ts';
import { temporaryDirectory } from '../temporary.ts';

describe('the cookie of a server', () => {
  it('is in a file for its owner alone, new at each start, until it is removed', () => {
    const file = join(temporaryDirectory(), 'rpc.cookie');
    // A server that was killed left one, which somebody has opened to all.
    writeFileSync(file, 'old\n', { mode: 0o666 });
    const cookie = new RpcCookie(file, 32);
    expect(cookie.credentials).toBeUndefined();
    cookie.write();
    expect(cookie.credentials).toMatch(/^__cookie__:[0-9a-f]{64}$/);
    expect(readFileSync(file, 'utf8')).toBe(`${cookie.credentials}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const next = new RpcCookie(file, 32);
    const before = cookie.credentials;
    cookie.remove();
    expect([existsSync(file), cookie.credentials]).toEqual([false, undefined]);
    next.write();
    expect(next.credentials).not.toBe(before);
  });

  it('opens nothing where it cannot be written, and leaves what others wrote', () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'rpc.cookie');
    mkdirSync(file);
    const cookie = new RpcCookie(file, 32);
    expect(() => cookie.write()).toThrow();
    expect(cookie.credentials).toBeUndefined();
    cookie.remove();
    expect(existsSync(file)).toBe(true);
  });

  it('may be gone with its directory when it is removed', () => {
    const directory = temporaryDirectory();
    const cookie = new RpcCookie(join(directory, 'rpc.cookie'), 32);
    cookie.write();
    rmSync(directory, { recursive: true });
    cookie.remove();
    expect(cookie.credentials).toBeUndefined();
  });
});
