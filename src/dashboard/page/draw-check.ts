import { findPoolFault } from '../../core/audit.ts';
import {
  blockHash,
  type DrawnBlock,
  type GenesisBlock,
  genesisHash,
  isDrawn,
  winnersTickets,
} from '../../core/block.ts';
import { drawAttempts, drawSeed } from '../../core/draw.ts';
import { readBlock } from '../../core/form.ts';
import { linkBefore } from '../../core/links.ts';
import { readPool } from '../../core/pool-form.ts';
import { climb, leafNode } from '../../core/sum-tree.ts';
import { checkBlock, type Fault, type Rule, type Tip, tipAfter } from '../../core/verify.ts';

/** What a draw is checked from, as it was fetched. Nothing of it is trusted. */
export interface DrawEvidence {
  readonly genesis: unknown;
  readonly previous: unknown;
  readonly block: unknown;
  readonly index: number;
  /** What the server says the pool was; undefined when it does not. */
  readonly pool: unknown;
}

/** One rule of the draw with the numbers that it compares. */
export interface DrawStep {
  readonly rule: Rule | 'pool';
  readonly title: string;
  readonly numbers: readonly (readonly [label: string, value: string])[];
}

/** Checks one draw by the rules of a chain (SPEC 4), on the word of the block before it; then that the pool is the one that was sealed. */
export function findDrawFault({ genesis, previous, block, index, pool }: DrawEvidence): Fault | PoolFault | undefined {
  const tip = tipBefore(genesis, previous, index);
  if ('fault' in tip) return tip.fault;
  const checked = checkBlock(tip.tip, block);
  if ('fault' in checked) return checked.fault;
  if (!isDrawn(checked.block) || pool === undefined) return undefined;
  const candidates = readPool(pool);
  const fault = candidates === undefined ? { why: 'it is no pool' } : findPoolFault(checked.block, candidates);
  return fault === undefined ? undefined : { index, rule: 'pool', why: fault.why };
}

/** The rule that is none of a chain's own: pools are kept beside it. */
export interface PoolFault {
  readonly index: number;
  readonly rule: 'pool';
  readonly why: string;
}

/** What must be known to check block `index`; for block 0, nothing. A fault of the genesis, or of the form of the block before, is one of that block. */
export function tipBefore(
  genesis: unknown,
  previous: unknown,
  index: number,
): { readonly tip: Tip | undefined } | { readonly fault: Fault } {
  if (index === 0) return { tip: undefined };
  const first = checkBlock(undefined, genesis);
  if ('fault' in first || index === 1) return 'fault' in first ? first : { tip: first.tip };
  const form = readBlock(previous, index - 1);
  if ('why' in form || !isDrawn(form.value)) {
    return { fault: { index: index - 1, rule: 'form', why: 'why' in form ? form.why : 'only block 0 is a genesis' } };
  }
  return { tip: { ...tipAfter(first.tip, form.value), index: index - 1 } };
}

/** The numbers behind every rule, in the order in which the rules are checked; none when the block has not even its form. */
export function explainDraw(evidence: DrawEvidence): readonly DrawStep[] {
  const before = tipBefore(evidence.genesis, evidence.previous, evidence.index);
  const form = readBlock(evidence.block, evidence.index);
  if ('fault' in before || 'why' in form) return [];
  if (before.tip === undefined || !isDrawn(form.value)) return isDrawn(form.value) ? [] : explainGenesis(form.value);
  const { tip } = before;
  const block = form.value;
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
        ['hash, recomputed', blockHash(block)],
        ['hash, as it says', block.Hash],
      ],
    },
    {
      rule: 'link',
      title: 'The envelope had been sealed before the round',
      numbers: [
        ['what was in it', Draw.Reveal],
        ['its hash, recomputed', linkBefore(tip.salt, evidence.index, Draw.Reveal)],
        ['the seal, known since the block before', tip.link],
      ],
    },
    { rule: 'ticket', title: 'The ticket comes from the envelope alone', numbers: attemptsOf(tip, block) },
    { rule: 'path', title: 'The winner stood in the pool that was sealed', numbers: climbOf(block) },
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
      numbers: [['due with block', String(Math.ceil(evidence.index / tip.links) * tip.links)]],
    },
    ...(evidence.pool === undefined ? [] : [poolStep(block)]),
  ];
}

function poolStep({ Draw }: DrawnBlock): DrawStep {
  return {
    rule: 'pool',
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
        ['the seal of the first envelope', Genesis.Commitment],
        ['envelopes, one in the other', String(Genesis.Links)],
        ['salt', Genesis.Salt],
      ],
    },
    {
      rule: 'hash',
      title: 'Its hash is the hash of what it holds',
      numbers: [
        ['hash, recomputed', genesisHash(Timestamp, Genesis)],
        ['hash, as it says', Hash],
      ],
    },
  ];
}

/** Seals a block again after somebody has changed it: what a cheat would do next. Undefined when it has not the form of a block. */
export function sealedAgain(block: unknown, index: number): DrawnBlock | undefined {
  const form = readBlock(block, index);
  if ('why' in form || !isDrawn(form.value)) return undefined;
  return { ...form.value, Hash: blockHash(form.value) };
}

function attemptsOf(tip: Tip, { Index, Draw }: DrawnBlock): DrawStep['numbers'] {
  const seed = drawSeed(tip.genesisHash, Index, Draw.Reveal);
  const total = BigInt(Draw.TotalStake);
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

/** From the winner's leaf to the root. */
function climbOf({ Validator, BPM, Draw }: DrawnBlock): DrawStep['numbers'] {
  let node = leafNode(Validator, BigInt(Draw.Stake), BPM);
  const numbers: (readonly [string, string])[] = [[`the winner's leaf, ${node.sum} tokens`, node.hash]];
  for (const step of Draw.Path) {
    node = climb(node, step);
    numbers.push([`with ${step.Stake} tokens on its ${step.Side}, ${node.sum}`, node.hash]);
  }
  numbers.push(['the root, as the block says', Draw.PoolRoot]);
  return numbers;
}
