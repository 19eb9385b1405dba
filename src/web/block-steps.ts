import type { Rule } from '../consensus/consensus.ts';
import type { Tip } from '../consensus/verifier.ts';
import type { Beacon, Genesis, GenesisBlock, SealedBlock } from '../core/block.ts';
import { authorityText, blockHash, blockText, genesisHash, genesisText } from '../core/block-hash.ts';
import { parseSealedBlock } from '../core/parse-block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { type BlockEvidence, tipBefore } from '../library/block-check.ts';

/** One rule of a block with the numbers that it compares. The rule `path` has two steps: the inclusion proof in the block, and the pool. */
export interface BlockStep {
  readonly rule: Rule;
  readonly isOfPool?: true;
  readonly title: string;
  readonly numbers: readonly (readonly [label: string, value: string])[];
}

/** The steps of the rules that one kind of chain adds to those of every chain, in the order in which they are checked. None for a block of another kind. */
export type ExplainSeal = (tip: Tip, block: SealedBlock, evidence: BlockEvidence) => readonly BlockStep[];

/** The numbers behind every rule, in the order in which the rules are checked; none when the block is not well formed. */
export function explainBlock(evidence: BlockEvidence, explainSeal: ExplainSeal): readonly BlockStep[] {
  const before = tipBefore(evidence);
  if ('fault' in before) return [];
  const { tip } = before;
  if (tip === undefined) {
    const parsed = parseGenesisBlock(evidence.block);
    return 'why' in parsed ? [] : explainGenesis(parsed.value);
  }
  const parsed = parseSealedBlock(evidence.block, tip.form);
  return 'why' in parsed ? [] : explainSealed(tip, parsed.value, evidence, explainSeal);
}

function explainSealed(
  tip: Tip,
  block: SealedBlock,
  evidence: BlockEvidence,
  explainSeal: ExplainSeal,
): readonly BlockStep[] {
  const { index } = evidence;
  const seal = explainSeal(tip, block, evidence);
  const isFinal = ({ rule }: BlockStep): boolean => rule === 'next-commitment';
  return [
    { rule: 'form', title: 'It has the form of a block', numbers: [] },
    { rule: 'index', title: 'Its number follows', numbers: [['index', String(block.Index)]] },
    {
      rule: 'prev-hash',
      title: `It stands on block ${index - 1}`,
      numbers: [
        [`hash of block ${index - 1}`, tip.hash],
        ['previous hash, as it says', block.PrevHash],
      ],
    },
    {
      rule: 'hash',
      title: 'Its hash is the hash of what it holds',
      numbers: [
        ['its text', blockText(block)],
        ['hash, recomputed', blockHash(block)],
        ['hash, as it says', block.Hash],
      ],
    },
    ...signatureStep(tip, block),
    ...seal.filter((step) => !isFinal(step)),
    ...ledgerSteps(block),
    {
      rule: 'timestamp',
      title: 'Time did not go back',
      numbers: [
        [`block ${index - 1}`, tip.timestamp],
        [`block ${index}`, block.Timestamp],
      ],
    },
    ...seal.filter(isFinal),
  ];
}

function signatureStep({ chainId, authority }: Tip, block: SealedBlock): readonly BlockStep[] {
  if (authority === undefined || !('Signature' in block)) return [];
  return [
    {
      rule: 'signature',
      title: 'The server that began this chain has signed it',
      numbers: [
        ['what was signed', authorityText(chainId, block.Index, block.Hash)],
        ['key of the authority, from block 0', authority],
        ['signature', block.Signature],
      ],
    },
  ];
}

/** The ledger as a block tells of it. What lies beside the block is not here, so this much of it is checked that blocks alone prove. */
function ledgerSteps({ Ledger }: SealedBlock): readonly BlockStep[] {
  if (Ledger === undefined) return [];
  const { Transactions, Fees, TransactionRoot, Accounts, Supply, StateRoot } = Ledger;
  return [
    {
      rule: 'transactions',
      title: 'Its transactions and their fees fit each other',
      numbers: [
        ['transactions', String(Transactions)],
        ['fees', Fees],
        ['their root, as it says', TransactionRoot === '' ? 'none: there are no transactions' : TransactionRoot],
      ],
    },
    {
      rule: 'state',
      title: 'The ledger goes on from the block before',
      numbers: [
        ['accounts', String(Accounts)],
        ['tokens of all of them', Supply],
        ['their root, as it says', StateRoot],
      ],
    },
  ];
}

function explainGenesis({ Timestamp, Genesis, Hash }: GenesisBlock): readonly BlockStep[] {
  return [
    {
      rule: 'form',
      title: 'It has the form of a genesis',
      numbers: [
        ...consensusNumbers(Genesis.Consensus),
        ...('Beacons' in Genesis ? (Genesis.Beacons ?? []).map(beaconNumber) : []),
        ...('Authority' in Genesis ? [authorityNumber(Genesis.Authority)] : []),
      ],
    },
    {
      rule: 'hash',
      title: 'Its hash is the hash of what it holds',
      numbers: [
        ['its text', genesisText(Timestamp, Genesis)],
        ['hash, recomputed', genesisHash(Timestamp, Genesis)],
        ['hash, as it says', Hash],
      ],
    },
  ];
}

function consensusNumbers(consensus: Genesis['Consensus']): BlockStep['numbers'] {
  switch (consensus.Kind) {
    case 'lottery':
      return [
        ['the seal of the first envelope', consensus.Commitment],
        ['envelopes, one in the other', String(consensus.Links)],
        ['salt', consensus.Salt],
      ];
    case 'work':
      return [
        ['difficulty of block 1', consensus.Difficulty],
        ['how long a block should take, ms', String(consensus.IntervalMs)],
      ];
    case 'instant':
      return [['how blocks are made', 'every accepted BPM at once']];
  }
}

function beaconNumber({ Name, PublicKey, GenesisTime, Period }: Beacon): readonly [label: string, value: string] {
  return [
    `a beacon of every draw: ${Name}, a round every ${Period} s since ${GenesisTime} s of Unix time, with the key`,
    PublicKey,
  ];
}

function authorityNumber(key: string): readonly [label: string, value: string] {
  return ['the authority, whose key signs every block', key];
}
