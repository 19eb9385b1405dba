import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Candidate } from '../../src/core/pool.ts';
import { ChainError } from '../../src/node/ports.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { ReadOnlyStore } from '../../src/storage/read-only-store.ts';
import { VerbProcess } from '../cli/verb-process.ts';
import { buildChain, candidatesWith, storedBlock } from '../core/build-chain.ts';
import { ServerProcess } from '../e2e/server-process.ts';
import { cases } from '../effort.ts';
import { temporaryDirectory } from '../temporary.ts';
import { chain } from './contract.ts';
import { filledDirectory } from './filled-directory.ts';

/** Every file below a directory, with its size, its time and its bytes. */
function stateOf(directory: string): readonly unknown[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => {
    const { mtimeMs, size, ino } = statSync(join(directory, name));
    const isFile = statSync(join(directory, name)).isFile();
    return { name, mtimeMs, size, ino, bytes: isFile ? readFileSync(join(directory, name), 'hex') : '' };
  });
}

async function blocksOf(stored: ReadOnlyStore): Promise<readonly string[]> {
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
    const stored = await ReadOnlyStore.open(directory);
    expect(await blocksOf(stored)).toEqual(chain.map((block) => JSON.stringify(block)));
    expect(await stored.poolText(0)).toBe('[]');
    expect(await stored.poolText(2)).toContain('"Stake":"100000000000000000"');
    await expect(stored.poolText(99)).rejects.toThrow('the pool of block 99 is not there');
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
    const stored = await ReadOnlyStore.open(directory);
    expect(readdirSync(workplace).length).toBe(before.length + 1);
    await stored.close();
    writeFileSync(join(directory, 'chain', 'CURRENT'), 'x');
    const failure = await failureOf(ReadOnlyStore.open(directory));
    expect(failure).toBeInstanceOf(ChainError);
    expect(readdirSync(workplace)).toEqual(before);
  });

  it('keeps a server away while it is read, but where one runs it is read from a copy and keeps nobody away', async () => {
    const server = await ServerProcess.start();
    const directory = server.dataDir;
    const beside = await ReadOnlyStore.open(directory);
    expect(await blocksOf(beside)).toHaveLength(1);
    const client = server.connect();
    await client.stakes(5);
    await client.says('72', 'You won block 1.');
    expect(await blocksOf(beside)).toHaveLength(1);
    await beside.close();
    expect(await server.stop()).toBe(0);

    const stored = await ReadOnlyStore.open(directory);
    expect(await blocksOf(stored)).toHaveLength(2);
    const second = new ServerProcess({ dataDir: directory });
    expect(await second.ended).toBe(4);
    expect(second.err).toContain('is in use by another server');
    await stored.close();
    await ServerProcess.start({ dataDir: directory });
  });

  it('is whole, and has all that was stored before, while a store writes as quickly as it can', async () => {
    const unsorted = candidatesWith(Array.from({ length: 200 }, () => 5n));
    const pool = [...unsorted].sort((one, other) => (one.validator < other.validator ? -1 : 1));
    const long = buildChain(Array<readonly Candidate[]>(cases(300)).fill(pool), 64);
    const directory = temporaryDirectory();
    const store = await LevelStore.open(directory);
    let stored = 0;
    let isOver = false;
    const writing = (async () => {
      for (const block of long) {
        if (isOver) break;
        await store.append(storedBlock(block, block.Index === 0 ? [] : pool));
        stored += 1;
      }
    })();
    for (let time = 0; time < cases(2); time++) {
      const before = stored;
      const verifying = new VerbProcess(['verify', directory, '--json']);
      await verifying.ended;
      expect(verifying.err).toBe('');
      expect(JSON.parse(verifying.out)).toMatchObject({
        fault: null,
        wrong: null,
        poolsAbsent: 0,
        isEndUnknown: false,
      });
      expect(JSON.parse(verifying.out).blocks).toBeGreaterThanOrEqual(before);
    }
    isOver = true;
    await writing;
    await store.close();
  });

  it('is copied again until nothing was made or removed meanwhile, and refused when that does not end', async () => {
    const directory = await filledDirectory();
    const { open } = ClassicLevel.prototype;
    let disturbances = 3;
    const opening = vi.spyOn(ClassicLevel.prototype, 'open').mockImplementation(async function (this: ClassicLevel) {
      if (disturbances > 0) writeFileSync(join(directory, 'chain', `${1_000_000 + disturbances}.log`), '');
      disturbances -= 1;
      await open.call(this, {});
    });
    onTestFinished(() => opening.mockRestore());
    const stored = await ReadOnlyStore.open(directory);
    expect((await blocksOf(stored)).length).toBe(chain.length);
    await stored.close();
    disturbances = 1000;
    expect(String(await failureOf(ReadOnlyStore.open(directory)))).toMatch(/changes too quickly to be read now/);
  });

  it('is read from a directory that must not be written to', async () => {
    const directory = await filledDirectory();
    const copy = join(temporaryDirectory(), 'copy');
    cpSync(directory, copy, { recursive: true });
    for (const name of ['LOCK', 'CURRENT']) chmodSync(join(copy, 'chain', name), 0o444);
    chmodSync(join(copy, 'chain'), 0o555);
    const stored = await ReadOnlyStore.open(copy);
    expect((await blocksOf(stored)).length).toBe(chain.length);
    await stored.close();
    chmodSync(join(copy, 'chain'), 0o755);
  });

  it('is not made where there is none, and has no mark where that is damaged', async () => {
    const empty = temporaryDirectory();
    expect(ReadOnlyStore.isAt(empty)).toBe(false);
    expect(await failureOf(ReadOnlyStore.open(empty))).toBeInstanceOf(ChainError);
    expect(existsSync(join(empty, 'chain'))).toBe(false);
    const directory = await filledDirectory();
    expect(ReadOnlyStore.isAt(directory)).toBe(true);
    writeFileSync(join(directory, 'tip'), 'x');
    const stored = await ReadOnlyStore.open(directory);
    expect(stored.mark).toBeUndefined();
    await stored.close();
  });
});
