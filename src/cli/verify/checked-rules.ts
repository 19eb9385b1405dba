import type { BlockForm } from '../../core/parse-block.ts';

/** A line of a verdict: what it is about, and what was found. */
export type Row = readonly [label: string, words: string];

/** What was checked of the blocks behind the genesis, by how they are made. */
export function sealRows({ kind }: BlockForm): readonly Row[] {
  switch (kind) {
    case 'lottery':
      return [
        signatureRow,
        ['envelopes', 'each secret hashes back to the one before, down to the commitment'],
        ['tickets', 'each is the one that its secret gives, computed again'],
        ['winners', "each one's path leads to the root of the pool, and the ticket is among its own"],
      ];
    case 'work':
      return [
        ['work', 'each hash is as small as its difficulty asks for'],
        ['difficulty', 'each is the one that the blocks before it ask for, computed again'],
      ];
    case 'instant':
      return [signatureRow];
  }
}

const signatureRow: Row = [
  'signatures',
  'each block is signed with the key that block 0 names, and only its holder could make it',
];

/** What was checked of the ledger: all of it, or what the blocks alone prove. */
export function ledgerRow(isJudged: boolean): Row {
  return isJudged
    ? ['ledger', 'each transaction is signed and covered; balances, supply and roots computed again']
    : ['ledger', 'the counts, fees and supply of each block fit those of the block before'];
}
