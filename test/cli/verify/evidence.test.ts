import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evidenceText } from '../../../src/core/evidence.ts';
import type { BlockStatement } from '../../../src/core/statement.ts';
import { buildInstantChain } from '../../core/build-kinds.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { type Finished, runCommand } from '../run-command.ts';

const [genesis] = buildInstantChain([]);

/** Block 1 of an instant chain with this BPM. */
function statementOf(bpm: number): BlockStatement {
  const block = buildInstantChain([bpm])[1];
  if (block === undefined || !('Signature' in block)) throw new Error('it was not signed');
  return { Block: block };
}

function evidenceOf(first: number, second: number): string {
  if (genesis === undefined || !('Genesis' in genesis)) throw new Error('there is no genesis');
  return evidenceText(genesis, statementOf(first), statementOf(second));
}

function judge(text: string, ...words: readonly string[]): Promise<Finished> {
  const file = join(temporaryDirectory(), 'evidence.json');
  writeFileSync(file, text);
  return runCommand(['verify', '--evidence', file, ...words]);
}

describe('verify --evidence', () => {
  it('says in plain words that two blocks of one index convict, and ends with 0', async () => {
    const { code, out } = await judge(evidenceOf(72, 73));
    expect(code).toBe(0);
    expect(out).toMatch(
      /^This convicts the authority: it signed two blocks 1, with the hashes [0-9a-f]{64} and [0-9a-f]{64}\.\n/,
    );
    expect(out).toContain(`chain      ${genesis?.Hash}\n`);
    const { out: json } = await judge(evidenceOf(72, 73), '--json');
    expect(JSON.parse(json)).toMatchObject({ convicts: true, index: 1, chainId: genesis?.Hash });
  });

  it('convicts nobody of what can both be true, and ends with 6', async () => {
    const { code, out } = await judge(evidenceOf(72, 72));
    expect([code, out]).toEqual([
      6,
      'This convicts nobody: its two statements do not contradict each other: both can be true.\n',
    ]);
    const { out: json } = await judge(evidenceOf(72, 72), '--json');
    expect(JSON.parse(json)).toMatchObject({ convicts: false });
  });

  it('ends with 4 where there is no evidence in the file, or too much', async () => {
    for (const text of ['', '{}', evidenceOf(1, 2).slice(1), ' '.repeat(1_048_577)])
      expect(await judge(text)).toMatchObject({ code: 4, out: '' });
    const { code, err } = await runCommand(['verify', '--evidence', 'missing\u001b.json']);
    expect([code, err]).toEqual([4, expect.stringContaining('missing\\x1b.json cannot be read')]);
  });

  it('takes nothing else beside its file', async () => {
    for (const words of [['data'], ['--validator', '53757a23'], ['--data-dir', 'data']])
      expect(await judge(evidenceOf(1, 2), ...words)).toMatchObject({ code: 2 });
  });
});
