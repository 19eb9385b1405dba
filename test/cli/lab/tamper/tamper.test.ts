import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkEveryBlock } from '../../../../src/cli/lab/tamper/block-status.ts';
import { coverUp } from '../../../../src/cli/lab/tamper/cover-up.ts';
import { fieldsOf, findField, withValue } from '../../../../src/cli/lab/tamper/field.ts';
import { findFault } from '../../../../src/consensus/verifier.ts';
import { LevelStore } from '../../../../src/storage/level-store.ts';
import { buildChain, candidatesWith, hexOf, storedBlock, verifySignature } from '../../../core/build-chain.ts';
import { temporaryDirectory } from '../../../temporary.ts';
import { runCommand } from '../../run-command.ts';

const pool = candidatesWith([100n, 250n, 50n]);
const chain = buildChain([pool, pool, pool, pool, pool, pool], 4);

function tampered(index: number, path: string, value: string | number): readonly unknown[] {
  return chain.map((block, place) => (place === index ? withValue(block, path, value) : block));
}

function findingsOf(index: number, path: string, value: string | number): readonly string[] {
  return checkEveryBlock(tampered(index, path, value), chain, verifySignature).map((status) =>
    status.kind === 'fault' ? status.fault.rule : status.kind,
  );
}

describe('a field', () => {
  it('is found by its path, by the end of it, in any case, the outermost first', () => {
    expect(findField(chain[2], 'BPM')?.path).toBe('BPM');
    expect(findField(chain[2], 'stake')?.path).toBe('Draw.Stake');
    expect(findField(chain[2], 'hash')?.path).toBe('Hash');
    expect(findField(chain[2], 'Path.0.Stake')?.path).toBe('Draw.Path.0.Stake');
    expect(findField(chain[0], 'Salt')?.path).toBe('Genesis.Consensus.Salt');
    expect(findField(chain[2], 'Salt')).toBeUndefined();
    expect(findField(chain[2], '')).toBeUndefined();
    expect(findField(chain[2], 'take')).toBeUndefined();
  });

  it('is replaced alone, and the keys keep their order', () => {
    const block = withValue(chain[2], 'Draw.Path.0.Stake', '7');
    expect(findField(block, 'Draw.Path.0.Stake')?.value).toBe('7');
    const others = (json: unknown) => fieldsOf(json).filter(({ path }) => path !== 'Draw.Path.0.Stake');
    expect(others(block)).toEqual(others(chain[2]));
    expect(withValue(block, 'Draw.Path.0.Stake', findField(chain[2], 'Draw.Path.0.Stake')?.value ?? '')).toEqual(
      chain[2],
    );
  });
});

describe('the breaks of a tampered chain', () => {
  it('are none in a chain that holds', () => {
    expect(checkEveryBlock(chain, chain, verifySignature).map(({ kind }) => kind)).toEqual(chain.map(() => 'holds'));
  });

  it('show the block and those that stand on it', () => {
    expect(findingsOf(5, 'BPM', 99)).toEqual(['holds', 'holds', 'holds', 'holds', 'holds', 'hash', 'stands on it']);
  });

  it('move to the next block with another Hash', () => {
    expect(findingsOf(5, 'Hash', hexOf('x')).slice(5)).toEqual(['hash', 'prev-hash']);
  });

  it('reach the next reveal with another one, and every reveal with another salt', () => {
    expect(findingsOf(2, 'Draw.Reveal', hexOf('x')).slice(1, 5)).toEqual(['holds', 'hash', 'link', 'stands on it']);
    expect(findingsOf(0, 'Genesis.Consensus.Salt', hexOf('x'))).toEqual([
      'hash',
      'link',
      'link',
      'link',
      'link',
      'link',
      'link',
    ]);
  });

  it('go on behind what is no block at all', () => {
    expect(findingsOf(5, 'Validator', 'x').slice(4)).toEqual(['holds', 'form', 'stands on it']);
    expect(findingsOf(0, 'Genesis.Consensus.Links', 'x').slice(0, 2)).toEqual(['form', 'stands on it']);
  });

  it('begin where a verifier finds its first fault, whatever is changed', () => {
    const anyField = fc
      .nat({ max: chain.length - 1 })
      .chain((index) => fc.record({ index: fc.constant(index), field: fc.constantFrom(...fieldsOf(chain[index])) }));
    fc.assert(
      fc.property(anyField, fc.oneof(fc.nat(), fc.string(), fc.constant(hexOf('y'))), ({ index, field }, value) => {
        fc.pre(value !== field.value);
        const changed = tampered(index, field.path, value);
        const first = checkEveryBlock(changed, chain, verifySignature).find(({ kind }) => kind === 'fault');
        expect(first).toEqual({ kind: 'fault', fault: findFault(changed, verifySignature) });
      }),
    );
  });
});

/** As the operator sees it, who has the key and signs whatever is left. */
const anySignature = (): boolean => true;

describe('covering up', () => {
  it('ends at the signature for somebody without the key, whatever was changed behind the form and the place of a block', () => {
    for (const [path, value] of [
      ['BPM', 99],
      ['Timestamp', '2026-01-01T00:03:01.000Z'],
      ['Draw.Reveal', hexOf('x')],
      ['Draw.Stake', '7'],
    ] as const) {
      const coverUpResult = coverUp(tampered(3, path, value), 3, path, verifySignature);
      expect(coverUpResult.end?.fault, path).toMatchObject({ index: 3, rule: 'signature' });
      expect(coverUpResult.repairs.map((repair) => repair.path)).toEqual(['Hash']);
    }
  });

  it('carries a new time through every block behind it, and ends in another chain', () => {
    const coverUpResult = coverUp(tampered(3, 'Timestamp', '2026-01-01T00:03:01.000Z'), 3, 'Timestamp', anySignature);
    expect(coverUpResult.end).toBeUndefined();
    expect(coverUpResult.repairs.map(({ fault }) => `${fault.index} ${fault.rule}`)).toEqual([
      '3 hash',
      '4 prev-hash',
      '4 hash',
      '5 prev-hash',
      '5 hash',
      '6 prev-hash',
      '6 hash',
    ]);
    expect(findFault(coverUpResult.chain, anySignature)).toBeUndefined();
    expect(findField(coverUpResult.chain.at(-1), 'Hash')).not.toEqual(findField(chain.at(-1), 'Hash'));
  });

  it('ends at a reveal, which nobody can forge', () => {
    const coverUpResult = coverUp(tampered(3, 'Draw.Reveal', hexOf('x')), 3, 'Draw.Reveal', anySignature);
    expect(coverUpResult.end?.fault).toMatchObject({ index: 3, rule: 'link' });
    expect(coverUpResult.repairs.map(({ path }) => path)).toEqual(['Hash']);
  });

  it('ends at the first reveal when the envelope itself is exchanged', () => {
    const coverUpResult = coverUp(
      tampered(0, 'Genesis.Consensus.Commitment', hexOf('x')),
      0,
      'Genesis.Consensus.Commitment',
      anySignature,
    );
    expect(coverUpResult.end?.fault).toMatchObject({ index: 1, rule: 'link' });
  });

  it('ends where the only repair is to take the change back', () => {
    for (const [path, value] of [
      ['Hash', hexOf('x')],
      ['PrevHash', hexOf('x')],
      ['Index', 7],
      ['Timestamp', '2020-01-01T00:00:00.000Z'],
      ['Draw.Ticket', '3'],
    ] as const) {
      const coverUpResult = coverUp(tampered(3, path, value), 3, path, anySignature);
      expect(coverUpResult.end?.isUndoing, path).toBe(true);
      expect(coverUpResult.end?.fault.index, path).toBe(3);
    }
  });

  it('either ends at a fault or in a chain that holds with another Hash at its end, and leaves the change as it is', () => {
    const anyField = fc
      .nat({ max: chain.length - 1 })
      .chain((index) => fc.record({ index: fc.constant(index), field: fc.constantFrom(...fieldsOf(chain[index])) }));
    fc.assert(
      fc.property(
        anyField,
        fc.oneof(fc.nat({ max: 99 }), fc.constant('7'), fc.constant(hexOf('y'))),
        ({ index, field }, value) => {
          fc.pre(value !== field.value);
          const coverUpResult = coverUp(tampered(index, field.path, value), index, field.path, anySignature);
          expect(findField(coverUpResult.chain[index], field.path)?.value).toBe(value);
          expect(findFault(coverUpResult.chain, anySignature)).toEqual(coverUpResult.end?.fault);
          const [last, before] = [coverUpResult.chain, chain].map((blocks) => findField(blocks.at(-1), 'Hash')?.value);
          if (coverUpResult.end === undefined) expect(last).not.toBe(before);
        },
      ),
    );
  });
});

describe('sortition lab tamper', () => {
  async function stored(): Promise<string> {
    const directory = temporaryDirectory();
    const store = await LevelStore.open(directory);
    for (const block of chain) await store.append(storedBlock(block, pool));
    await store.close();
    return directory;
  }

  it('tells the story on a copy, in lines that fit 80 columns', async () => {
    const { code, out, err } = await runCommand(['lab', 'tamper', await stored(), '3', 'BPM', '99']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/✗ block 3 +breaks the rule hash\n {4}Hash should be/);
    expect(out).toContain('so Draw.PoolRoot: ');
    expect(out).toContain('but it is another chain');
    for (const line of out.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('takes a negative number for a value', async () => {
    const { code, out, err } = await runCommand(['lab', 'tamper', await stored(), '3', 'BPM', '-1']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/block 3 {2}BPM {2}\d+ becomes -1\n/);
  });

  it('takes the block before the directory, too', async () => {
    const directory = await stored();
    const told = await runCommand(['lab', 'tamper', directory, '3', 'BPM', '99']);
    expect(told.code).toBe(0);
    expect(await runCommand(['lab', 'tamper', '3', directory, 'BPM', '99'])).toEqual(told);
  });

  it('has a code of its own for a chain that is not there', async () => {
    expect(await runCommand(['lab', 'tamper', '/nowhere', '1', 'BPM', '2'])).toMatchObject({
      code: 4,
      err: expect.stringContaining('there is no chain in /nowhere'),
    });
  });

  it('explains in one line what is wrong with the words', async () => {
    const directory = await stored();
    for (const [words, why] of [
      [[], 'lab needs one word more'],
      [['bend'], 'lab does not know "bend"'],
      [['tamper'], 'lab tamper takes DIR INDEX FIELD VALUE'],
      [['tamper', directory, '7', 'BPM', '2'], 'this chain has the blocks 0 to 6'],
      [['tamper', directory, 'x', 'BPM', '2'], 'INDEX is x'],
      [['tamper', directory, '-1', 'BPM', '2'], 'INDEX is -1'],
      [['tamper', directory, '1', 'BPM', '-x'], 'there is no option -x'],
      [['tamper', directory, '1', '\u001b[2J', '2'], 'block 1 has no field \\x1b[2J; it has Index, '],
      [['tamper', directory, '2', 'BPM', String(findField(chain[2], 'BPM')?.value)], 'already'],
    ] as const) {
      const { code, out, err } = await runCommand(['lab', ...words]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(why);
      expect(err.split('\n')).toHaveLength(2);
    }
  });
});
