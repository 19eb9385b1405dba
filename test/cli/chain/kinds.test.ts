import { describe, expect, it } from 'vitest';
import { type Block, isMined } from '../../../src/core/block.ts';
import { LevelStore } from '../../../src/storage/level-store.ts';
import { buildInstantChain, buildWorkChain } from '../../core/build-kinds.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';

const work = buildWorkChain([2000, 1, 1, 10_000_000, 1000], 16n, 1000);
const instant = buildInstantChain([72, 0, 99]);

/** A data directory with this chain in it, as a server would have stored it. */
async function directoryWith(chain: readonly Block[]): Promise<string> {
  const directory = temporaryDirectory();
  const store = await LevelStore.open(directory);
  for (const block of chain) await store.append({ block, text: JSON.stringify(block), body: [] });
  await store.close();
  return directory;
}

async function showWork(index: number): Promise<string> {
  return (await runCommand(['show', String(index), '-'], { input: JSON.stringify(work) })).out;
}

describe('a chain of work', () => {
  it('is verified, from a text and from a data directory, and told what was checked of it', async () => {
    for (const { code, out } of [
      await runCommand(['verify', '-'], { input: JSON.stringify(work) }),
      await runCommand(['verify', await directoryWith(work)]),
    ]) {
      expect(code).toBe(0);
      expect(out).toContain('The chain holds: 6 blocks, 0 to 5');
      expect(out).toContain('work         each hash is as small as its difficulty asks for');
      expect(out).toContain('difficulty   each is the one that the blocks before it ask for, computed again');
      for (const word of ['signatures', 'envelopes', 'tickets', 'pools', 'ledger']) expect(out).not.toContain(word);
    }
  });

  it('does not hold with another difficulty, even where the work was done', async () => {
    const other = buildWorkChain([2000, 1], 4n, 1000);
    const input = JSON.stringify([...work.slice(0, 2), { ...other[2], PrevHash: work[1]?.Hash }]);
    const { code, out } = await runCommand(['verify', '-'], { input });
    expect(code).not.toBe(0);
    expect(out).toContain('block 2 breaks the rule "hash"');
  });

  it('has blocks that are explained: where the difficulty comes from, what the nonce does, and that it is work', async () => {
    expect(await showWork(0)).toContain('16 for block 1, 4.0 bits');
    expect(await showWork(1)).toContain('The difficulty is 16, 4.0 bits: block 1 has the one that block 0 asks for.');
    const second = await showWork(2);
    expect(second).toContain('The difficulty is 8, 3.0 bits. The block before it took 2,000 ms');
    expect(second).toContain('16 × 1000 / 2000 = 8');
    expect(second).not.toContain('kept at');
    expect(second).toContain('On average one in 8 does');
    expect(second).toContain(`gives        ${work[2]?.Hash}`);
    expect(await showWork(5)).toContain('a quarter of the one before is as far as it may go');
    const input = JSON.stringify(buildWorkChain([1, 1], 16n, 1000));
    const { out } = await runCommand(['show', '2', '-'], { input });
    expect(out).toContain('kept at      64: four times the one before is as far as it may go');
  });

  it('is written as it is, and in a table with its difficulties and nonces', async () => {
    const directory = await directoryWith(work);
    expect((await runCommand(['export', directory])).out).toBe(`${JSON.stringify(work)}\n`);
    const { out } = await runCommand(['export', directory, '--format', 'csv']);
    const [names = [], ...rows] = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const column = (name: string): readonly unknown[] => rows.map((row) => row[names.indexOf(name)]);
    expect(column('Difficulty')).toEqual(work.map((block) => (isMined(block) ? block.Work.Difficulty : '')));
    expect(column('Nonce')).toEqual(work.map((block) => (isMined(block) ? String(block.Work.Nonce) : '')));
    expect(column('Ticket')).toEqual(work.map(() => ''));
  });

  it('shows a tamperer that the work has to be done again', async () => {
    const { code, out } = await runCommand(['lab', 'tamper', await directoryWith(work), '2', 'BPM', '77']);
    expect(code).toBe(0);
    expect(out).toContain('breaks the rule work');
    expect(out).toContain('has to search for another one');
  });

  it('has no rounds of a validator to look for', async () => {
    const { code, out } = await runCommand(['verify', '-', '--validator', 'a'.repeat(64)], {
      input: JSON.stringify(work),
    });
    expect(code).toBe(0);
    expect(out).toContain('Nothing is drawn in this chain, so no validator has won or lost anything.');
  });
});

describe('an instant chain', () => {
  it('is verified, and told what was checked of it', async () => {
    const { code, out } = await runCommand(['verify', '-'], { input: JSON.stringify(instant) });
    expect(code).toBe(0);
    expect(out).toContain('signatures   each block is signed');
    for (const word of ['envelopes', 'tickets', 'pools', 'work ']) expect(out).not.toContain(word);
  });

  it('has blocks that are explained', async () => {
    const input = JSON.stringify(instant);
    expect((await runCommand(['show', '0', '-'], { input })).out).toContain(
      'Every accepted BPM becomes a block at once,',
    );
    const { out } = await runCommand(['show', '1', '-'], { input });
    expect(out).toContain('became a block as soon as it was accepted');
    expect(out).toContain('The signature is that of the authority in block 0');
    const { out: json } = await runCommand(['show', '1', '-', '--json'], { input });
    expect(JSON.parse(json)).toEqual({ block: instant[1] });
  });

  it('can be forged by its operator alone, whom the true chain of anybody else gives away', async () => {
    const { code, out } = await runCommand(['lab', 'tamper', await directoryWith(instant), '2', 'BPM', '77']);
    expect(code).toBe(0);
    expect(out).toContain('block 2 cannot be repaired: it breaks the rule signature');
    expect(out).toContain('block 3      prev-hash');
    expect(out).toContain('but it is another chain');
    expect(out).not.toContain('the reveals');
  });

  it('is told apart from a lottery and a chain of work, for programs too', async () => {
    for (const [kind, chain] of [
      ['instant', instant],
      ['work', work],
    ] as const) {
      const { out } = await runCommand(['verify', '-', '--json'], { input: JSON.stringify(chain) });
      expect(JSON.parse(out)).toMatchObject({ holds: true, kind, ledger: null, poolsAbsent: 0 });
    }
  });
});
