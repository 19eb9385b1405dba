import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { leadingZeroBits, meets } from '../../src/consensus/work/difficulty.ts';
import { isMined, type WorkBlock } from '../../src/core/block.ts';
import { contentHash, workHash } from '../../src/core/block-hash.ts';
import {
  type BlockEvidence,
  type BlockFault,
  findBlockFault,
  withRecomputedHash,
} from '../../src/library/block-check.ts';
import { type BlockStep, type ExplainSeal, explainBlock } from '../../src/web/block-steps.ts';
import { tryNonces } from '../../src/web/nonce-search.ts';
import { replaceField } from '../../src/web/tampering.ts';
import { workSteps } from '../../src/web/work-steps.ts';
import { bitsText, difficultyText, durationText, rateText } from '../../src/web/work-text.ts';
import { buildInstantChain, buildWorkChain } from '../core/build-kinds.ts';

// Half as long as they should take: the difficulty rises with each block.
const work = buildWorkChain(Array(20).fill(500), 4n, 1000);
const instant = buildInstantChain([72, 80, 90]);
const noSeal: ExplainSeal = () => [];

function evidenceOf(chain: readonly unknown[], index: number): BlockEvidence {
  return { genesis: chain[0], previous: chain[index - 1], block: chain[index], index, pool: undefined };
}

/** With the blocks that the difficulty comes from, as the page fetches them. */
function withWindow(index: number): BlockEvidence {
  return { ...evidenceOf(work, index), window: work.slice(Math.max(0, index - 17), index) };
}

function minedAt(index: number): WorkBlock {
  const block = work[index];
  if (block === undefined || !isMined(block)) throw new Error('no block of work');
  return block;
}

function numbersOf(steps: readonly BlockStep[], rule: string): readonly string[] {
  return steps.find((step) => step.rule === rule)?.numbers.map(([, value]) => value) ?? [];
}

/** The first rule that a block breaks. */
function faultOf(...checked: Parameters<typeof findBlockFault>): BlockFault | undefined {
  return runToEnd(findBlockFault(...checked));
}

describe('the check of a block of work', () => {
  it('finds that every block of a chain holds, with its difficulty from the blocks before it', () => {
    for (let index = 1; index < work.length; index++) expect(faultOf(withWindow(index))).toBeUndefined();
  });

  it('takes the difficulty at its word where the blocks that it comes from are not there, and says so', () => {
    for (const index of [1, 2, 3, 18, 20]) expect(faultOf(evidenceOf(work, index))).toBeUndefined();
    const steps = explainBlock(evidenceOf(work, 3), workSteps);
    expect(numbersOf(steps, 'difficulty').at(-1)).toContain('taken at its word');
    expect(numbersOf(explainBlock(evidenceOf(work, 2), workSteps), 'difficulty').join()).not.toContain('its word');
  });

  it('names the rule that a changed block breaks, and the difficulty that a cheat made easier', () => {
    const bpm = { ...withWindow(19), block: replaceField(work[19], ['BPM'], 1) };
    expect(faultOf(bpm)).toMatchObject({ index: 19, rule: 'hash' });
    // Any hash has enough work for this difficulty, which is not the one that the blocks before ask for.
    const easy = replaceField(work[19], ['Work', 'Difficulty'], '1');
    const block = withRecomputedHash(easy, 19);
    expect(faultOf({ ...withWindow(19), block })).toMatchObject({ rule: 'difficulty' });
    expect(faultOf({ ...evidenceOf(work, 19), block })).toBeUndefined();
  });

  it('finds a hash without work after the hash was computed again', () => {
    const hard = replaceField(work[19], ['Work', 'Difficulty'], '9'.repeat(60));
    expect(faultOf({ ...withWindow(19), block: withRecomputedHash(hard, 19) })).toMatchObject({ rule: 'work' });
  });

  it('does not trust the blocks of the window to be blocks', () => {
    const window = [{}, ...work.slice(3, 19)];
    expect(faultOf({ ...withWindow(19), window })).toMatchObject({ index: 2, rule: 'form' });
    const gap = [work[2], {}, ...work.slice(4, 19)];
    expect(faultOf({ ...withWindow(19), window: gap })).toMatchObject({ index: 3, rule: 'form' });
  });

  it('explains every rule in its order, with the work and the window', () => {
    const steps = explainBlock(withWindow(20), workSteps);
    expect(steps.map(({ rule }) => rule)).toEqual('form index prev-hash hash work difficulty timestamp'.split(' '));
    const { Hash, Work } = minedAt(20);
    expect(numbersOf(steps, 'work')).toContain(Hash);
    expect(numbersOf(steps, 'work')).toContain(String(leadingZeroBits(Hash)));
    // Sixteen blocks, half a second each.
    const sum = work
      .slice(4, 20)
      .reduce((total, block) => total + BigInt(isMined(block) ? block.Work.Difficulty : 0), 0n);
    const numbers = numbersOf(steps, 'difficulty');
    expect(numbers.slice(0, 3)).toEqual([String(sum), '8000', '1000']);
    expect(numbers.slice(-2)).toEqual([String((sum * 1000n) / 8000n), Work.Difficulty]);
    expect(numbersOf(explainBlock(withWindow(1), workSteps), 'difficulty')).toEqual(['4', '4']);
  });
});

describe('the check of an instant block', () => {
  it('explains order, hash and signature, and finds what breaks them', () => {
    const evidence = evidenceOf(instant, 2);
    expect(faultOf(evidence)).toBeUndefined();
    expect(explainBlock(evidence, noSeal).map(({ rule }) => rule)).toEqual(
      'form index prev-hash hash signature timestamp'.split(' '),
    );
    const block = replaceField(instant[2], ['BPM'], 1);
    expect(faultOf({ ...evidence, block })).toMatchObject({ rule: 'hash' });
    expect(faultOf({ ...evidence, block: withRecomputedHash(block, 2) })).toMatchObject({ rule: 'signature' });
    expect(faultOf({ ...evidence, block: instant[3] })).toMatchObject({ rule: 'index' });
  });
});

describe('the nonces that a visitor tries', () => {
  const { Hash: _, ...content } = minedAt(20);

  it('end with the first that holds, and go on where they stopped', () => {
    const found = runToEnd(tryNonces(content, { first: 0, count: 100_000, perStep: 7 }));
    const { Nonce, Difficulty } = minedAt(20).Work;
    expect([found.nonce, found.tried]).toEqual([Nonce, Nonce + 1]);
    expect(meets(workHash(contentHash(content), Nonce), BigInt(Difficulty))).toBe(true);
    const rest = runToEnd(tryNonces(content, { first: Nonce, count: 1, perStep: 1 }));
    expect([rest.nonce, rest.tried]).toEqual([Nonce, 1]);
  });

  it('are as many as were asked for, in steps, with the best hash that they made', () => {
    const hard = { ...content, Work: { Difficulty: '9'.repeat(60) } };
    const hashes = Array.from({ length: 20 }, (_unused, nonce) => leadingZeroBits(workHash(contentHash(hard), nonce)));
    const steps = tryNonces(hard, { first: 0, count: 20, perStep: 10 });
    expect(steps.next().done).toBe(false);
    expect(steps.next().value).toEqual({ tried: 20, nonce: undefined, bestBits: Math.max(...hashes) });
  });
});

describe('the words of work', () => {
  it('give a difficulty with its bits, a rate and a time with their units', () => {
    expect([difficultyText(1_048_576n), bitsText(1n)]).toEqual(['1\u202f048\u202f576, which is 20.0 bits', '0.0 bits']);
    expect([0, 999, 1000, 93_420, 4_500_000].map(rateText)).toEqual([
      '0 H/s',
      '999 H/s',
      '1 kH/s',
      '93.4 kH/s',
      '4.5 MH/s',
    ]);
    expect([400, 119_000, 120_000, 86_400_000 * 3, 31_557_600_000 * 1e7].map(durationText)).toEqual([
      '0.4 s',
      '120 s',
      '2 minutes',
      '3 days',
      '10^7 years',
    ]);
  });
});
