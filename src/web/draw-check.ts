import type { PoolBeside, Rule } from '../consensus/consensus.ts';
import { ChainVerifier, type Fault, type Tip, tipAfter } from '../consensus/verifier.ts';
import {
  authorityText,
  blockHash,
  blockText,
  type DrawnBlock,
  type GenesisBlock,
  genesisHash,
  genesisText,
  isDrawn,
  winnersTickets,
} from '../core/block.ts';
import { drawAttempts, drawSeed } from '../core/draw.ts';
import { previousLink } from '../core/hash-chain.ts';
import { parseBlock } from '../core/parse-block.ts';
import { parsePool } from '../core/parse-pool.ts';
import { hashUp, leafNode } from '../core/sum-tree.ts';
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
  const before = tipBefore(genesis, previous, index);
  if ('fault' in before) return before.fault;
  const check = (beside: PoolBeside): Fault | undefined => {
    const checked = new ChainVerifier(verifySignature, before.tip).next(block, beside);
    return 'fault' in checked ? checked.fault : undefined;
  };
  const fault = check(pool === undefined ? undefined : (parsePool(pool) ?? { why: 'it is no pool' }));
  if (fault?.rule !== 'path' || check(undefined)?.rule === 'path') return fault;
  return { ...fault, isOfPool: true };
}

/** The tip before block `index`; undefined for block 0. A fault is returned when the genesis is invalid, or the block before is not well formed. */
function tipBefore(
  genesis: unknown,
  previous: unknown,
  index: number,
): { readonly tip: Tip | undefined } | { readonly fault: Fault } {
  if (index === 0) return { tip: undefined };
  const first = new ChainVerifier(verifySignature).next(genesis);
  if ('fault' in first || index === 1) return 'fault' in first ? first : { tip: first.tip };
  const parsed = parseBlock(previous, index - 1);
  if ('why' in parsed || !isDrawn(parsed.value)) {
    return {
      fault: { index: index - 1, rule: 'form', why: 'why' in parsed ? parsed.why : 'only block 0 is a genesis' },
    };
  }
  return { tip: { ...tipAfter(first.tip, parsed.value), index: index - 1 } };
}

/** The numbers behind every rule, in the order in which the rules are checked; none when the block is not well formed. */
export function explainDraw(evidence: DrawEvidence): readonly DrawStep[] {
  const before = tipBefore(evidence.genesis, evidence.previous, evidence.index);
  const parsed = parseBlock(evidence.block, evidence.index);
  if ('fault' in before || 'why' in parsed) return [];
  if (before.tip === undefined || !isDrawn(parsed.value))
    return isDrawn(parsed.value) ? [] : explainGenesis(parsed.value);
  const { tip } = before;
  const block = parsed.value;
  const { Draw } = block;
  const { first, last } = winnersTickets(Draw);
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
    {
      rule: 'signature',
      title: 'The server that began this chain has signed it',
      numbers: [
        ['what was signed', authorityText(tip.chainId, block.Index, block.Hash)],
        ['key of the authority, from block 0', tip.authority],
        ['signature', block.Signature],
      ],
    },
    {
      rule: 'link',
      title: 'The envelope had been sealed before the round',
      numbers: [
        ['what was in it', Draw.Reveal],
        ['its hash, recomputed', previousLink(tip.seal.salt, evidence.index, Draw.Reveal)],
        ['the seal, known since the block before', tip.seal.link],
      ],
    },
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
    {
      rule: 'timestamp',
      title: 'Time did not go back',
      numbers: [
        [`block ${evidence.index - 1}`, tip.timestamp],
        [`block ${evidence.index}`, block.Timestamp],
      ],
    },
    {
      rule: 'next-commitment',
      title: 'A new envelope is sealed when the last one is used up',
      numbers: [['due with block', String(Math.ceil(evidence.index / tip.seal.links) * tip.seal.links)]],
    },
  ];
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
        ['the seal of the first envelope', Genesis.Consensus.Commitment],
        ['envelopes, one in the other', String(Genesis.Consensus.Links)],
        ['salt', Genesis.Consensus.Salt],
        ['the authority, whose key signs every block', Genesis.Authority],
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

/**
 * A changed block with its Hash recomputed, as a cheat would do next. The signature stays as it was, because only the authority has the key.
 * Undefined when the block is not well formed.
 */
export function withRecomputedHash(block: unknown, index: number): DrawnBlock | undefined {
  const parsed = parseBlock(block, index);
  if ('why' in parsed || !isDrawn(parsed.value)) return undefined;
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
