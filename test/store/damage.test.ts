import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Chain } from '../../src/engine/chain.ts';
import { ChainError } from '../../src/engine/ports.ts';
import { LevelStore } from '../../src/store/level-store.ts';
import { SystemClock } from '../../src/system/system-clock.ts';
import { SystemSecrets } from '../../src/system/system-secrets.ts';
import { candidatesWith, frozen } from '../core/forge.ts';
import { Dice } from '../sim/dice.ts';
import { temporaryDirectory } from '../temporary.ts';

const silent = { hear: () => undefined };

/** Opens a directory as a server does at its start, and returns its store with its chain. */
async function open(directory: string): Promise<{ store: LevelStore; chain: Chain }> {
  const store = await LevelStore.open(directory);
  try {
    const secrets = SystemSecrets.open(join(directory, 'master-secret'), store.isEmpty);
    return { store, chain: await Chain.open({ clock: new SystemClock(), secrets, store, audience: silent }, 64) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A chain of 30 blocks, some of it in a table and some in the log, as restarts leave it. */
async function makeChain(directory: string): Promise<string> {
  let hash = '';
  for (let start = 0; start < 3; start++) {
    const { store, chain } = await open(directory);
    for (let block = 0; block < 10; block++) hash = (await chain.extend(frozen(candidatesWith([1n, 20n, 300n])))).Hash;
    await store.close();
  }
  return hash;
}

/** What a start makes of a directory: the hash of the chain's tip, or the refusal. Anything else that is thrown is a fault of ours. */
async function start(directory: string): Promise<string> {
  try {
    const { store, chain } = await open(directory);
    await store.close();
    return chain.tip.hash;
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
      for (let time = 0; time < 12; time++) {
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
      for (const share of [0, dice.roll(100) / 100, dice.roll(100) / 100, 1]) {
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
