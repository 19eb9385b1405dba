import { type DrawExplanation, explainDraw } from '../consensus/lottery/draw-explanation.ts';
import { LotteryRules } from '../consensus/lottery/lottery-rules.ts';
import { roundAfter, roundTimeMs } from '../core/beacon.ts';
import { type DrawnBlock, isDrawn } from '../core/block.ts';
import type { BlockStep, ExplainSeal } from './block-steps.ts';

/** The steps of a draw, and of its pool where the server has it. */
export const drawSteps: ExplainSeal = (tip, block, { index, pool }) => {
  const { seal, chainId } = tip;
  if (!isDrawn(block) || !(seal instanceof LotteryRules)) return [];
  const explained = explainDraw(chainId, seal.salt, block);
  const { first, last } = explained.tickets;
  return [
    linkStep(seal, block, explained),
    ...(seal.beacons.length === 0 ? [] : [beaconStep(seal, block)]),
    {
      rule: 'ticket',
      title: `The ticket comes from the envelope ${seal.beacons.length === 0 ? 'alone' : 'and the beacons alone'}`,
      numbers: ticketNumbers(block, explained),
    },
    { rule: 'path', title: 'The winner stood in the pool that was sealed', numbers: proofNumbers(block, explained) },
    ...(pool === undefined ? [] : [poolStep(block)]),
    {
      rule: 'winner',
      title: "The ticket is one of the winner's",
      numbers: [
        ["the winner's tickets", `${first} to ${last}`],
        ['the ticket', block.Draw.Ticket],
      ],
    },
    nextCommitmentStep(seal, index),
  ];
};

function linkStep(seal: LotteryRules, { Draw }: DrawnBlock, { link }: DrawExplanation): BlockStep {
  return {
    rule: 'link',
    title: 'The envelope had been sealed before the round',
    numbers: [
      ['what was in it', Draw.Reveal],
      ['its hash, recomputed', link],
      ['the seal, known since the block before', seal.link],
    ],
  };
}

function beaconStep({ beacons }: LotteryRules, { Draw }: DrawnBlock): BlockStep {
  const { Sealed = '', Beacons = [] } = Draw;
  const rounds = Beacons.flatMap(({ Round, Signature }, place): BlockStep['numbers'] => {
    const beacon = beacons[place];
    if (beacon === undefined) return [];
    const { Name, PublicKey } = beacon;
    return [
      [`round of ${Name}, the first that comes 3 seconds later`, String(roundAfter(beacon, Sealed) ?? 'none')],
      [`round of ${Name}, as the block says`, String(Round)],
      ['it was published at', timeText(roundTimeMs(beacon, Round))],
      [`what ${Name} published, which enters the seed: its signature of that round`, Signature],
      [`key of ${Name}, from block 0`, PublicKey],
    ];
  });
  return {
    rule: 'beacon',
    title: 'Nobody could know the draw when the pool was sealed',
    numbers: [['the pool was sealed at', Sealed], ...rounds],
  };
}

/** Milliseconds of Unix time as a timestamp, as far as there is one for them. */
function timeText(timeMs: bigint): string {
  const date = new Date(Number(timeMs));
  return Number.isNaN(date.getTime()) ? `${timeMs} ms of Unix time` : date.toISOString();
}

function ticketNumbers({ Draw }: DrawnBlock, { seed, attempts }: DrawExplanation): BlockStep['numbers'] {
  const total = BigInt(Draw.TotalStake);
  if (attempts.length === 0) return [['tickets', 'none']];
  return [
    ['seed', seed],
    ['tickets', `0 to ${total - 1n}`],
    ...attempts.map(({ attempt, value }): readonly [string, string] => [
      `attempt ${attempt}`,
      value < total ? `${value}: this is the ticket` : `${value}: there is no such ticket, so it is drawn again`,
    ]),
    ['the ticket, as the block says', Draw.Ticket],
  ];
}

/** The nodes of the inclusion proof, from the winner's leaf to the root. */
function proofNumbers({ Draw }: DrawnBlock, { nodes: [leaf, ...nodes] }: DrawExplanation): BlockStep['numbers'] {
  return [
    [`the winner's leaf, ${leaf.sum} tokens`, leaf.hash],
    ...Draw.Path.map(({ Stake, Side }, place): readonly [string, string] => {
      const { sum, hash } = nodes[place] ?? leaf;
      return [`with ${Stake} tokens on its ${Side}, ${sum}`, hash];
    }),
    ['the root, as the block says', Draw.PoolRoot],
  ];
}

function poolStep({ Draw }: DrawnBlock): BlockStep {
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

function nextCommitmentStep({ links }: LotteryRules, index: number): BlockStep {
  return {
    rule: 'next-commitment',
    title: 'A new envelope is sealed when the last one is used up',
    numbers: [['due with block', String(Math.ceil(index / links) * links)]],
  };
}
