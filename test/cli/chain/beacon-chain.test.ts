import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LevelStore } from '../../../src/storage/level-store.ts';
import { buildBeaconChain, TestBeacon } from '../../core/build-beacon-chain.ts';
import { candidatesWith, frozen, storedBlock } from '../../core/build-chain.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';

const fast = new TestBeacon('fast', { GenesisTime: 1_767_225_600, Period: 3 });
const slow = new TestBeacon('slow', { GenesisTime: 1_767_225_595, Period: 10 });
const pools = [candidatesWith([3n, 4n]), candidatesWith([5n])];
const { genesis, blocks } = buildBeaconChain(pools, [fast, slow]);
const chain = [genesis, ...blocks];
const [first] = blocks;

describe('a stored chain whose draws waited for beacons', () => {
  let directory = '';
  let file = '';

  beforeAll(async () => {
    directory = temporaryDirectory(afterAll);
    file = join(temporaryDirectory(afterAll), 'chain.json');
    const store = await LevelStore.open(directory);
    for (const [index, block] of chain.entries())
      await store.append(storedBlock(block, frozen(pools[index - 1] ?? []).candidates));
    await store.close();
    writeFileSync(file, JSON.stringify(chain));
  });

  it('is verified with its beacons, wherever it comes from', async () => {
    for (const place of [directory, file]) {
      const { code, out } = await runCommand(['verify', place]);
      expect([code, out]).toEqual([0, expect.stringContaining('The chain holds: 3 blocks, 0 to 2')]);
      expect(out).toMatch(/beacons +each draw waited for the rounds of its 2 beacons/);
    }
    expect(JSON.parse((await runCommand(['verify', file, '--json'])).out)).toMatchObject({ holds: true, beacons: 2 });
  });

  it('is refused where a beacon did not sign the round', async () => {
    const [round] = first?.Draw.Beacons ?? [];
    const text = JSON.stringify(chain).replaceAll(round?.Signature ?? '', fast.sign((round?.Round ?? 0) + 1));
    const { code, out } = await runCommand(['verify', '-', '--json'], { input: text });
    expect([code, JSON.parse(out)]).toMatchObject([1, { fault: { index: 1, rule: 'hash' } }]);
  });

  it('is shown with what each beacon published, when, and how that entered the seed', async () => {
    const { out } = await runCommand(['show', '1', directory]);
    const [one, two] = first?.Draw.Beacons ?? [];
    expect(out).toContain('The pool was sealed, and the draw waited for beacons whose rounds came 3 seconds later');
    expect(out).toMatch(/sealed +2026-01-01T00:01:00\.000Z\n/);
    expect(out).toMatch(new RegExp(`beacon +fast, round ${one?.Round}, published at 2026-01-01T00:01:03\\.000Z\n`));
    expect(out).toMatch(new RegExp(`beacon +slow, round ${two?.Round}, published at 2026-01-01T00:01:05\\.000Z\n`));
    for (const round of [one, two]) expect(out).toContain(round?.Signature);
    expect(out).toMatch(/seed +H\("seed", \w{8}…, 1, secret, signature of fast, signature of slow\)\n/);
    expect(JSON.parse((await runCommand(['show', '1', file, '--json'])).out).beacons).toEqual([
      { name: 'fast', Round: one?.Round, published: '2026-01-01T00:01:03.000Z' },
      { name: 'slow', Round: two?.Round, published: '2026-01-01T00:01:05.000Z' },
    ]);
    const { out: ofGenesis } = await runCommand(['show', '0', file]);
    expect(ofGenesis).toMatch(/beacon +fast, a round every 3 seconds since 1767225600 s of Unix time\n/);
    expect(ofGenesis).toContain(fast.beacon.PublicKey.slice(0, 96));
  });

  it('is exported, in a table with its rounds and signatures in a cell each', async () => {
    expect((await runCommand(['export', directory])).out).toBe(`${JSON.stringify(chain)}\n`);
    const [names, genesisRow, row] = (await runCommand(['export', directory, '--format', 'csv'])).out.split('\n');
    expect(names?.split(',').slice(-3)).toEqual(['Sealed', 'Rounds', 'BeaconSignatures']);
    expect(genesisRow?.split(',').slice(-3)).toEqual(['', '', '']);
    const rounds = first?.Draw.Beacons ?? [];
    expect(row?.split(',').slice(-3)).toEqual([
      first?.Draw.Sealed,
      rounds.map(({ Round }) => Round).join(' '),
      rounds.map(({ Signature }) => Signature).join(' '),
    ]);
  });

  it('is repaired with all of its blocks', async () => {
    const { out } = await runCommand(['repair', directory, join(temporaryDirectory(), 'repaired')]);
    expect(out).toContain('Blocks 0 to 2 hold');
  });

  it('shows a tamperer that the beacons cannot be made to say something else', async () => {
    const { out } = await runCommand(['lab', 'tamper', directory, '1', 'Sealed', '2026-01-01T00:01:00.001Z']);
    expect(out).toContain('beacon');
  });
});
