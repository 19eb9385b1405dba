import { shortHash } from '../base/formatting.ts';
import { isGenesis, type SealedBlock } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import type { Status } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { fetchBlocks } from './api-client.ts';
import { type Column, cells, element, link, table } from './elements.ts';
import { timeElement } from './time-element.ts';
import { uiConstants } from './ui-constants.ts';

const columns: readonly Column[] = [{ title: 'Block' }, { title: 'Time' }, { title: 'BPM', isNumber: true }];

/** One validator of a chain without draws: the blocks that it wrote, among the newest. */
export async function loadWriterPage(
  prefix: string,
  { height, ledger }: Pick<Status, 'height' | 'ledger'>,
): Promise<HTMLElement> {
  const from = Math.max(1, height - uiConstants.writerBlocksMax + 1);
  const newest = height === 0 ? [] : await fetchBlocks(from, height - from + 1);
  const own = newest.flatMap((json, place) => blockOf(json, from + place, prefix)).reverse();
  const [last] = own;
  const among = `the newest ${pluralizeAmount(newest.length, 'block')}`;
  const words =
    last === undefined
      ? `No block of ${among} is by a validator whose address begins with these digits.`
      : `It wrote ${amountText(own.length)} of ${among}.`;
  return element(
    'div',
    { class: 'sheet' },
    element('h1', {}, 'Validator ', element('span', { class: 'hash' }, shortHash(last?.Validator ?? prefix))),
    ...(last === undefined ? [] : [element('p', { class: 'hash address quiet' }, last.Validator)]),
    element('p', {}, words),
    ...(last === undefined || ledger === undefined
      ? []
      : [element('p', {}, link(`/accounts/${last.Validator}`, 'Its account'))]),
    ...(last === undefined ? [] : [table(columns, element('tbody', {}, ...own.map(blockRow)))]),
  );
}

function blockOf(json: unknown, index: number, prefix: string): readonly SealedBlock[] {
  const parsed = parseBlock(json, index);
  return 'value' in parsed && !isGenesis(parsed.value) && parsed.value.Validator.startsWith(prefix)
    ? [parsed.value]
    : [];
}

function blockRow({ Index, Timestamp, BPM }: SealedBlock): HTMLElement {
  const own = link(`/blocks/${Index}`, amountText(Index));
  return element('tr', {}, ...cells(columns, own, timeElement(Timestamp), String(BPM)));
}
