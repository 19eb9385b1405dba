import { existsSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it } from 'vitest';
import { HighWaterMark } from '../../../src/storage/high-water-mark.ts';
import { frozen, hexOf } from '../../core/build-chain.ts';
import { openAsServer } from '../../storage/stored.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { type Finished, runCommand } from '../run-command.ts';

function repaired(...words: readonly string[]): Promise<Finished> {
  return runCommand(['repair', ...words]);
}

/** A directory with a chain of four blocks, as a server leaves it. */
async function makeChain(): Promise<string> {
  const directory = temporaryDirectory();
  const { store, extend } = await openAsServer(directory);
  const pool = frozen([{ validator: hexOf('one'), stake: 10n, payload: 72 }]);
  for (let block = 1; block <= 3; block++) await extend(pool);
  await store.close();
  return directory;
}

/** How many blocks a server finds that goes on with a chain, and that it can. */
async function goesOn(directory: string): Promise<number> {
  const { store, chain, extend } = await openAsServer(directory);
  await extend(frozen([{ validator: hexOf('one'), stake: 10n, payload: 72 }]));
  await store.close();
  return chain.height;
}

async function withLevel(directory: string, change: (level: ClassicLevel) => Promise<void>): Promise<void> {
  const level = new ClassicLevel(join(directory, 'chain'));
  await change(level);
  await level.close();
}

describe('sortition repair', () => {
  it('copies a chain that is whole with its secret, and a server goes on with it', async () => {
    const from = await makeChain();
    rmSync(join(from, 'chain', 'CURRENT'));
    await expect(openAsServer(from)).rejects.toThrow('cannot be opened');

    const to = join(temporaryDirectory(), 'new');
    const { code, out } = await repaired(from, to);
    expect(out).toBe(
      `Blocks 0 to 3 hold, and are in ${to} now.\nNo block is missing. Go on with: npm start -- --data-dir ${to}\n`,
    );
    expect(code).toBe(0);
    expect(statSync(join(to, 'master-secret')).mode & 0o777).toBe(0o600);
    expect(await goesOn(to)).toBe(4);
  });

  it('cuts a chain at its first bad block, says what is lost, and keeps the secret away from it', async () => {
    const from = await makeChain();
    await withLevel(from, async (level) => {
      const key = 'block/000000000002';
      await level.put(key, ((await level.get(key)) ?? '').replace('"BPM":72', '"BPM":73'));
    });
    const to = temporaryDirectory();
    const { code, out } = await repaired(from, to);
    expect(out).toContain(
      `Blocks 0 to 1 hold, and are in ${to} now.\n2 after that are lost: block 2 breaks the rule "hash".\n`,
    );
    expect(out).toContain('The master secret is not copied');
    expect(code).toBe(1);
    expect(existsSync(join(to, 'master-secret'))).toBe(false);
    expect(readdirSync(from)).toContain('master-secret');
  });

  it('leaves out pools that are damaged or false, and what is left can be verified and goes on', async () => {
    const from = await makeChain();
    await withLevel(from, async (level) => {
      await level.put('pool/000000000001', 'x');
      const key = 'pool/000000000002';
      await level.put(key, ((await level.get(key)) ?? '').replace('"Stake":"10"', '"Stake":"11"'));
    });
    expect(await runCommand(['verify', from])).toMatchObject({ code: 1 });
    const to = join(temporaryDirectory(), 'new');
    expect(await repaired(from, to)).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 of their pools are damaged'),
    });
    expect(await runCommand(['verify', to])).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        'not checked  2 of the pools: who else took part. A repair could not read them and left them out',
      ),
    });
    expect(await goesOn(to)).toBe(4);
  });

  it('takes a chain that holds, but is not the one that was announced, only as far as it is', async () => {
    const from = await makeChain();
    const tip = new HighWaterMark(join(from, 'tip'));
    tip.write({ index: 3, hash: 'a'.repeat(64) });
    const to = temporaryDirectory();
    expect(await repaired(from, to)).toMatchObject({
      code: 1,
      out: expect.stringContaining('1 after that are lost: block 3 is not the one that was announced.'),
    });
    expect(existsSync(join(to, 'master-secret'))).toBe(false);
  });

  it('takes a chain whose mark a power cut left empty for whole, with its secret, and leaves no trace of its work', async () => {
    const from = await makeChain();
    writeFileSync(join(from, 'tip'), '');
    const to = join(temporaryDirectory(), 'new');
    expect(await repaired(from, to)).toMatchObject({ code: 0, out: expect.stringContaining('No block is missing.') });
    expect(readdirSync(to).sort()).toEqual(['chain', 'master-secret', 'tip']);
    expect(new HighWaterMark(join(to, 'tip')).read()?.index).toBe(3);
    // Where the chain could not be opened either, nobody knows how far it had come.
    rmSync(join(from, 'chain', 'CURRENT'));
    const other = join(temporaryDirectory(), 'new');
    expect(await repaired(from, other)).toMatchObject({ code: 1, out: expect.stringContaining('is not known') });
    expect(existsSync(join(other, 'master-secret'))).toBe(false);
  });

  it('takes no notice of what a server that was killed has left behind', async () => {
    const from = await makeChain();
    writeFileSync(join(from, 'server.pid'), `${process.pid}\n`);
    expect(existsSync(join(from, 'chain', 'LOCK'))).toBe(true);
    expect(await repaired(from, join(temporaryDirectory(), 'new'))).toMatchObject({ code: 0, err: '' });
  });

  it('says when it cannot know what is lost, and when nothing can be read', async () => {
    const from = await makeChain();
    writeFileSync(join(from, 'tip'), 'x');
    expect(await repaired(from, temporaryDirectory())).toMatchObject({
      code: 1,
      out: expect.stringContaining('Whether it went on after that is not known: block 4 is not there.'),
    });
    await withLevel(from, (level) => level.clear());
    const { code, out } = await repaired(from, join(temporaryDirectory(), 'new'));
    expect(out).toContain('Nothing can be read of the chain');
    expect(code).toBe(4);
  });

  it('refuses a target in the directory that it must not touch, whatever links lead there', async () => {
    const from = await makeChain();
    const before = readdirSync(from).sort();
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(from, link);
    for (const [source, target] of [
      [from, join(from, 'sub')],
      [from, join(from, 'a', 'b')],
      [from, join(from, 'chain', '..', 'sub')],
      [from, join(link, 'sub')],
      [link, join(from, 'sub')],
      [from, link],
    ] as const) {
      const { code, out, err } = await repaired(source, target);
      expect(err).toMatch(
        /^sortition: ".*" is in ".*", which must not be touched\. Name a directory beside it, for example: /,
      );
      expect({ code, out }).toEqual({ code: 2, out: '' });
    }
    expect(readdirSync(from).sort()).toEqual(before);
    // A name that only begins alike is another directory.
    expect((await repaired(from, `${from}-repaired`)).code).toBe(0);
    rmSync(`${from}-repaired`, { recursive: true });
  });

  it('refuses what is not a data directory, and a target that is not empty', async () => {
    const from = await makeChain();
    expect(await repaired('/nowhere', 'x')).toMatchObject({
      code: 4,
      err: 'sortition: there is no chain in /nowhere: name the DATA_DIR of a server, for example data.\n',
    });
    expect((await repaired(from, from)).err).toContain('must not be touched');
    const other = temporaryDirectory();
    writeFileSync(join(other, 'x'), '');
    expect((await repaired(from, other)).err).toContain('is not empty');
    expect(await repaired(from)).toMatchObject({
      code: 2,
      err: expect.stringContaining('repair needs two directories'),
    });
  });
});
