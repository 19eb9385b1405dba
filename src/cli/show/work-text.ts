import type { ChalkInstance } from 'chalk';
import { pluralize, shortHash, withThousands } from '../../base/formatting.ts';
import { difficultyBits, expectedHashes, targetOf } from '../../consensus/work/difficulty.ts';
import type { MinedExplanation } from './explanation.ts';
import { type Paragraph, row } from './paragraph.ts';

/** How a block was found: its difficulty, where that comes from, and the nonce. */
export function workParagraphs(mined: MinedExplanation, paint: ChalkInstance): readonly Paragraph[] {
  return [difficultyParagraph(mined), nonceParagraph(mined, paint), hashParagraph(mined, paint)];
}

function difficultyParagraph({ block, intervalMs, retarget }: MinedExplanation): Paragraph {
  const { Difficulty } = block.Work;
  const head = `The difficulty is ${Difficulty},`;
  const { blocks, sum, spanMs, unbounded, difficulty } = retarget;
  const bits = `${difficultyBits(difficulty).toFixed(1)} bits`;
  if (blocks === 0) return { head, text: `${bits}: block 1 has the one that block 0 asks for.\n` };
  const step = unbounded < difficulty ? 'a quarter of' : 'four times';
  const bound =
    unbounded === difficulty ? '' : row('kept at', `${difficulty}: ${step} the one before is as far as it may go`);
  const found = `${blocks === 1 ? 'block' : pluralize(blocks, 'block')} before it took`;
  return {
    head,
    text: `${bits}. The ${found} ${withThousands(spanMs)} ms, and a block should take ${withThousands(intervalMs)}:\n${row('their sum', String(sum))}${row('gives', `${sum} × ${intervalMs} / ${spanMs} = ${unbounded}`)}${bound}`,
  };
}

function nonceParagraph({ block, contentHash }: MinedExplanation, paint: ChalkInstance): Paragraph {
  const { Difficulty, Nonce } = block.Work;
  const difficulty = BigInt(Difficulty);
  const largest = targetOf(difficulty).toString(16).padStart(64, '0');
  return {
    head: 'The nonce',
    text: `makes the hash small enough. On average one in ${withThousands(expectedHashes(difficulty))} does, and nothing but trying finds it:\n${row('content', contentHash)}${row('hashed', `H("work", ${shortHash(contentHash)}, ${Nonce})`)}${row('gives', paint.yellow(block.Hash))}${row('at most', largest)}`,
  };
}

function hashParagraph({ block }: MinedExplanation, paint: ChalkInstance): Paragraph {
  return {
    head: 'The hash',
    text: `is that of all of this and of the block before. To change any of it, the work has to be done again, and that of every block\n   behind it:\n${row('before', block.PrevHash)}${row('hash', paint.yellow(block.Hash))}`,
  };
}
