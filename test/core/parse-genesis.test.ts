import { describe, expect, it } from 'vitest';
import type { Genesis } from '../../src/core/block.ts';
import { buildGenesis } from '../../src/core/build-block.ts';
import { formOf } from '../../src/core/parse-block.ts';
import { parseGenesisBlock } from '../../src/core/parse-genesis.ts';
import { hexOf } from './build-chain.ts';
import { smallLedger } from './build-kinds.ts';

const Authority = hexOf('authority');
const lottery = { Kind: 'lottery', Salt: hexOf('salt'), Commitment: hexOf('commitment'), Links: 65_536 } as const;
const work = { Kind: 'work', Difficulty: '1048576', IntervalMs: 10_000 } as const;
const beacon = {
  Name: 'quicknet',
  ChainHash: hexOf('chain'),
  PublicKey: 'a'.repeat(192),
  GenesisTime: 1_692_803_367,
  Period: 3,
};
const other = { ...beacon, Name: 'own', ChainHash: hexOf('own') };

/** Reads a genesis block with this content, whose form may be anything. */
function read(genesis: object): ReturnType<typeof parseGenesisBlock> {
  const block = buildGenesis('2026-01-01T00:00:00.000Z', { Version: 2, Consensus: { Kind: 'instant' }, Authority });
  return parseGenesisBlock({ ...block, Genesis: genesis });
}

function whyOf(genesis: object): string {
  const parsed = read(genesis);
  return 'why' in parsed ? parsed.why : 'it has its form';
}

const genesisWith = {
  consensus: (consensus: object): object => ({ Version: 2, Consensus: { ...lottery, ...consensus }, Authority }),
  work: (consensus: object): object => ({ Version: 2, Consensus: { ...work, ...consensus } }),
  beacons: (...Beacons: readonly unknown[]): object => ({ Version: 2, Consensus: lottery, Authority, Beacons }),
  ledger: (ledger: object): object => ({ Version: 2, Consensus: work, Ledger: { ...smallLedger, ...ledger } }),
};

describe('a genesis', () => {
  const good: readonly (readonly [
    name: string,
    genesis: Genesis,
    kind: string,
    beacons: number,
    hasLedger: boolean,
  ])[] = [
    ['a lottery', { Version: 2, Consensus: lottery, Authority }, 'lottery', 0, false],
    [
      'a lottery with beacons',
      { Version: 2, Consensus: lottery, Authority, Beacons: [beacon, other] },
      'lottery',
      2,
      false,
    ],
    ['a lottery with a ledger', { Version: 2, Consensus: lottery, Authority, Ledger: smallLedger }, 'lottery', 0, true],
    [
      'a lottery with both',
      { Version: 2, Consensus: lottery, Authority, Beacons: [beacon], Ledger: smallLedger },
      'lottery',
      1,
      true,
    ],
    ['a chain of work', { Version: 2, Consensus: work }, 'work', 0, false],
    ['a chain of work with a ledger', { Version: 2, Consensus: work, Ledger: smallLedger }, 'work', 0, true],
    ['an instant chain', { Version: 2, Consensus: { Kind: 'instant' }, Authority }, 'instant', 0, false],
    [
      'an instant chain with a ledger',
      { Version: 2, Consensus: { Kind: 'instant' }, Authority, Ledger: smallLedger },
      'instant',
      0,
      true,
    ],
  ];

  it.each(good)(
    'is read as it stands, and asks for the form of its blocks: %s',
    (_, genesis, kind, beacons, hasLedger) => {
      const block = buildGenesis('2026-01-01T00:00:00.000Z', genesis);
      expect(parseGenesisBlock(block)).toEqual({ value: block });
      const parsed = parseGenesisBlock(JSON.parse(JSON.stringify(block)));
      expect('value' in parsed && JSON.stringify(parsed.value)).toBe(JSON.stringify(block));
      expect(formOf(genesis)).toEqual({ kind, beacons, hasLedger });
    },
  );

  it.each([
    ['another kind', { Version: 2, Consensus: { Kind: 'stake' }, Authority }, 'must be "lottery", "work" or "instant"'],
    ['no kind', { Version: 2, Consensus: [], Authority }, 'must be "lottery", "work" or "instant"'],
    ['another version', { Version: 3, Consensus: lottery, Authority }, 'Version must be 2'],
    ['a lottery without authority', { Version: 2, Consensus: lottery }, 'in this order: Version, Consensus, Authority'],
    ['work with an authority', { Version: 2, Consensus: work, Authority }, 'a chain of work must have these keys'],
    [
      'instant with beacons',
      { Version: 2, Consensus: { Kind: 'instant' }, Authority, Beacons: [beacon] },
      'an instant chain',
    ],
    [
      'beacons behind the ledger',
      { Version: 2, Consensus: lottery, Authority, Ledger: smallLedger, Beacons: [beacon] },
      'Beacons (where it applies), Ledger',
    ],
    ['no links', genesisWith.consensus({ Links: 0 }), 'Links must be a whole number from 1'],
    ['too many links', genesisWith.consensus({ Links: 2 ** 53 }), 'Links must be a whole number from 1'],
    ['no difficulty', genesisWith.work({ Difficulty: '0' }), 'at least "1"'],
    ['a difficulty of 78 digits', genesisWith.work({ Difficulty: '1'.repeat(78) }), 'at most 77 decimal digits'],
    ['a difficulty that is a number', genesisWith.work({ Difficulty: 16 }), 'Difficulty must be a string'],
    ['an interval of 0', genesisWith.work({ IntervalMs: 0 }), 'IntervalMs must be a whole number from 1'],
    ['no beacon in the list', genesisWith.beacons(), 'at least one beacon'],
    ['a beacon twice by name', genesisWith.beacons(beacon, { ...other, Name: 'quicknet' }), 'the Name quicknet'],
    [
      'a beacon twice by chain',
      genesisWith.beacons(beacon, { ...other, ChainHash: beacon.ChainHash }),
      'the ChainHash',
    ],
    ['a name in upper case', genesisWith.beacons({ ...beacon, Name: 'Quicknet' }), '1 to 32 of a-z, 0-9 and -'],
    ['a name of 33 characters', genesisWith.beacons({ ...beacon, Name: 'a'.repeat(33) }), '1 to 32 of a-z, 0-9 and -'],
    [
      'a key of 190 digits',
      genesisWith.beacons({ ...beacon, PublicKey: 'a'.repeat(190) }),
      '192 lower-case hex digits',
    ],
    ['a period of 0', genesisWith.beacons({ ...beacon, Period: 0 }), 'Period must be a whole number from 1'],
    ['a reward with a leading zero', genesisWith.ledger({ Reward: '050' }), 'Reward must be a string'],
    ['an unbonding of -1', genesisWith.ledger({ Unbonding: -1 }), 'Unbonding must be a whole number from 0'],
    ['accounts that are no list', genesisWith.ledger({ Accounts: {} }), 'Accounts must be an array'],
    ['an account without bonded tokens', genesisWith.ledger({ Accounts: [[Authority, '1']] }), 'its key, its balance'],
    [
      'a key twice',
      genesisWith.ledger({
        Accounts: [
          [Authority, '1', '0'],
          [Authority, '2', '0'],
        ],
      }),
      'two accounts have the key',
    ],
    ['a balance of 78 digits', genesisWith.ledger({ Accounts: [[Authority, '9'.repeat(78), '0']] }), 'at most 77'],
  ])('does not have its form, and the words say what is accepted: %s', (_, genesis, words) => {
    expect(whyOf(genesis)).toContain(words);
  });

  it('has its form at the bounds: names of 1 and 32, periods of 1, amounts of 77 digits and 0, no account', () => {
    for (const genesis of [
      genesisWith.consensus({ Links: 1 }),
      genesisWith.consensus({ Links: Number.MAX_SAFE_INTEGER }),
      genesisWith.work({ Difficulty: '9'.repeat(77), IntervalMs: 1 }),
      genesisWith.work({ Difficulty: '1' }),
      genesisWith.beacons({ ...beacon, Name: '-', Period: 1, GenesisTime: 0 }, { ...other, Name: 'z'.repeat(32) }),
      genesisWith.ledger({ Reward: '0', MinFee: '0', Unbonding: 0, Accounts: [] }),
      genesisWith.ledger({ Reward: '9'.repeat(77), Accounts: [[Authority, '0', '0']] }),
    ]) {
      expect(whyOf(genesis)).toBe('it has its form');
    }
  });
});
