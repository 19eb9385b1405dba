import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ChainError } from '../../src/node/ports.ts';
import { cases } from '../effort.ts';
import { Dice } from '../sim/dice.ts';
import { temporaryDirectory } from '../temporary.ts';
import { makeChain, openAsServer } from './stored.ts';

/** What a start makes of a directory: the hash of the chain's tip, or the refusal. Anything else that is thrown is a fault of ours. */
async function start(directory: string): Promise<string> {
  try {
    const { store, chain } = await openAsServer(directory);
    await store.close();
    return chain.tip?.hash ?? '';
  } catch (error) {
    if (error instanceof ChainError) return `refused: ${error.message}`;
    throw error;
  }
}

describe('a damaged data directory', () => {
  let origin = '';
  let tipHash = '';
  let files: readonly string[] = [];

  beforeAll(async () => {
    origin = mkdtempSync(join(tmpdir(), 'sortition-damage-'));
    tipHash = await makeChain(origin);
    files = readdirSync(origin, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(origin, name)).isFile(),
    );
    return () => rmSync(origin, { recursive: true });
  });

  function copy(): string {
    const directory = join(temporaryDirectory(), 'copy');
    cpSync(origin, directory, { recursive: true });
    return directory;
  }

  it('is whole at first', async () => {
    expect(await start(copy())).toBe(tipHash);
    expect(files.length).toBeGreaterThan(6);
  });

  it('gives the complete chain or is refused, whichever byte of it is flipped', async () => {
    const dice = new Dice(1);
    for (const file of files) {
      for (let time = 0; time < cases(2); time++) {
        const directory = copy();
        const path = join(directory, file);
        const bytes = readFileSync(path);
        if (bytes.length === 0) continue;
        const place = dice.roll(bytes.length);
        bytes[place] = (bytes[place] ?? 0) ^ (1 << dice.roll(8));
        writeFileSync(path, bytes);
        const outcome = await start(directory);
        if (outcome !== tipHash) expect(outcome, `${file}, byte ${place}`).toMatch(/^refused: /);
      }
    }
  });

  it('gives the complete chain or is refused, wherever a file of it is cut, and when one is gone', async () => {
    const dice = new Dice(2);
    for (const file of files) {
      const cuts = Array.from({ length: cases(1) }, () => dice.roll(100) / 100);
      for (const share of [0, ...cuts, 1]) {
        const directory = copy();
        const path = join(directory, file);
        if (share === 1) rmSync(path);
        else truncateSync(path, Math.floor(statSync(path).size * share));
        const outcome = await start(directory);
        if (outcome !== tipHash) expect(outcome, `${file}, cut at ${share}`).toMatch(/^refused: /);
      }
    }
  });
});
