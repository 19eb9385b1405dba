import type { BlockBody, Rule } from '../consensus/consensus.ts';
import { LotteryRules } from '../consensus/lottery/lottery-rules.ts';
import { ChainVerifier, type Fault, type Tip, tipAfter } from '../consensus/verifier.ts';
import { targetOf } from '../consensus/work/difficulty.ts';
import { WorkRules } from '../consensus/work/work-rules.ts';
import {
  type DrawnBlock,
  type Genesis,
  type GenesisBlock,
  isDrawn,
  isGenesis,
  isMined,
  type SealedBlock,
  type WorkBlock,
  winnersTickets,
} from '../core/block.ts';
import { authorityText, blockHash, blockText, genesisHash, genesisText } from '../core/block-hash.ts';
import { drawAttempts, drawSeed } from '../core/draw.ts';
import { previousLink } from '../core/hash-chain.ts';
import { parseBlock, parseSealedBlock } from '../core/parse-block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { hashUp, leafNode } from '../core/sum-tree.ts';
import { timestampMs } from '../core/timestamp.ts';
import { verifySignature } from './ed25519.ts';

/** The data that a draw is checked from, as it was fetched. None of it is trusted. */
export interface DrawEvidence {
  readonly genesis: unknown;
  readonly previous: unknown;
  readonly block: unknown;
  readonly index: number;
  /** The pool according to the server; undefined when the server does not have it. */
  readonly pool: unknown;
}

/** One rule of the draw with the numbers that it compares. The rule `path` has two steps: the inclusion proof in the block, and the pool. */
export interface DrawStep {
  readonly rule: Rule;
  readonly isOfPool?: true;
  readonly title: string;
  readonly numbers: readonly (readonly [label: string, value: string])[];
}

/** The first rule that a draw breaks; `isOfPool` when the pool breaks it and not the block. */
export interface DrawFault extends Fault {
  readonly isOfPool?: true;
}

/** Checks one draw by the rules of a chain (SPEC 4), and its pool if the server has it. The block before it is taken as valid. */
export function findDrawFault({ genesis, previous, block, index, pool }: DrawEvidence): DrawFault | undefined {
  const before = tipBefore({ genesis, previous, block, index });
  if ('fault' in before) return before.fault;
  const check = (body: BlockBody): Fault | undefined => {
    const checked = new ChainVerifier(verifySignature, before.tip).next(block, body);
    return 'fault' in checked ? checked.fault : undefined;
  };
  const fault = check(pool === undefined ? {} : { Candidates: pool });
  if (fault?.rule !== 'path' || check({})?.rule === 'path') return fault;
  return { ...fault, isOfPool: true };
}

/** The tip before block `index`; undefined for block 0. A fault is returned when the genesis is invalid, or the block before is not well formed. */
function tipBefore({
  genesis,
  previous,
  block,
  index,
}: Omit<DrawEvidence, 'pool'>): { readonly tip: Tip | undefined } | { readonly fault: Fault } {
  if (index === 0) return { tip: undefined };
  const first = new ChainVerifier(verifySignature).next(genesis);
  if ('fault' in first || index === 1) return 'fault' in first ? first : { tip: first.tip };
  const parsed = parseSealedBlock(previous, first.tip.form);
  if ('why' in parsed) return { fault: { index: index - 1, rule: 'form', why: parsed.why } };
  const tip = { ...tipAfter(first.tip, parsed.value), index: index - 1 };
  return { tip: index > 2 ? withDifficultyOf(block, tip) : tip };
}

/** The difficulty of a work block comes from up to 17 blocks, which are not here: it is taken at its word. The check of the whole chain computes it. */
function withDifficultyOf(block: unknown, tip: Tip): Tip {
  const parsed = parseSealedBlock(block, tip.form);
  if (!(tip.seal instanceof WorkRules) || 'why' in parsed || !isMined(parsed.value)) return tip;
  const { intervalMs } = tip.seal;
  const difficulty = BigInt(parsed.value.Work.Difficulty);
  return { ...tip, seal: new WorkRules(intervalMs, [{ timeMs: timestampMs(tip.timestamp), difficulty }]) };
}

/** The numbers behind every rule, in the order in which the rules are checked; none when the block is not well formed. */
export function explainDraw(evidence: DrawEvidence): readonly DrawStep[] {
  const before = tipBefore(evidence);
  if ('fault' in before) return [];
  const { tip } = before;
  if (tip === undefined) {
    const parsed = parseGenesisBlock(evidence.block);
    return 'why' in parsed ? [] : explainGenesis(parsed.value);
  }
  const parsed = parseSealedBlock(evidence.block, tip.form);
  return 'why' in parsed ? [] : explainSealed(tip, parsed.value, evidence);
}

function explainSealed(tip: Tip, block: SealedBlock, evidence: DrawEvidence): readonly DrawStep[] {
  return [
    { rule: 'form', title: 'It has the form of a block', numbers: [] },
    { rule: 'index', title: 'Its number follows', numbers: [['index', String(block.Index)]] },
    {
      rule: 'prev-hash',
      title: `It stands on block ${evidence.index - 1}`,
      numbers: [
        [`hash of block ${evidence.index - 1}`, tip.hash],
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
    ...(isDrawn(block) ? drawSteps(tip, block, evidence) : []),
    ...(isMined(block) ? [workStep(block)] : []),
    {
      rule: 'timestamp',
      title: 'Time did not go back',
      numbers: [
        [`block ${evidence.index - 1}`, tip.timestamp],
        [`block ${evidence.index}`, block.Timestamp],
      ],
    },
    ...(tip.seal instanceof LotteryRules ? [nextCommitmentStep(tip.seal, evidence.index)] : []),
  ];
}

function signatureStep({ chainId, authority }: Tip, block: SealedBlock): readonly DrawStep[] {
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

function drawSteps(tip: Tip, block: DrawnBlock, evidence: DrawEvidence): readonly DrawStep[] {
  const { Draw } = block;
  const { first, last } = winnersTickets(Draw);
  return [
    ...(tip.seal instanceof LotteryRules ? [linkStep(tip.seal, block, evidence.index)] : []),
    { rule: 'ticket', title: 'The ticket comes from the envelope alone', numbers: attemptsOf(tip, block) },
    { rule: 'path', title: 'The winner stood in the pool that was sealed', numbers: inclusionProofNumbers(block) },
    ...(evidence.pool === undefined ? [] : [poolStep(block)]),
    {
      rule: 'winner',
      title: "The ticket is one of the winner's",
      numbers: [
        ["the winner's tickets", `${first} to ${last}`],
        ['the ticket', Draw.Ticket],
      ],
    },
  ];
}

function linkStep({ salt, link }: LotteryRules, { Draw }: DrawnBlock, index: number): DrawStep {
  return {
    rule: 'link',
    title: 'The envelope had been sealed before the round',
    numbers: [
      ['what was in it', Draw.Reveal],
      ['its hash, recomputed', previousLink(salt, index, Draw.Reveal)],
      ['the seal, known since the block before', link],
    ],
  };
}

function nextCommitmentStep({ links }: LotteryRules, index: number): DrawStep {
  return {
    rule: 'next-commitment',
    title: 'A new envelope is sealed when the last one is used up',
    numbers: [['due with block', String(Math.ceil(index / links) * links)]],
  };
}

function workStep({ Hash, Work }: WorkBlock): DrawStep {
  return {
    rule: 'work',
    title: 'Its hash is as small as its difficulty asks for',
    numbers: [
      ['difficulty', Work.Difficulty],
      ['nonce', String(Work.Nonce)],
      ['hash', Hash],
      ['the largest hash that is small enough', targetOf(BigInt(Work.Difficulty)).toString(16).padStart(64, '0')],
    ],
  };
}

function poolStep({ Draw }: DrawnBlock): DrawStep {
  return {
    rule: 'path',
    isOfPool: true,
    title: 'The pool that the server kept is the one that was sealed',
    numbers: [
      ['candidates', String(Draw.PoolSize)],
      ['tokens', Draw.TotalStake],
    ],
  };
}

function explainGenesis({ Timestamp, Genesis, Hash }: GenesisBlock): readonly DrawStep[] {
  return [
    {
      rule: 'form',
      title: 'It has the form of a genesis',
      numbers: [
        ...consensusNumbers(Genesis.Consensus),
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

function consensusNumbers(consensus: Genesis['Consensus']): DrawStep['numbers'] {
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

function authorityNumber(key: string): readonly [label: string, value: string] {
  return ['the authority, whose key signs every block', key];
}

/**
 * A changed block with its Hash recomputed, as a cheat would do next. The signature stays as it was, because only the authority has the key.
 * Undefined when the block is not well formed.
 */
export function withRecomputedHash(block: unknown, index: number): SealedBlock | undefined {
  const parsed = parseBlock(block, index);
  if ('why' in parsed || isGenesis(parsed.value)) return undefined;
  return { ...parsed.value, Hash: blockHash(parsed.value) };
}

function attemptsOf(tip: Tip, { Index, Draw }: DrawnBlock): DrawStep['numbers'] {
  const seed = drawSeed(tip.chainId, Index, Draw.Reveal);
  const total = BigInt(Draw.TotalStake);
  if (total < 1n) return [['tickets', 'none']];
  const attempts = [...drawAttempts(seed, total)].map(({ attempt, value }): readonly [string, string] => [
    `attempt ${attempt}`,
    value < total ? `${value}: this is the ticket` : `${value}: there is no such ticket, so it is drawn again`,
  ]);
  return [
    ['seed', seed],
    ['tickets', `0 to ${total - 1n}`],
    ...attempts,
    ['the ticket, as the block says', Draw.Ticket],
  ];
}

/** The nodes of the inclusion proof, from the winner's leaf to the root. */
function inclusionProofNumbers({ Validator, BPM, Draw }: DrawnBlock): DrawStep['numbers'] {
  let node = leafNode(Validator, BigInt(Draw.Stake), BPM);
  const numbers: (readonly [string, string])[] = [[`the winner's leaf, ${node.sum} tokens`, node.hash]];
  for (const step of Draw.Path) {
    node = hashUp(node, step);
    numbers.push([`with ${step.Stake} tokens on its ${step.Side}, ${node.sum}`, node.hash]);
  }
  numbers.push(['the root, as the block says', Draw.PoolRoot]);
  return numbers;
}
