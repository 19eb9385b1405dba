import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ChainError, StoreError } from '../../src/node/ports.ts';
import { HighWaterMark } from '../../src/storage/high-water-mark.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { storedBlock } from '../core/build-chain.ts';
import { temporaryDirectory } from '../temporary.ts';
import { chain, describesABlockStore, describesASessionStore, fill, pools, textsOf } from './contract.ts';

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
  describesABlockStore(open);
  describesASessionStore(open);

  it('makes its directory, with those above it', async () => {
    const store = await open(join(temporaryDirectory(), 'a', 'b'));
    expect(store.height).toBe(-1);
  });

  it('has blocks and pools again when it is opened again, and goes on after them', async () => {
    const directory = temporaryDirectory();
    const first = await LevelStore.open(directory);
    await fill(first);
    expect(first.height).toBe(chain.length - 1);
    await first.close();

    const second = await open(directory);
    expect(second.height).toBe(chain.length - 1);
    expect(await textsOf(second)).toEqual(chain.map((block) => JSON.stringify(block)));
    expect(await second.pool(4)).toEqual(pools[3]);
    const failure = await failureOf(second.append(storedBlock(chain[0] ?? fail())));
    expect(String(failure)).toContain(`block 0 does not follow the ${chain.length} that are stored`);
  });

  it('is whole when it is opened again after the end of its chain was replaced by a shorter one', async () => {
    const directory = temporaryDirectory();
    const first = await LevelStore.open(directory);
    await fill(first);
    await first.replace({ first: 1 }, storedBlock(chain[1] ?? fail(), pools[0]));
    await first.close();
    const second = await open(directory);
    expect(await textsOf(second)).toEqual(chain.slice(0, 2).map((block) => JSON.stringify(block)));
  });

  it('is whole when the process died before the end of its chain was replaced', async () => {
    const directory = temporaryDirectory();
    const first = await LevelStore.open(directory);
    await fill(first);
    await first.close();
    new HighWaterMark(join(directory, 'tip')).create({ index: 1, hash: chain[1]?.Hash ?? '' });
    expect((await open(directory)).height).toBe(chain.length - 1);
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
    expect((await open(directory)).height).toBe(-1);
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
    await store.append(storedBlock(chain[0] ?? fail()));
    await store.close();
    const failure = await failureOf(store.append(storedBlock(chain[1] ?? fail())));
    expect(failure).toBeInstanceOf(StoreError);
    expect(String(failure)).toContain('block 1 could not be stored: ');
    expect((await textsOf(await open(directory))).length).toBe(1);
  });
});

describe('a store whose files are taken away while it is open', () => {
  it.each([
    ['removed', (chain: string) => rmSync(chain, { recursive: true })],
    ['moved', (chain: string) => renameSync(chain, `${chain}-elsewhere`)],
    [
      'replaced by a copy',
      (chain: string) => {
        cpSync(chain, `${chain}-copy`, { recursive: true });
        rmSync(chain, { recursive: true });
        renameSync(`${chain}-copy`, chain);
      },
    ],
  ])('refuses the next block, and every question for its place, when they are %s', async (_, takeAway) => {
    const directory = temporaryDirectory();
    const store = await open(directory);
    await store.append(storedBlock(chain[0] ?? fail()));
    await store.verifyPlace();
    takeAway(join(directory, 'chain'));
    for (const failure of [
      await failureOf(store.append(storedBlock(chain[1] ?? fail()))),
      await failureOf(store.verifyPlace()),
    ]) {
      expect(failure).toBeInstanceOf(ChainError);
      expect(String(failure)).toMatch(/\/chain was removed, moved or replaced while the server ran/);
    }
    const mark = new HighWaterMark(join(directory, 'tip')).read();
    expect(mark?.index).toBe(0);
  });

  it('makes its high-water mark again when only that was removed', async () => {
    const directory = temporaryDirectory();
    const store = await open(directory);
    await store.append(storedBlock(chain[0] ?? fail()));
    rmSync(join(directory, 'tip'));
    await store.append(storedBlock(chain[1] ?? fail()));
    expect(new HighWaterMark(join(directory, 'tip')).read()?.index).toBe(1);
  });
});

describe('a store that was damaged', () => {
  const height = chain.length - 1;

  /** A directory with the whole chain in it, changed while it is closed. */
  async function damaged(damage: (directory: string) => Promise<void> | void): Promise<string> {
    const directory = temporaryDirectory();
    const store = await LevelStore.open(directory);
    await fill(store);
    await store.close();
    await damage(directory);
    return directory;
  }

  async function refusal(directory: string): Promise<string> {
    const failure = await failureOf(LevelStore.open(directory));
    expect(failure).toBeInstanceOf(ChainError);
    return String(failure);
  }

  async function withLevel(directory: string, change: (level: ClassicLevel) => Promise<void>): Promise<void> {
    const level = new ClassicLevel(join(directory, 'chain'));
    await change(level);
    await level.close();
  }

  it('is refused when its last block is gone, with both heights', async () => {
    const directory = await damaged((path) => withLevel(path, (level) => level.del(`block/00000000000${height}`)));
    expect(await refusal(directory)).toContain(
      `ends at block ${height - 1}, but it had come to block ${height}: its end is lost`,
    );
  });

  it('is refused when the whole database is gone or empty, and nothing is made in its place', async () => {
    const gone = await damaged((path) => rmSync(join(path, 'chain'), { recursive: true }));
    expect(await refusal(gone)).toContain('cannot be opened');
    const empty = await damaged((path) => withLevel(path, (level) => level.clear()));
    expect(await refusal(empty)).toContain(`has no blocks, but it had come to block ${height}`);
  });

  it('is refused when the last block is another one', async () => {
    const directory = await damaged((path) =>
      withLevel(path, (level) => level.put(`block/00000000000${height}`, '{}')),
    );
    expect(await refusal(directory)).toContain(
      `block ${height} of the chain in ${directory} is missing or not the one`,
    );
  });

  it.each([
    ['cut', (mark: string) => mark.slice(0, 40)],
    ['changed in both of its lines', (mark: string) => mark.replaceAll(' ', '  ')],
    ['that of another chain', (mark: string) => mark.replaceAll('a', 'b')],
  ])('is refused when its high-water mark is %s', async (_, change) => {
    const directory = await damaged((path) => {
      writeFileSync(join(path, 'tip'), change(readFileSync(join(path, 'tip'), 'latin1')));
    });
    expect(await refusal(directory)).toContain(
      'is damaged, so it is not known whether the chain beside it is complete',
    );
  });

  it('is not refused when one of the two lines of that mark is damaged', async () => {
    for (const change of [(mark: string) => mark.slice(1), (mark: string) => mark.slice(0, -2)]) {
      const directory = await damaged((path) => {
        writeFileSync(join(path, 'tip'), change(readFileSync(join(path, 'tip'), 'latin1')));
      });
      expect((await textsOf(await open(directory))).length).toBe(chain.length);
    }
  });

  it.each([
    ['empty', 0],
    ['nothing but zeros', 172],
  ])('is not refused when its high-water mark is %s, as a power cut left it, and has one again', async (_, bytes) => {
    const directory = await damaged((path) => writeFileSync(join(path, 'tip'), Buffer.alloc(bytes)));
    const store = await LevelStore.open(directory);
    expect((await textsOf(store)).length).toBe(chain.length);
    await store.close();
    expect(new HighWaterMark(join(directory, 'tip')).read()).toEqual({ index: height, hash: chain[height]?.Hash });
    await withLevel(directory, (level) => level.del(`block/00000000000${height}`));
    expect(await refusal(directory)).toContain('its end is lost');
  });

  it('is not refused when the process died before the mark of its genesis was made, and has one at once', async () => {
    const directory = temporaryDirectory();
    const store = await LevelStore.open(directory);
    await store.append(storedBlock(chain[0] ?? fail()));
    await store.close();
    rmSync(join(directory, 'tip'));
    await (await LevelStore.open(directory)).close();
    expect(new HighWaterMark(join(directory, 'tip')).read()).toEqual({ index: 0, hash: chain[0]?.Hash });
  });

  it('is refused when its high-water mark is missing', async () => {
    const directory = await damaged((path) => rmSync(join(path, 'tip')));
    expect(await refusal(directory)).toContain('is missing, so it is not known');
  });

  it('is not refused when the process died between a block and its mark', async () => {
    const directory = await damaged((path) => {
      new HighWaterMark(join(path, 'tip')).write({ index: height - 1, hash: chain[height - 1]?.Hash ?? '' });
    });
    expect((await textsOf(await open(directory))).length).toBe(chain.length);
  });

  it('tells the second server which process has it, and no more when that is not known', async () => {
    const directory = temporaryDirectory();
    await open(directory);
    expect(await refusal(directory)).toContain(`in use by another server, process ${process.pid}. Stop that one`);
    writeFileSync(join(directory, 'server.pid'), 'x');
    expect(await refusal(directory)).toContain('in use by another server. Stop that one');
  });
});

function fail(): never {
  throw new Error('the chain is too short');
}
