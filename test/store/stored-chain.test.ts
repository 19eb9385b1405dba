import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ChainError } from '../../src/engine/ports.ts';
import { LevelStore } from '../../src/store/level-store.ts';
import { LockedError, StoredChain } from '../../src/store/stored-chain.ts';
import { filledDirectory } from '../cli/run-verb.ts';
import { ServerProcess } from '../e2e/server-process.ts';
import { temporaryDirectory } from '../temporary.ts';
import { chain } from './contract.ts';

/** Every file below a directory, with its size, its time and its bytes. */
function stateOf(directory: string): readonly unknown[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => {
    const { mtimeMs, size, ino } = statSync(join(directory, name));
    const isFile = statSync(join(directory, name)).isFile();
    return { name, mtimeMs, size, ino, bytes: isFile ? readFileSync(join(directory, name), 'hex') : '' };
  });
}

async function blocksOf(stored: StoredChain): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const batch of stored.blocks()) texts.push(...batch);
  return texts;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a stored chain that is only read', () => {
  it('gives the blocks, the pools and the mark, and leaves every file as it is', async () => {
    const directory = await filledDirectory();
    // As a restart leaves it: with a table besides the log.
    await (await LevelStore.open(directory)).close();
    const before = stateOf(directory);
    expect(before.some((file) => JSON.stringify(file).includes('.ldb'))).toBe(true);
    const stored = await StoredChain.open(directory);
    expect(await blocksOf(stored)).toEqual(chain.map((block) => JSON.stringify(block)));
    expect(await stored.poolText(0)).toBe('[]');
    expect(await stored.poolText(2)).toContain('"Stake":"100000000000000000"');
    expect(await stored.poolText(99)).toBeUndefined();
    expect(stored.mark).toEqual({ index: chain.length - 1, hash: chain.at(-1)?.Hash });
    await stored.close();
    expect(stateOf(directory)).toEqual(before);
  });

  it('leaves nothing behind in the directory for temporary files', async () => {
    const workplace = temporaryDirectory();
    vi.stubEnv('TMPDIR', workplace);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const directory = await filledDirectory();
    const before = readdirSync(workplace);
    const stored = await StoredChain.open(directory);
    expect(readdirSync(workplace).length).toBe(before.length + 1);
    await stored.close();
    writeFileSync(join(directory, 'chain', 'CURRENT'), 'x');
    const failure = await failureOf(StoredChain.open(directory));
    expect(failure).toBeInstanceOf(ChainError);
    expect(readdirSync(workplace)).toEqual(before);
  });

  it('is not read while a server has it, and keeps a server away while it is read', async () => {
    const server = await ServerProcess.start();
    const directory = server.dataDir;
    const failure = await failureOf(StoredChain.open(directory));
    expect(failure).toBeInstanceOf(LockedError);
    expect(failure).toMatchObject({ holder: String(server.child.pid) });
    rmSync(join(directory, 'server.pid'));
    expect(await failureOf(StoredChain.open(directory))).toMatchObject({ holder: undefined });
    await server.stop();

    const stored = await StoredChain.open(directory);
    const second = new ServerProcess({ dataDir: directory });
    expect(await second.ended).toBe(4);
    expect(second.err).toContain('is in use by another server');
    await stored.close();
    await ServerProcess.start({ dataDir: directory });
  });

  it('is read from a directory that must not be written to', async () => {
    const directory = await filledDirectory();
    const copy = join(temporaryDirectory(), 'copy');
    cpSync(directory, copy, { recursive: true });
    for (const name of ['LOCK', 'CURRENT']) chmodSync(join(copy, 'chain', name), 0o444);
    chmodSync(join(copy, 'chain'), 0o555);
    const stored = await StoredChain.open(copy);
    expect((await blocksOf(stored)).length).toBe(chain.length);
    await stored.close();
    chmodSync(join(copy, 'chain'), 0o755);
  });

  it('is not made where there is none, and has no mark where that is damaged', async () => {
    const empty = temporaryDirectory();
    expect(StoredChain.isAt(empty)).toBe(false);
    expect(await failureOf(StoredChain.open(empty))).toBeInstanceOf(ChainError);
    expect(existsSync(join(empty, 'chain'))).toBe(false);
    const directory = await filledDirectory();
    expect(StoredChain.isAt(directory)).toBe(true);
    writeFileSync(join(directory, 'tip'), 'x');
    const stored = await StoredChain.open(directory);
    expect(stored.mark).toBeUndefined();
    await stored.close();
  });
});
