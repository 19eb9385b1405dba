import type { BlockForm } from '../../core/parse-block.ts';

/** A line of a verdict: what it is about, and what was found. */
export type Row = readonly [label: string, words: string];

/** What was checked of the blocks behind the genesis, by how they are made. */
export function sealRows({ kind, beacons }: BlockForm): readonly Row[] {
  switch (kind) {
    case 'lottery':
      return [
        signatureRow,
        ['envelopes', 'each secret hashes back to the one before, down to the commitment'],
        ...(beacons === 0 ? [] : [beaconRow(beacons)]),
        [
          'tickets',
          beacons === 0
            ? 'each is the one that its secret gives, computed again'
            : 'each is the one that its secret and its beacons give, computed again',
        ],
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

function beaconRow(beacons: number): Row {
  const which = beacons === 1 ? 'the round of its beacon' : `the rounds of its ${beacons} beacons`;
  return [
    'beacons',
    `each draw waited for ${which}, published 3 s after its pool was sealed or later, signed by the key in block 0`,
  ];
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
