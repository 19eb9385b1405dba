import { describe, expect, it } from 'vitest';
import { roundTimeMs } from '../../src/core/beacon.ts';
import type { DrawnBlock } from '../../src/core/block.ts';
import { judgeEvidence, parseEvidence } from '../../src/core/evidence.ts';
import type { Seal } from '../../src/http/api/types.ts';
import { SealWitness } from '../../src/web/seal-witness.ts';
import { sealWords } from '../../src/web/seal-words.ts';
import { buildBeaconChain, sealOf, TestBeacon } from '../core/build-beacon-chain.ts';
import { buildChain, candidatesWith, verifySignature } from '../core/build-chain.ts';

const anna = new TestBeacon('anna', { GenesisTime: 1_700_000_000, Period: 3 });

function drawn(...stakes: readonly bigint[]): DrawnBlock {
  const [block] = buildBeaconChain([candidatesWith(stakes)], [anna]).blocks;
  if (block === undefined) throw new Error('nothing was drawn');
  return block;
}

const { genesis } = buildBeaconChain([], [anna]);
const block = drawn(3n, 4n);
const other = drawn(9n);

/** What the API says of the pool of a block. */
function told(of: DrawnBlock): Seal {
  const { Sealed = '', PoolRoot, PoolSize, TotalStake, Beacons } = of.Draw;
  const round = Beacons?.[0]?.Round ?? 0;
  const time = new Date(Number(roundTimeMs(anna.beacon, round))).toISOString();
  return {
    index: of.Index,
    sealed: Sealed,
    root: PoolRoot,
    size: PoolSize,
    total: TotalStake,
    signature: sealOf(genesis, of),
    rounds: [{ beacon: 'anna', round, time }],
  };
}

function isProven(evidence: string | undefined): boolean {
  const parsed = parseEvidence(JSON.parse(evidence ?? 'null'));
  return 'value' in parsed && 'value' in judgeEvidence(parsed.value, verifySignature);
}

describe('the witness of the page', () => {
  it('is content with the block of the pool that was sealed, with one that it heard nothing of, and without beacons', () => {
    const witness = new SealWitness(genesis, verifySignature);
    expect(witness.hear(told(block))).toBeUndefined();
    expect(witness.hear(told(block))).toBeUndefined();
    expect(witness.judge(block)).toBeUndefined();
    expect(witness.judge(other)).toBeUndefined();
    const [, plain] = buildChain([candidatesWith([1n])], 4);
    expect(plain !== undefined && 'Draw' in plain && witness.judge(plain)).toBeUndefined();
  });

  it('raises an alarm with evidence where a block is of another pool, or two pools are told of one block', () => {
    const witness = new SealWitness(genesis, verifySignature);
    witness.hear(told(block));
    const alarm = witness.judge(other);
    expect(alarm?.why).toMatch(
      /^The authority of this chain sealed another pool than it drew for block 1: PoolRoot is /,
    );
    expect(isProven(alarm?.evidence)).toBe(true);
    witness.hear(told(block));
    const twice = witness.hear(told(other));
    expect(twice?.why).toContain('sealed two pools for block 1');
    expect(isProven(twice?.evidence)).toBe(true);
  });

  it('raises an alarm about a seal that nobody has signed, and one that waits for another round', () => {
    const witness = new SealWitness(genesis, verifySignature);
    const seal = told(block);
    expect(witness.hear({ ...seal, total: '8' })?.why).toContain('is not signed by the authority');
    const rounds = seal.rounds.map((round) => ({ ...round, round: round.round - 1 }));
    expect(witness.hear({ ...seal, rounds })?.why).toContain('waits for other rounds');
    expect(witness.hear({ ...seal, rounds: [] })?.why).toContain('waits for other rounds');
    expect(witness.remembers(1)).toBe(false);
    expect(witness.hear(seal)).toBeUndefined();
    expect(witness.remembers(1)).toBe(true);
    expect(witness.judge(block)).toBeUndefined();
    expect(witness.remembers(1)).toBe(false);
  });

  it('says when a round was out as it heard of the pool, by the genesis and whatever time is told', () => {
    const witness = new SealWitness(genesis, verifySignature);
    const seal = told(block);
    const dueMs = Date.parse(seal.rounds[0]?.time ?? '');
    const lying = { ...seal, rounds: seal.rounds.map((round) => ({ ...round, time: '2099-01-01T00:00:00.000Z' })) };
    expect(witness.lateness(lying, dueMs - 1)).toBeUndefined();
    expect(witness.lateness(lying, dueMs)).toMatch(
      /^When this page heard of the pool of block 1, round \d+ of anna was out/,
    );
  });
});

describe('the words of a sealed pool', () => {
  const seal = told(block);
  const dueMs = Date.parse(seal.rounds[0]?.time ?? '');
  const [round] = seal.rounds;

  it.each([
    [seal, dueMs - 2001, 'comes in 3 s.'],
    [seal, dueMs - 1, 'comes in 1 s.'],
    [seal, dueMs, 'is due.'],
    [{ ...seal, rounds: [Object.assign({ isLate: true } as const, round)] }, dueMs, 'is awaited, but anna is silent.'],
    [{ ...seal, rounds: [Object.assign({ signature: 'ab'.repeat(48) }, round)] }, dueMs, 'has come: abababab….'],
  ])('tell the act that it is in', (told, nowMs, end) => {
    const words = sealWords(told, nowMs);
    expect(words).toMatch(/^Block 1 is sealed: 2 candidates, 7 tokens, root [0-9a-f]{8}…\. anna round \d+ /);
    expect(words.endsWith(end)).toBe(true);
  });
});
