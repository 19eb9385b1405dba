import type { ChalkInstance } from 'chalk';
import { shortHash, withThousands } from '../../base/formatting.ts';
import type { DrawnBlock, InstantBlock, LedgerSummary, SealedBlock } from '../../core/block.ts';
import { drawParagraphs } from './draw-text.ts';
import type { Explanation, Signed } from './explanation.ts';
import { genesisParagraphs } from './genesis-text.ts';
import { type Paragraph, row } from './paragraph.ts';
import { workParagraphs } from './work-text.ts';

/** A block in plain words, each step of its making with its numbers. */
export function explanationText(explanation: Explanation, paint: ChalkInstance): string {
  const paragraphs = paragraphsOf(explanation, paint);
  const numbered = paragraphs.map(({ head, text }, place) => `${paint.bold(`${place + 1}. ${head}`)} ${text}`);
  return [titleOf(explanation, paint), ...numbered].join('\n');
}

function titleOf({ kind, block }: Explanation, paint: ChalkInstance): string {
  const { Index, Timestamp, BPM, Validator } = block;
  const name = paint.bold.cyan(`Block ${Index}`);
  if (kind === 'genesis') return `${name}, the genesis, ${Timestamp}\n`;
  return `${name}, ${Timestamp}: BPM ${BPM}, proposed by ${paint.green(Validator)}\n`;
}

function paragraphsOf(explanation: Explanation, paint: ChalkInstance): readonly Paragraph[] {
  switch (explanation.kind) {
    case 'genesis':
      return genesisParagraphs(explanation.block, paint);
    case 'drawn':
      return [
        ...drawParagraphs(explanation, paint),
        ...ledgerParagraphs(explanation.block),
        hashParagraph(explanation.block, paint),
        signatureParagraph(explanation.block, explanation),
      ];
    case 'mined':
      return [...ledgerParagraphs(explanation.block), ...workParagraphs(explanation, paint)];
    case 'instant':
      return [
        {
          head: 'The BPM',
          text: 'became a block as soon as it was accepted: nothing was drawn, and nothing was searched for.\n',
        },
        ...ledgerParagraphs(explanation.block),
        hashParagraph(explanation.block, paint),
        signatureParagraph(explanation.block, explanation),
      ];
  }
}

/** What the transactions of a block did, where its chain has a ledger. */
function ledgerParagraphs({ Ledger }: SealedBlock): readonly Paragraph[] {
  return Ledger === undefined ? [] : [ledgerParagraph(Ledger)];
}

function ledgerParagraph(ledger: LedgerSummary): Paragraph {
  const { Transactions, Fees, TransactionRoot, Accounts, Supply, StateRoot } = ledger;
  const root = Transactions === 0 ? '' : row('their root', TransactionRoot);
  return {
    head: 'The ledger',
    text: `as it stands behind this block:\n${row('transactions', `${withThousands(Transactions)}, with fees of ${Fees}`)}${root}${row('accounts', `${withThousands(Accounts)}, with ${Supply} tokens in all`)}${row('their root', StateRoot)}`,
  };
}

function hashParagraph(block: DrawnBlock | InstantBlock, paint: ChalkInstance): Paragraph {
  const next =
    'NextCommitment' in block ? row('next', `${block.NextCommitment}, the commitment for the blocks to come`) : '';
  return {
    head: 'The hash',
    text: `is that of all of this and of the block before, recomputed:\n${row('before', block.PrevHash)}${row('hash', paint.yellow(block.Hash))}${next}`,
  };
}

function signatureParagraph(
  { Index, Hash, Signature }: DrawnBlock | InstantBlock,
  { chainId, authority }: Signed,
): Paragraph {
  const signed = `T("authority", ${shortHash(chainId)}, ${Index}, ${shortHash(Hash)})`;
  return {
    head: 'The signature',
    text: `is that of the authority in block 0, so nobody else has made this block. Verified:\n${row('key', authority)}${row('signed', signed)}${row('signature', Signature.slice(0, 64))}${row('', Signature.slice(64))}`,
  };
}
