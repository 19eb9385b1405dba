import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/cli/limits.ts';
import { explain } from '../../../src/cli/show/explanation.ts';
import { explanationJson } from '../../../src/cli/show/explanation-json.ts';
import { explanationText } from '../../../src/cli/show/explanation-text.ts';
import { ChainVerifier } from '../../../src/consensus/verifier.ts';
import { parsePool } from '../../../src/core/parse-pool.ts';
import type { Candidate } from '../../../src/core/pool.ts';
import { buildChain, candidatesWith, frozen, verifySignature } from '../../core/build-chain.ts';
import { readExample } from '../../core/example.ts';
import { chain, chain as stored } from '../../storage/contract.ts';
import { filledDirectory } from '../../storage/filled-directory.ts';
import { type Finished, runCommand } from '../run-command.ts';

const plain = new Chalk({ level: 0 });

function explained(
  json: readonly unknown[],
  index: number,
  pool?: readonly Candidate[],
): { text: string; json: unknown } {
  const verifier = new ChainVerifier(verifySignature);
  for (const block of json.slice(0, index)) {
    const checked = verifier.next(block);
    if ('fault' in checked) throw new Error(checked.fault.why);
  }
  const { tip } = verifier;
  const checked = verifier.next(json[index]);
  if ('fault' in checked) throw new Error(checked.fault.why);
  const explanation = explain(tip, { block: checked.block, pool });
  return { text: explanationText(explanation, plain), json: JSON.parse(explanationJson(explanation)) };
}

const example = readExample();
const poolOf = (index: number): readonly Candidate[] => parsePool(example.pools[index - 1]) ?? [];

describe('a block explained', () => {
  it('tells every step of its draw with its numbers, as the worked chain has them', () => {
    const { text } = explained(example.chain, 1, poolOf(1));
    expect(text).toContain('was closed with 3 candidates and 400 tokens: tickets 0 to 399');
    expect(text).toContain('   0 to 99     aaaaaaaa…  100 staked, BPM 72\n');
    expect(text).toContain('   350 to 399  cccccccc…   50 staked, BPM 80  <- the winner\n');
    expect(text).toContain('hashes back to the commitment in block 0');
    expect(text).toMatch(/gives +c850b2d22a1c1a863eef9c13627aa37dd49f4ebb6b8ed08d33ae770b73504106\n/);
    expect(text).toContain('the lowest 9 bits count, until they are below 400');
    expect(text).toMatch(/attempt \d+ +374, the ticket\n/);
    expect(text).toContain("Tickets 350 to 399 are cccccccc…'s, and 374 is one of them");
    expect(text).toMatch(/left +\S+ 350 tokens, makes 400: 350 before the winner's\n/);
    expect(text).toMatch(/hash +454adc185d01709d947dd5337c1676532e9c09de79b68480da54a4417ad5222e\n/);
    expect(text).toContain('6. The signature is that of the authority in block 0');
    expect(text).toMatch(/signed +T\("authority", [0-9a-f]{8}…, 1, 454adc18…\)\n/);
  });

  it('shows the values that were not below the total, and were drawn again', () => {
    const pools = Array.from({ length: 30 }, () => candidatesWith([3n, 2n]));
    const long = buildChain(pools, 64);
    const texts = pools.map((_, place) => explained(long, place + 1).text);
    const again = texts.filter((text) => / is not below 5, again\n/.test(text));
    expect(again.length).toBeGreaterThan(0);
    for (const text of texts) expect(text.match(/, the ticket\n/g)).toHaveLength(1);
  });

  it('names the block before whose secret or commitment it opens', () => {
    expect(explained(example.chain, 2).text).toContain("hashes back to block 1's secret");
    const long = buildChain(
      [1, 2, 3, 4].map(() => candidatesWith([1n])),
      2,
    );
    expect(explained(long, 2).text).toMatch(/next +[0-9a-f]{64}, the commitment for the blocks to come\n/);
    expect(explained(long, 3).text).toContain("hashes back to block 2's commitment");
  });

  it('explains a draw among one candidate with one token', () => {
    const { text } = explained(buildChain([candidatesWith([1n])], 2), 1);
    expect(text).toContain('was closed with 1 candidate and 1 token: tickets 0 to 0');
    expect(text).toContain('the lowest 0 bits count');
  });

  it('says that a pool is absent, and shows of a large one the winner and some around it', () => {
    expect(explained(example.chain, 1).text).toContain('Who else was in it does not stand in the chain');
    const pool = frozen(candidatesWith(Array.from({ length: 1000 }, () => 7n))).candidates;
    const { text } = explained(buildChain([pool], 2), 1, pool);
    expect(text.match(/ staked, BPM /g)).toHaveLength(limits.listedEntriesMax);
    expect(text.match(/<- the winner/g)).toHaveLength(1);
    expect(text).toContain(`… and ${1000 - limits.listedEntriesMax} more before and after them`);
  });

  it('explains the genesis', () => {
    const { text } = explained(example.chain, 0);
    expect(text).toContain('Block 0, the genesis, 2026-01-01T00:00:00.000Z');
    expect(text).toContain('c850b2d22a1c1a863eef9c13627aa37dd49f4ebb6b8ed08d33ae770b73504106, which is secret 0');
    expect(text).toContain('b74bbedd83a6ed814f304af87e3f6f8da92d0a74358489bd8cd4b9f690bdcac0');
  });

  it('is JSON for programs', () => {
    expect(explained(example.chain, 1, poolOf(1)).json).toMatchObject({
      block: example.chain[1],
      first: '350',
      last: '399',
      bits: 9,
      pool: [
        { First: '0', Last: '99' },
        { First: '100', Last: '349' },
        { First: '350', Last: '399' },
      ],
    });
    expect(explained(example.chain, 0).json).toEqual({ block: example.chain[0] });
  });
});

describe('sortition show', () => {
  const whole = JSON.stringify(chain);
  const show = (...words: readonly string[]): Promise<Finished> => runCommand(['show', ...words], { input: whole });

  it('finds a block by its index or its hash, in a directory or a text', async () => {
    const directory = await filledDirectory();
    const hash = chain[2]?.Hash ?? '';
    const { code, out, err } = await show('2', directory);
    expect(out).toContain('Block 2, ');
    expect(out).toContain('<- the winner');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect((await show(hash, directory)).out).toBe(out);
    expect((await show(hash.slice(0, 8), '-')).out).toMatch(/^Block 2, /);
    expect(JSON.parse((await show('2', '-', '--json')).out)).toMatchObject({ block: { Index: 2 } });
  });

  it('takes block and directory in either order where they cannot be confused, and the directory as an option', async () => {
    const directory = await filledDirectory();
    const explained = await show('2', directory);
    expect(explained.code).toBe(0);
    expect(await show(directory, '2')).toEqual(explained);
    expect((await show('-', '2')).code).toBe(0);
    expect(await show('2', '--data-dir', directory)).toEqual(explained);
    expect(await show(`--data-dir=${directory}`, '2')).toEqual(explained);
    expect(await show('1', '2')).toMatchObject({ code: 4, err: expect.stringContaining('there is no 2') });
  });

  it('takes a hash in capitals, and digits with zeros before them for an index unless a hash begins so', async () => {
    const directory = await filledDirectory();
    const hash = stored[2]?.Hash ?? '';
    const explained = await runCommand(['show', '2', directory]);
    expect(explained.code).toBe(0);
    for (const word of [hash.toUpperCase(), hash.slice(0, 8).toUpperCase(), '02', '00000002', '000000000000002']) {
      expect(await runCommand(['show', word, directory]), word).toEqual(explained);
    }
    expect(await runCommand(['show', '0000000000000002', directory])).toMatchObject({ code: 2 });
    expect(await runCommand(['show', '00000009', directory])).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no block 00000009'),
    });
  });

  it('does not explain what stands behind a block that does not hold', async () => {
    const input = JSON.stringify(chain.map((block) => (block.Index === 2 ? { ...block, BPM: 99 } : block)));
    expect(await runCommand(['show', '3', '-'], { input })).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('the chain does not hold up to that block: block 2 breaks the rule "hash"'),
    });
    expect((await runCommand(['show', '1', '-'], { input })).code).toBe(0);
  });

  it.each([
    [[], 2, 'show needs the index or hash of a block, for example: node PROGRAM show 7'],
    [
      ['-', '-'],
      2,
      '"-" is no block: give an index, or the first 8 digits of a hash, for example: node PROGRAM show 7 data, or show 2416853d',
    ],
    [['1', '-', '--data-dir', 'x'], 2, 'show takes one directory or file, and "-" is one more'],
    [['99', '-'], 2, `there is no block 99 in standard input: it has blocks 0 to ${chain.length - 1}`],
    [['1', '-', 'x'], 2, 'show takes one directory or file, and "x" is one more'],
    [['1'], 4, 'there is no data: name a data directory, a file, or -'],
  ])('refuses %s', async (words, code, why) => {
    const { err, ...rest } = await show(...words);
    expect({ ...rest, err: err.replace(/node \S*main\.js/, 'node PROGRAM') }).toEqual({
      code,
      out: '',
      err: `sortition: ${why}.\n`,
    });
  });
});
