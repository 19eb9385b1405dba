import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ClassicLevel } from 'classic-level';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '../../src/cli/chain/open-source.ts';
import { checkSource, holds } from '../../src/cli/chain/verification.ts';
import { verificationJson } from '../../src/cli/verify/verification-text.ts';
import { DamageError } from '../../src/node/ports.ts';
import { cases } from '../effort.ts';
import { Dice } from '../sim/dice.ts';
import { makeChain, openAsServer } from '../storage/stored.ts';
import { temporaryDirectory } from '../temporary.ts';
import { runCommand } from './run-command.ts';
import { runVerb } from './run-verb.ts';

/** The last block of `makeChain`. */
const height = 30;

/** The largest table of a data directory, which has nearly all blocks and pools. */
function largestTable(directory: string): string {
  const chain = join(directory, 'chain');
  const tables = readdirSync(chain).filter((name) => name.endsWith('.ldb'));
  const sizes = tables.map((name) => ({ file: join(chain, name), size: statSync(join(chain, name)).size }));
  const [largest] = sizes.sort((one, other) => other.size - one.size);
  if (largest === undefined) throw new Error('the chain has no table');
  return largest.file;
}

function flip(file: string, place: number, bit: number): void {
  const bytes = readFileSync(file);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  writeFileSync(file, bytes);
}

/** What verify says: that everything was checked, which pools are damaged, or that it is more than pools. */
async function verified(directory: string): Promise<'whole' | 'damaged' | readonly number[]> {
  const source = await openSource(directory, Readable.from([]));
  try {
    const verdict = await checkSource(source, undefined, () => undefined);
    const json: Record<string, unknown> = JSON.parse(verificationJson(verdict));
    if (!holds(verdict)) {
      expect(json).toMatchObject({ holds: false, damage: { cure: expect.stringContaining(`repair ${directory}`) } });
      return verdict.audit.poolsDamaged.length > 0 ? verdict.audit.poolsDamaged : 'damaged';
    }
    expect(json).toMatchObject({ holds: true, poolsChecked: height, poolsAbsent: 0, damage: null });
    return 'whole';
  } finally {
    await source.close();
  }
}

/** What the start of a server says. */
async function started(directory: string): Promise<'whole' | 'damaged'> {
  try {
    await (await openAsServer(directory)).store.close();
    return 'whole';
  } catch (error) {
    if (error instanceof DamageError) return 'damaged';
    throw error;
  }
}

describe('damage in the tables of a data directory', () => {
  let origin = '';

  beforeAll(async () => {
    origin = mkdtempSync(join(tmpdir(), 'sortition-damage-'));
    await makeChain(origin);
    // Started once more, so that the last blocks are in a table, too.
    await (await openAsServer(origin)).store.close();
    return () => rmSync(origin, { recursive: true });
  });

  function copy(): string {
    const directory = join(temporaryDirectory(), 'copy');
    cpSync(origin, directory, { recursive: true });
    return directory;
  }

  /** A copy with a flipped byte in that part of its largest table. */
  function damagedCopy(share: number): string {
    const directory = copy();
    const table = largestTable(directory);
    flip(table, Math.floor((statSync(table).size - 1) * share), 3);
    return directory;
  }

  it('is seen alike by verify and by the start of a server, whichever region of a table has a flipped byte', async () => {
    const size = statSync(largestTable(origin)).size;
    const dice = new Dice(1);
    const regions = cases(30);
    let damaged = 0;
    for (let region = 0; region < regions; region++) {
      const directory = copy();
      const place = Math.floor((size * region) / regions) + dice.roll(Math.floor(size / regions));
      flip(largestTable(directory), place, dice.roll(8));
      const outcome = await verified(directory);
      expect(await started(directory), `byte ${place} of ${size}`).toBe(outcome);
      if (outcome === 'damaged') damaged += 1;
    }
    // Nothing reads the bytes that fill the footer up.
    expect(damaged).toBeGreaterThan(regions * 0.9);
  });

  it('is named by verify, doctor, show, export, repair and the start of a server, each with the cure', async () => {
    const directory = damagedCopy(0.8);
    const cure = `repair ${directory} NEW-DIRECTORY`;
    const what = /table \d{6}\.ldb of the store is damaged: something in bytes \d+ to \d+ is damaged/;

    const words = await runCommand(['verify', directory]);
    expect(words.out).toMatch(/^The chain is damaged: the table /);
    expect(words.out).toMatch(what);
    expect(words.out).toContain(cure);
    expect(words.code).toBe(1);
    const json = await runCommand(['verify', '--json', directory]);
    expect(JSON.parse(json.out)).toMatchObject({
      holds: false,
      fault: null,
      damage: { why: expect.stringMatching(what), cure: expect.stringContaining(cure) },
    });
    expect(json.code).toBe(1);

    for (const [verb, code] of [
      [['doctor', '--data-dir', directory], 1],
      [['show', '1', directory], 4],
      [['export', '--pools', directory], 4],
      [['serve', '--data-dir', directory, '--port', '0', '--dashboard-port', '0'], 4],
    ] as const) {
      const { out, err, code: ended } = verb[0] === 'serve' ? runVerb(verb) : await runCommand(verb);
      expect(out + err).toMatch(what);
      expect(out + err).toContain(cure);
      expect(ended).toBe(code);
    }
  });

  it('takes from a repair no more than what stands beside it', async () => {
    const to = join(temporaryDirectory(), 'new');
    const { code, out } = await runCommand(['repair', damagedCopy(0.8), to]);
    const [, lost = '0'] = /(\d+) of their pools are damaged and left out/.exec(out) ?? [];
    const [, last = ''] = /Blocks 0 to (\d+) hold/.exec(out) ?? [];
    // A flipped byte costs what is in the same four kilobytes: some pools, some blocks, or both.
    expect(code).toBe(Number(last) === height ? 0 : 1);
    expect(Number(lost) + height - Number(last)).toBeGreaterThan(0);
    const repaired = await runCommand(['verify', '--json', to]);
    expect(JSON.parse(repaired.out)).toMatchObject({
      holds: true,
      blocks: Number(last) + 1,
      poolsAbsent: Number(lost),
      damage: null,
    });
    const again = join(temporaryDirectory(), 'again');
    expect((await runCommand(['repair', to, again])).out).not.toContain('damaged');
    expect(JSON.parse((await runCommand(['verify', '--json', again])).out)).toMatchObject({
      poolsAbsent: Number(lost),
    });
  });

  it('is a pool that is gone though it was stored with its block', async () => {
    const directory = copy();
    const level = new ClassicLevel(join(directory, 'chain'));
    await level.del('pool/000000000007');
    await level.close();
    expect(await verified(directory)).toEqual([7]);
  });
});
