import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, it } from 'vitest';
import { chain, pools } from '../../storage/contract.ts';
import { filledDirectory } from '../../storage/filled-directory.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';

describe('sortition export', () => {
  it('writes a line for each block, with its pool where that is asked for', async () => {
    const directory = await filledDirectory();
    const { out } = await runCommand(['export', directory, '--format', 'ndjson']);
    expect(out).toBe(chain.map((block) => `${JSON.stringify(block)}\n`).join(''));
    expect((await runCommand(['export', '--data-dir', directory, '--format', 'ndjson'])).out).toBe(out);
    const withPools = (await runCommand(['export', directory, '--pools'])).out;
    const lines: { Block: unknown; Pool: unknown[] }[] = withPools
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ Block }) => Block)).toEqual(chain);
    expect(lines.map(({ Pool }) => Pool.length)).toEqual([0, ...pools.map((pool) => pool.length)]);
    expect(await runCommand(['verify', '-'], { input: withPools })).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${pools.length} pools with `),
    });
  });

  it('writes a table with a line of names', async () => {
    const { out } = await runCommand(['export', await filledDirectory(), '--format', 'csv']);
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(rows).toHaveLength(chain.length + 1);
    expect(rows[0]?.slice(0, 4)).toEqual(['Index', 'Timestamp', 'BPM', 'Validator']);
    for (const row of rows) expect(row).toHaveLength(25);
    const last = chain.at(-1);
    expect(rows.at(-1)).toEqual(expect.arrayContaining([last?.Validator, last?.Hash, last?.PrevHash]));
  });

  it('writes to a file, and says when it cannot', async () => {
    const directory = await filledDirectory();
    const file = join(temporaryDirectory(), 'chain.json');
    expect(await runCommand(['export', directory, '--output', file])).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(chain)}\n`);
    const nowhere = join(temporaryDirectory(), 'no', 'x');
    expect(await runCommand(['export', directory, '--output', nowhere])).toMatchObject({
      code: 5,
      err: expect.stringMatching(/^sortition: .* cannot be written: ENOENT.*\.\n$/),
    });
  });

  it('needs no setting but DATA_DIR', async () => {
    const place = temporaryDirectory();
    writeFileSync(join(place, '.env'), `PORT=zzz\nDATA_DIR=${await filledDirectory()}\n`);
    for (const verb of ['export', 'verify'])
      expect(await runCommand([verb], { directory: place })).toMatchObject({ code: 0, err: '' });
    writeFileSync(join(place, '.env'), 'DATA_DIR="  "\n');
    expect(await runCommand(['export'], { directory: place })).toEqual({
      code: 2,
      out: '',
      err: 'sortition: DATA_DIR must be the path of a directory, for example DATA_DIR=data.\n',
    });
  });

  it('says which block of a damaged chain cannot go into a table', async () => {
    const directory = await filledDirectory();
    const level = new ClassicLevel(join(directory, 'chain'));
    await level.put('block/000000000002', '{"Index":2}');
    await level.close();
    const { code, err } = await runCommand(['export', directory, '--format', 'csv']);
    expect(err).toContain('the chain cannot be written out: block 2 is not one');
    expect(code).toBe(4);
  });

  it.each([
    [['--data-dir', 'a', 'b'], 2, 'export takes one directory, and "b" is one more'],
    [['a', 'b'], 2, 'export takes one directory, and "b" is one more'],
    [['--format', 'xml'], 2, '--format is "xml", but must be one of json, ndjson, csv, for example --format ndjson'],
    [['--pools', '--format', 'csv'], 2, '--pools needs a line for each block: --format ndjson, not csv'],
    [[], 4, 'there is no chain in data: name the DATA_DIR of a server, for example data'],
  ])('refuses %s', async (words, code, why) => {
    expect(await runCommand(['export', ...words])).toEqual({ code, out: '', err: `sortition: ${why}.\n` });
  });
});
