import { pluralize } from '../../../base/formatting.ts';
import { limits } from '../../limits.ts';

/** Something that a list shows in a line, and is sorted by. */
export interface ListedRow {
  readonly stake: bigint;
  readonly text: string;
}

export interface ListingOptions {
  readonly rows: readonly ListedRow[];
  /** What one of them is called. */
  readonly noun: string;
  /** The command that shows the list. */
  readonly command: string;
  /** What was typed behind the command: nothing, the number of a page, or `all`. */
  readonly which: string;
}

/** One page of a list, or all of it, largest stake first, in pieces of a page; of what was typed wrongly, what is accepted. */
export function listing({ rows, noun, command, which }: ListingOptions): readonly string[] {
  const size = limits.listedEntriesMax;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const isAll = which === 'all';
  const page = isAll ? 1 : Number(which || 1);
  if (!isAll && !(/^\d*$/.test(which) && page >= 1 && page <= pages)) {
    const accepted = pages === 1 ? `${command} alone` : `a page from 1 to ${pages}, for example ${command} ${pages}`;
    return [`${command} takes ${accepted}, or ${command} all.\n`];
  }
  const first = (page - 1) * size;
  const end = isAll ? rows.length : Math.min(first + size, rows.length);
  const sorted = [...rows].sort((one, other) => (one.stake === other.stake ? 0 : one.stake > other.stake ? -1 : 1));
  const order = rows.length > 1 ? ', largest stake first' : '';
  const part = first > 0 ? `: ${first + 1} to ${end}` : '';
  const pieces = [`${pluralize(rows.length, noun)}${order}${part}\n`];
  for (let start = first; start < end; start += size) {
    const piece = sorted.slice(start, Math.min(start + size, end));
    pieces.push(piece.map(({ text }) => `  ${text}\n`).join(''));
  }
  if (end < rows.length) {
    pieces.push(`  … and ${rows.length - end} more: ${command} ${page + 1} shows the next, ${command} all shows all\n`);
  }
  return pieces;
}
