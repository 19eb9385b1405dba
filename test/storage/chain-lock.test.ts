import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isLocked } from '../../src/storage/chain-lock.ts';
import { ServerProcess } from '../e2e/server-process.ts';
import { temporaryDirectory } from '../temporary.ts';
import { filledDirectory } from './filled-directory.ts';

it('a chain is locked while a server runs, and no longer, even when that was killed', async () => {
  const server = await ServerProcess.start();
  const chain = join(server.dataDir, 'chain');
  expect(await isLocked(chain)).toBe(true);
  server.child.kill('SIGKILL');
  await server.ended;
  expect(existsSync(join(server.dataDir, 'server.pid'))).toBe(true);
  expect(await isLocked(chain)).toBe(false);
});

it('a chain that is damaged can be asked, too, and nothing is made in it', async () => {
  const chain = join(await filledDirectory(), 'chain');
  rmSync(join(chain, 'CURRENT'));
  writeFileSync(join(chain, 'LOG'), 'x');
  const before = readdirSync(chain);
  expect(await isLocked(chain)).toBe(false);
  expect(readdirSync(chain)).toEqual(before);
});

it('a directory without a lock is not locked', async () => {
  expect(await isLocked(temporaryDirectory())).toBe(false);
  expect(await isLocked('/nowhere')).toBe(false);
});
