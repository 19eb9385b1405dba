import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunningNode, type StartOptions, start, UsageError } from '../../../src/library/node/index.ts';
import { SettableClock } from '../../../src/library/node/testing.ts';
import { Client } from '../../client.ts';
import { shortSeries } from '../../e2e/short-series.ts';
import { temporaryDirectory } from '../../temporary.ts';

async function running(options: StartOptions): Promise<RunningNode> {
  const node = await start({ linksPerChain: shortSeries, ...options });
  onTestFinished(() => node.stop());
  return node;
}

describe('a sandbox from a seed', () => {
  it.each(['lottery', 'instant'] as const)('is the same for the same seed and times: %s', async (consensus) => {
    const genesisOf = async (seed: string): Promise<unknown> =>
      (await running({ seed, consensus, clock: new SettableClock() })).client.block(0);
    const [one, same, other] = [await genesisOf('lesson-1'), await genesisOf('lesson-1'), await genesisOf('lesson-2')];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
  });

  it('says so on every screen', async () => {
    const printed: string[] = [];
    const node = await running({ seed: 'lesson-1', log: (text) => printed.push(text) });
    expect(printed.join('')).toMatch(/^ {2}seed {7}lesson-1: all keys, addresses and secrets come from this word/m);
    expect(await node.client.status()).toMatchObject({ sandbox: true, seed: 'lesson-1' });
    expect(await node.client.call('getinfo')).toMatchObject({ Sandbox: true, Seed: 'lesson-1' });
    const person = new Client(node.port);
    await person.sees('Enter token balance:');
    await person.says('100', /This is a sandbox: .* All its secrets come from the seed lesson-1\.\n/);
  });

  it('gives the same wallets to those who come in the same order', async () => {
    const firstOf = async (): Promise<string> => {
      const node = await running({ seed: 'lesson-1' });
      return (await node.client.join(5)).validator;
    };
    expect(await firstOf()).toBe(await firstOf());
  });

  it('stays one where nothing is said at the next start', async () => {
    const dataDir = temporaryDirectory();
    const first = await start({ dataDir, seed: 'lesson-1', linksPerChain: shortSeries });
    const genesis = await first.client.block(0);
    await first.stop();
    expect(readFileSync(join(dataDir, 'seed'), 'utf8')).toBe('lesson-1\n');
    for (const seed of [undefined, 'lesson-1']) {
      const again = await start({ dataDir, ...(seed === undefined ? {} : { seed }) });
      expect(await again.client.block(0)).toEqual(genesis);
      expect(await again.client.status()).toMatchObject({ seed: 'lesson-1' });
      await again.stop();
    }
    await expect(start({ dataDir, seed: 'lesson-2' })).rejects.toThrow(
      new UsageError(
        `SEED is lesson-2, but the secrets in ${dataDir} come from the seed lesson-1: leave the setting out, or begin a new chain with another --data-dir`,
      ),
    );
  });

  it('is no chain that has secrets of its own', async () => {
    const dataDir = temporaryDirectory();
    await (await start({ dataDir, linksPerChain: shortSeries })).stop();
    expect(existsSync(join(dataDir, 'seed'))).toBe(false);
    await expect(start({ dataDir, seed: 'lesson-1' })).rejects.toThrow(`the secrets in ${dataDir} are its own`);
    // Also where its chain was taken away.
    rmSync(join(dataDir, 'chain'), { recursive: true });
    rmSync(join(dataDir, 'tip'));
    await expect(start({ dataDir, seed: 'lesson-1' })).rejects.toThrow(`the secrets in ${dataDir} are its own`);
  });

  it('does not lend its secrets to a chain that does not say so', async () => {
    const dataDir = temporaryDirectory();
    await (await start({ dataDir, seed: 'lesson-1', linksPerChain: shortSeries })).stop();
    rmSync(join(dataDir, 'chain'), { recursive: true });
    rmSync(join(dataDir, 'tip'));
    await expect(start({ dataDir })).rejects.toThrow(
      new UsageError(
        `the secrets in ${dataDir} come from the seed lesson-1, but no chain is there: add --seed lesson-1, or begin with another --data-dir`,
      ),
    );
    const again = await start({ dataDir, seed: 'lesson-1', linksPerChain: shortSeries });
    expect(await again.client.status()).toMatchObject({ height: 0, seed: 'lesson-1' });
    await again.stop();
  });

  it.each([
    [{ ledger: false }, 'SEED is set and LEDGER is false'],
    [{ dev: false }, 'SEED is set and DEV is false'],
    [{ seed: 'two words' }, 'seed: two words is wrong: it must be none, or a word of up to 40 letters'],
    [{ seed: 'a'.repeat(41) }, 'is wrong: it must be none, or a word of up to 40 letters'],
    [{ seed: '\u001b[31m' }, String.raw`seed: \x1b[31m is wrong`],
  ])('is refused with %j', async (settings, words) => {
    await expect(start({ seed: 'lesson-1', ...settings })).rejects.toThrow(words);
  });

  it('may have a seed of as many characters as are shown', async () => {
    const seed = `${'a'.repeat(36)}.-_9`;
    expect(await (await running({ seed })).client.status()).toMatchObject({ seed });
  });
});
