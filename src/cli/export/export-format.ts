import { type Block, isDrawn, isGenesis, isMined } from '../../core/block.ts';
import { parseBlock } from '../../core/parse-block.ts';

/** How a chain is written out: what stands before it, how each block does, and what stands behind it. */
export interface ExportFormat {
  readonly name: 'json' | 'ndjson' | 'csv';
  readonly head: string;
  /**
   * One block, with what lies beside it as the rest of a JSON object, where that is known. Throws an Error when the text of the block is not one that can
   * be written so.
   */
  row(blockText: string, index: number, beside: string | undefined): string;
  readonly tail: string;
}

/** The whole chain as a server sends it: one line, byte for byte. */
const json: ExportFormat = {
  name: 'json',
  head: '[',
  row: (blockText, index) => (index === 0 ? blockText : `,${blockText}`),
  tail: ']\n',
};

/** A line for each block; with what lies beside it, where that is asked for. */
const ndjson: ExportFormat = {
  name: 'ndjson',
  head: '',
  row: (blockText, _, beside) => (beside === undefined ? `${blockText}\n` : `{"Block":${blockText},${beside}\n`),
  tail: '',
};

const columns = [
  'Index',
  'Timestamp',
  'BPM',
  'Validator',
  'Stake',
  'TotalStake',
  'PoolSize',
  'Ticket',
  'Reveal',
  'PoolRoot',
  'Hash',
  'PrevHash',
  'NextCommitment',
  'Signature',
  'Difficulty',
  'Nonce',
  'Transactions',
  'Fees',
  'TransactionRoot',
  'Accounts',
  'Supply',
  'StateRoot',
  'Sealed',
  'Rounds',
  'BeaconSignatures',
];

/**
 * A line for each block under a line of names, for tables; nothing in a chain needs quotes. Columns that a block has nothing for are empty. The
 * path is left out.
 */
const csv: ExportFormat = {
  name: 'csv',
  head: `${columns.join(',')}\n`,
  row: (blockText, index) => {
    const parsed = parseBlock(JSON.parse(blockText), index);
    if ('why' in parsed) throw new Error(parsed.why);
    const values = columnsOf(parsed.value);
    return `${columns.map((name) => values[name] ?? '').join(',')}\n`;
  },
  tail: '',
};

/** What a block has for the columns, by their names. */
function columnsOf(block: Block): Readonly<Record<string, unknown>> {
  const draw = isDrawn(block) ? block.Draw : {};
  const rounds = isDrawn(block) ? (block.Draw.Beacons ?? []) : [];
  // Several beacons share a cell, with a space between: nothing here needs quotes.
  const beacons = {
    Rounds: rounds.map(({ Round }) => Round).join(' '),
    BeaconSignatures: rounds.map(({ Signature }) => Signature).join(' '),
  };
  const work = isMined(block) ? block.Work : {};
  const ledger = isGenesis(block) ? {} : block.Ledger;
  return { ...draw, ...work, ...ledger, ...block, ...beacons };
}

/** All formats, the usual one first. */
export const exportFormats: readonly ExportFormat[] = [json, ndjson, csv];
