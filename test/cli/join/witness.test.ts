import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ChainCheckResult, EarlyCheckResult } from '../../../src/cli/join/chain-check-result.ts';
import { ChainChecker } from '../../../src/cli/join/chain-checker.ts';
import type { AwaitsEvent, SealedEvent, ServerEvent } from '../../../src/cli/join/server-event.ts';
import { roundTimeMs, sealedPoolOf } from '../../../src/core/beacon.ts';
import type { DrawnBlock } from '../../../src/core/block.ts';
import { signedBlock } from '../../../src/core/build-block.ts';
import { judgeEvidence, parseEvidence } from '../../../src/core/evidence.ts';
import type { PoolStatement } from '../../../src/core/statement.ts';
import { SystemTurns } from '../../../src/platform/system-turns.ts';
import { buildBeaconChain, sealOf as signatureOfPool, TestBeacon } from '../../core/build-beacon-chain.ts';
import { authority, buildChain, candidatesWith, hexOf, verifySignature } from '../../core/build-chain.ts';

const beacons = [
  new TestBeacon('anna', { GenesisTime: 1_700_000_000, Period: 3 }),
  new TestBeacon('ben', { GenesisTime: 1_700_000_001, Period: 5 }),
];
const { genesis, blocks } = buildBeaconChain([candidatesWith([3n, 4n]), candidatesWith([5n])], beacons);

function blockAt(index: number): DrawnBlock {
  const block = blocks[index - 1];
  if (block === undefined) throw new Error(`no block ${index}`);
  return block;
}

/** When the first of the rounds comes that a block waited for. */
function firstRoundMs({ Draw }: DrawnBlock): number {
  return Math.min(
    ...beacons.map(({ beacon }, place) => Number(roundTimeMs(beacon, Draw.Beacons?.[place]?.Round ?? 0))),
  );
}

/** What everybody at nc hears when the pool of a block is sealed. */
function sealOf({ Index, Draw }: DrawnBlock): readonly [SealedEvent, AwaitsEvent] {
  const { PoolSize, TotalStake, PoolRoot } = Draw;
  const rounds = beacons.map(({ beacon }, place) => ({ name: beacon.Name, round: Draw.Beacons?.[place]?.Round ?? 0 }));
  return [
    { kind: 'sealed', index: Index, candidates: PoolSize, total: BigInt(TotalStake), root: PoolRoot.slice(0, 16) },
    { kind: 'awaits', rounds },
  ];
}

/** The signature of the pool of a block. */
function statementOf(block: DrawnBlock): PoolStatement {
  const Pool = sealedPoolOf(block);
  if (Pool === undefined) throw new Error('it was not sealed');
  return { Pool, Signature: signatureOfPool(genesis, block) };
}

function witness(unixMs: () => number = () => 0): ChainChecker {
  return new ChainChecker({ turns: new SystemTurns(), unixMs });
}

function hears(checker: ChainChecker, events: readonly ServerEvent[]): void {
  for (const event of events) expect(checker.onEvent(event)).toBeUndefined();
}

function receives(checker: ChainChecker, chain: readonly unknown[]): EarlyCheckResult | undefined {
  for (const block of chain) checker.onEvent({ kind: 'block', text: JSON.stringify(block) });
  return checker.onEvent({ kind: 'chain' });
}

async function settled(result: EarlyCheckResult | undefined): Promise<ChainCheckResult | undefined> {
  return result?.kind === 'later' ? result.settled : result;
}

function winners(...indexes: readonly number[]): readonly ServerEvent[] {
  return indexes.map((index) => ({ kind: 'winner', address: blockAt(index).Validator }));
}

describe('a chain whose draws wait for beacons', () => {
  it('holds when the signatures of its beacons are verified, which are not verified again', async () => {
    const checker = witness();
    const first = receives(checker, [genesis, ...blocks]);
    expect(first?.kind).toBe('later');
    expect(checker.backlog.size).toBe(4);
    expect(await settled(first)).toMatchObject({ kind: 'holds', blocks: 3 });
    expect([checker.backlog.size, checker.backlog.skipped]).toEqual([0, 0]);
    expect(receives(checker, [genesis, ...blocks])).toMatchObject({ kind: 'holds', blocks: 3 });
  });

  it('does not hold with a signature that its beacon did not make, nor ever again', async () => {
    const { Hash: _, Signature: _signature, ...content } = blockAt(1);
    const [round, ...others] = content.Draw.Beacons ?? [];
    const forged = { Round: round?.Round ?? 0, Signature: beacons[0]?.sign(1) ?? '' };
    // Signed by the authority with a ticket that may be another: the signature of the beacon is what is wrong first.
    const block = signedBlock(
      { ...content, Draw: { ...content.Draw, Beacons: [forged, ...others] } },
      genesis.Hash,
      authority,
    );
    const checker = witness();
    const result = await settled(receives(checker, [genesis, block]));
    expect(result).toMatchObject({
      kind: 'broken',
      why: expect.stringMatching(/^block 1 breaks the rule "(?:beacon|ticket)"/),
    });
  });
});

describe('a witness of sealed pools', () => {
  it('finds that each block is drawn from the pool that was told', async () => {
    const checker = witness();
    hears(checker, [...sealOf(blockAt(1)), ...winners(1), ...sealOf(blockAt(2)), ...winners(2)]);
    expect(await settled(receives(checker, [genesis, ...blocks]))).toMatchObject({ kind: 'holds', winners: 2 });
  });

  it.each<[string, Partial<SealedEvent>, string]>([
    ['another root', { root: '0'.repeat(16) }, 'its root is '],
    ['more candidates', { candidates: 3 }, 'it has 2 candidates, told were 3'],
    ['more tokens', { total: 8n }, 'it has 7 tokens, told were 8'],
  ])('raises an alarm where %s was told', (_, change, why) => {
    const checker = witness();
    const [sealed, awaits] = sealOf(blockAt(1));
    hears(checker, [{ ...sealed, ...change }, awaits, ...winners(1)]);
    expect(receives(checker, [genesis, blockAt(1)])).toEqual({
      kind: 'broken',
      why: expect.stringContaining(`block 1 is not drawn from the pool that was sealed: ${why}`),
    });
  });

  it('raises an alarm where other rounds were told', () => {
    const checker = witness();
    const [sealed, { kind, rounds }] = sealOf(blockAt(1));
    hears(checker, [sealed, { kind, rounds: rounds.map(({ name, round }) => ({ name, round: round + 1 })) }]);
    expect(receives(checker, [genesis, blockAt(1)])).toMatchObject({
      kind: 'broken',
      why: expect.stringContaining('it waited for the rounds '),
    });
  });

  it('raises an alarm where two pools are told of one block, and none where one is told twice', () => {
    const checker = witness();
    const [sealed, awaits] = sealOf(blockAt(1));
    hears(checker, [sealed, awaits, sealed, awaits, { ...sealed, total: 8n }]);
    expect(checker.onEvent(awaits)).toEqual({ kind: 'broken', why: 'two pools were sealed for block 1' });
  });

  it('says when a round was out already as it heard of the pool, from its very millisecond on', async () => {
    let nowMs = firstRoundMs(blockAt(1)) - 1;
    const early = witness(() => nowMs);
    await settled(receives(early, [genesis]));
    hears(early, sealOf(blockAt(1)));
    expect(early.lateness).toBeUndefined();
    nowMs += 1;
    const late = witness(() => nowMs);
    await settled(receives(late, [genesis]));
    hears(late, sealOf(blockAt(1)));
    expect(late.lateness).toMatch(/^When you heard of the pool of block 1, round \d+ of (?:anna|ben) was out already/);
  });
});

describe('evidence', () => {
  it('is found where a block was changed that had been sent', async () => {
    const checker = witness();
    await settled(receives(checker, [genesis, blockAt(1)]));
    const other = buildBeaconChain([candidatesWith([9n])], beacons).blocks;
    const result = receives(checker, [genesis, ...other]);
    if (result?.kind !== 'broken' || result.evidence === undefined) throw new Error('there is no evidence');
    expect(result.evidence).toMatchObject({ chainId: genesis.Hash, index: 1 });
    const evidence = parseEvidence(JSON.parse(result.evidence.text));
    expect('value' in evidence && judgeEvidence(evidence.value, verifySignature)).toHaveProperty('value.index', 1);
  });

  it('is found where a block is drawn from another pool than was sealed with a signature', async () => {
    const [sealed, awaits] = sealOf(blockAt(1));
    const [other] = buildBeaconChain([candidatesWith([9n])], beacons).blocks;
    if (other === undefined) throw new Error('nothing was drawn');
    const asked: number[] = [];
    const checker = new ChainChecker({
      turns: new SystemTurns(),
      unixMs: () => 0,
      readSeal: async (index) => {
        asked.push(index);
        return statementOf(blockAt(1));
      },
    });
    hears(checker, [sealed, awaits]);
    await turn();
    const result = receives(checker, [genesis, other]);
    if (result?.kind !== 'broken' || result.evidence === undefined) throw new Error('there is no evidence');
    expect(asked).toEqual([1]);
    expect(result.why).toContain('its authority sealed another pool than it drew for block 1: PoolRoot is');
    const evidence = parseEvidence(JSON.parse(result.evidence.text));
    expect('value' in evidence && judgeEvidence(evidence.value, verifySignature)).toHaveProperty('value.index', 1);
  });

  it.each<[string, (statement: PoolStatement) => unknown]>([
    ['the signature of its very pool', (statement) => statement],
    ['a signature that is not its own', ({ Pool }) => ({ Pool, Signature: hexOf(1) + hexOf(2) })],
    ['no answer', () => undefined],
    ['something else', () => [1]],
  ])('is none with %s, and what is missing is counted', async (what, answer) => {
    const checker = new ChainChecker({
      turns: new SystemTurns(),
      unixMs: () => 0,
      readSeal: async () => answer(statementOf(blockAt(1))),
    });
    hears(checker, [...sealOf(blockAt(1)), ...winners(1)]);
    await turn();
    expect(await settled(receives(checker, [genesis, blockAt(1)]))).toMatchObject({ kind: 'holds', winners: 1 });
    expect(checker.unsigned).toBe(what.endsWith('very pool') ? 0 : 1);
  });

  it('is none where another has made the block', () => {
    const checker = witness();
    const [first, block] = buildChain([candidatesWith([3n])], 4);
    receives(checker, [first, block]);
    expect(receives(checker, [first, { ...block, Signature: hexOf(1) + hexOf(2) }])).not.toHaveProperty('evidence');
  });
});
