import type { ChalkInstance } from 'chalk';
import { escapeForDisplay } from '../../../base/escape-for-display.ts';
import { pluralizeCount, withThousands } from '../../../base/formatting.ts';
import type { Rule } from '../../../consensus/consensus.ts';
import { wrapText } from '../../wrap-text.ts';
import type { BlockStatus } from './block-status.ts';
import type { CoverUp, Repair } from './cover-up.ts';
import { type Field, findField } from './field.ts';

/** The change that is shown. */
interface Tampering {
  readonly directory: string;
  readonly index: number;
  readonly field: Field;
  readonly value: string | number;
}

/** All that a report needs: the change, what a verifier finds then, and what becomes of covering it up. */
export interface TamperReport {
  readonly tampering: Tampering;
  readonly original: readonly unknown[];
  readonly statuses: readonly BlockStatus[];
  readonly coverUpResult: CoverUp;
  /** How far the operator comes, who can also sign. Undefined where the signature is not what ends the first attempt. */
  readonly signed: CoverUp | undefined;
}

/** Why a fault cannot be repaired by computing something, by its rule. */
const whyFinal: Readonly<Partial<Record<Rule, string>>> = {
  signature:
    'The key is derived from the master secret of the server that began the chain. Without it, to find a signature that holds takes about 2^126 steps. Nobody can: a stranger who holds the file cannot change a single digit in it.',
  work: 'The nonce that made the hash small enough was found for another content. To go on, the tamperer has to search for another one, here and in every block behind it, while everybody else goes on with the true chain.',
  form: 'This is no block at all, and no hash makes it one: every reader refuses it.',
  link: 'This is the sealed envelope. A reveal must hash back to what was published before the round, and to find another one that does takes about 2^256 tries of SHA-256. Nobody can.',
  winner:
    'The ticket comes from the reveal, which nobody can forge, and somebody else holds it. To go on, the tamperer would have to invent a pool in which it is held by the right one: everybody who was in the true pool has read another total and other tickets.',
  path: 'To go on, the tamperer would have to take the change back, or to invent a pool that has such a path: everybody who was in the true pool knows another one.',
};

/** The story of a tampered block, in the order in which a tamperer lives it; laid out for so many columns. */
export function tamperText(
  { tampering, original, statuses, coverUpResult, signed }: TamperReport,
  paint: ChalkInstance,
  columns: number,
): string {
  const { directory, index, field, value } = tampering;
  const change = `block ${index}  ${field.path}  ${shown(field.value)} becomes ${paint.red(shown(value))}`;
  return [
    `On a copy of ${escapeForDisplay(directory)}: nothing in it is changed.\n\n  ${change}\n`,
    `${paint.bold('1. What a verifier finds')}\n${statusesText(statuses, paint, columns)}`,
    `${paint.bold('2. The tamperer repairs whatever can be computed')}\n${repairsText(coverUpResult.repairs, index, paint)}`,
    `${paint.bold('3. How it ends')}\n${endText(original, coverUpResult, index, paint, columns)}`,
    ...(signed === undefined
      ? []
      : [
          `${paint.bold('4. The operator has the key, signs every block anew, and goes on')}\n${repairsText(signed.repairs, index, paint)}`,
          `${paint.bold('5. How that ends')}\n${endText(original, signed, index, paint, columns)}`,
        ]),
  ].join('\n');
}

function statusesText(statuses: readonly BlockStatus[], paint: ChalkInstance, columns: number): string {
  let text = '';
  let first = 0;
  for (const [index, status] of statuses.entries()) {
    const next = statuses[index + 1];
    if (next !== undefined && kindOf(next) === kindOf(status)) continue;
    text += statusRow(statuses[first] ?? status, blocksText(first, index).padEnd(18), paint, columns);
    first = index + 1;
  }
  return text;
}

function statusRow(status: BlockStatus, blocks: string, paint: ChalkInstance, columns: number): string {
  switch (status.kind) {
    case 'holds':
      return `  ${paint.green(`✓ ${blocks}`)}without fault\n`;
    case 'stands on it':
      return `  ${paint.yellow(`? ${blocks}`)}nothing wrong inside, but nothing below to stand on\n`;
    case 'fault': {
      const { rule, why } = status.fault;
      return `  ${paint.red(`✗ ${blocks}breaks the rule ${rule}`)}\n${wrapText(shorter(why), columns, '    ')}`;
    }
  }
}

/** Neighbours with the same finding stand in one row. */
function kindOf(status: BlockStatus): string {
  return status.kind === 'fault' ? status.fault.rule : status.kind;
}

function repairsText(repairs: readonly Repair[], index: number, paint: ChalkInstance): string {
  if (repairs.length === 0) return '  nothing: see below\n';
  // The first blocks show how it goes on; after that it is the same for every block.
  const shownRepairs = repairs.filter(({ fault }) => fault.index <= index + 1);
  const rows = shownRepairs.map(({ fault, path, before, after }) => {
    const block = blocksText(fault.index, fault.index).padEnd(12);
    // Two times in one line would not fit it.
    const was = path === 'Timestamp' ? '' : `: ${shown(before)}`;
    return `  ${block} ${paint.red(fault.rule.padEnd(9))}  so ${path}${was} becomes ${paint.yellow(shown(after))}\n`;
  });
  const others = repairs.slice(shownRepairs.length);
  const [first, last] = [others[0], others.at(-1)];
  if (first === undefined || last === undefined) return rows.join('');
  const fields = [...new Set(others.map(({ path }) => path))].join(', ');
  const block = blocksText(first.fault.index, last.fault.index);
  return `${rows.join('')}  ${block}: ${pluralizeCount(others.length, 'repair')} more, of ${fields}\n`;
}

function endText(
  original: readonly unknown[],
  { repairs, chain, end }: CoverUp,
  index: number,
  paint: ChalkInstance,
  columns: number,
): string {
  if (end !== undefined) {
    const { fault, isUndoing } = end;
    const reason =
      isUndoing && fault.rule !== 'path'
        ? 'The only thing that repairs this is to take the change back.'
        : (whyFinal[fault.rule] ?? 'Nothing that can be computed repairs this.');
    const where = paint.red(`block ${fault.index} cannot be repaired: it breaks the rule ${fault.rule}`);
    return `  ${where}\n${wrapText(`${shorter(fault.why)}. ${reason}`, columns, '  ')}`;
  }
  const [before, after] = [original, chain].map((blocks) => String(findField(blocks.at(-1), 'Hash')?.value));
  const tip = chain.length - 1;
  const rewritten = tip - index + 1;
  const words = `With ${pluralizeCount(repairs.length, 'repair')} the chain holds again by itself, but it is another chain: ${rewritten === 1 ? 'its last block has a new Hash' : `its last ${withThousands(rewritten)} blocks have new Hashes`}. Everybody who ever received the true chain, which goes to every connection again and again, holds the other Hash of block ${tip} and sees it at once:`;
  const reveals = index === 0 ? 'the reveals' : 'the reveals, and so the seed of every draw';
  const isDrawn = findField(original.at(-1), 'Reveal') !== undefined;
  const limit = `What even this tamperer could not touch are ${reveals}: each must hash back to the one before, down to the commitment in block 0. That needs about 2^256 tries.`;
  const pool = repairs.some(({ path }) => path === 'Draw.PoolRoot')
    ? wrapText(
        `The new PoolRoot stands for a pool that nobody was in: everybody who was in the true one has read what its tickets were.`,
        columns,
        '  ',
      )
    : '';
  // A hash that goes on in the next row is harder to compare than its beginning.
  const fitting = (hash = ''): string => (columns < 80 ? shorter(hash) : hash);
  const hashes = `    true     ${paint.green(fitting(before))}\n    tampered ${paint.red(fitting(after))}\n`;
  return `${wrapText(words, columns, '  ')}${hashes}${pool}${isDrawn ? wrapText(limit, columns, '  ') : ''}`;
}

function blocksText(first: number, last: number): string {
  return first === last ? `block ${first}` : `blocks ${first} to ${last}`;
}

/** A value as it stands in the chain, hashes cut to what tells them apart, anything else escaped. */
function shown(value: string | number): string {
  return typeof value === 'number' ? String(value) : `"${shorter(escapeForDisplay(value))}"`;
}

function shorter(text: string): string {
  return text.replace(/[0-9a-f]{64}/g, (hash) => `${hash.slice(0, 8)}…`);
}
