import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChainError, StoreError } from '../../src/engine/ports.ts';
import { LevelStore } from '../../src/store/level-store.ts';
import { temporaryDirectory } from '../temporary.ts';
import { chain, describesAStore, fill, pools, textsOf } from './contract.ts';

async function open(directory: string = temporaryDirectory()): Promise<LevelStore> {
  const store = await LevelStore.open(directory);
  onTestFinished(() => store.close());
  return store;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the store on disk', () => {
  describesAStore(open);

  it('makes its directory, with those above it', async () => {
    const store = await open(join(temporaryDirectory(), 'a', 'b'));
    expect(store.isEmpty).toBe(true);
  });

  it('has blocks and pools again when it is opened again, and goes on after them', async () => {
    const directory = temporaryDirectory();
    const first = await LevelStore.open(directory);
    await fill(first);
    expect(first.isEmpty).toBe(false);
    await first.close();

    const second = await open(directory);
    expect(second.isEmpty).toBe(false);
    expect(await textsOf(second)).toEqual(chain.map((block) => JSON.stringify(block)));
    expect(await second.pool(4)).toEqual(pools[3]);
    const failure = await failureOf(second.append(chain[0] ?? fail(), []));
    expect(String(failure)).toContain(`block 0 does not follow the ${chain.length} that are stored`);
  });

  it('is read by one server at a time: the second is told so', async () => {
    const directory = temporaryDirectory();
    await open(directory);
    const failure = await failureOf(LevelStore.open(directory));
    expect(failure).toBeInstanceOf(ChainError);
    expect(String(failure)).toContain(`${directory} is in use by another server`);
  });

  it('gives its lock back when it is closed', async () => {
    const directory = temporaryDirectory();
    await (await LevelStore.open(directory)).close();
    expect((await open(directory)).isEmpty).toBe(true);
  });

  it('says what hinders it when it cannot be opened', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const failure = await failureOf(LevelStore.open(file));
    expect(failure).toBeInstanceOf(ChainError);
    expect(String(failure)).toContain(`${file} cannot be opened: `);
  });

  it('refuses with a StoreError when the database does, and does not count that block', async () => {
    const directory = temporaryDirectory();
    const store = await LevelStore.open(directory);
    await store.append(chain[0] ?? fail(), []);
    await store.close();
    const failure = await failureOf(store.append(chain[1] ?? fail(), []));
    expect(failure).toBeInstanceOf(StoreError);
    expect(String(failure)).toContain('block 1 could not be stored: ');
    expect((await textsOf(await open(directory))).length).toBe(1);
  });
});

function fail(): never {
  throw new Error('the chain is too short');
}
