import { describe, expect, it } from 'vitest';
import { sealedPoolOf } from '../../src/core/beacon.ts';
import type { DrawnBlock, GenesisBlock } from '../../src/core/block.ts';
import { findContradiction } from '../../src/core/contradiction.ts';
import { evidenceText, judgeEvidence, parseEvidence } from '../../src/core/evidence.ts';
import type { BlockStatement, PoolStatement, Statement } from '../../src/core/statement.ts';
import { buildBeaconChain, sealOf, TestBeacon } from './build-beacon-chain.ts';
import { authority, buildChain, candidatesWith, hexOf, verifySignature } from './build-chain.ts';
import { buildInstantChain, buildWorkChain } from './build-kinds.ts';

const beacon = new TestBeacon('own', { GenesisTime: 1_700_000_000, Period: 3 });
const said = buildBeaconChain([candidatesWith([3n, 4n])], [beacon]);
const { genesis } = said;

/** The first block of a chain of this genesis whose pool has these stakes. */
function drawn(...stakes: readonly bigint[]): DrawnBlock {
  const [block] = buildBeaconChain([candidatesWith(stakes)], [beacon]).blocks;
  if (block === undefined) throw new Error('nothing was drawn');
  return block;
}

const block: BlockStatement = { Block: drawn(3n, 4n) };
const otherBlock: BlockStatement = { Block: drawn(3n, 5n) };

/** What was said when the pool of a block was sealed. */
function sealed({ Block }: BlockStatement): PoolStatement {
  const Pool = 'Draw' in Block ? sealedPoolOf(Block) : undefined;
  if (Pool === undefined || !('Draw' in Block)) throw new Error('it was not sealed');
  return { Pool, Signature: sealOf(genesis, Block) };
}

const seal = sealed(block);
const otherSeal = sealed(otherBlock);

function judged(first: unknown, second: unknown, of: GenesisBlock = genesis): unknown {
  const parsed = parseEvidence(JSON.parse(JSON.stringify({ Version: 1, Genesis: of, Statements: [first, second] })));
  return 'why' in parsed ? parsed : judgeEvidence(parsed.value, verifySignature);
}

describe('two statements of an authority', () => {
  it.each<[string, Statement, Statement, string]>([
    ['two pools of one block', seal, otherSeal, 'sealed two pools for block 1: PoolRoot is '],
    ['a pool and another block', seal, otherBlock, 'sealed another pool than it drew for block 1: PoolRoot is '],
    ['a block and another pool', block, otherSeal, 'sealed another pool than it drew for block 1: PoolRoot is '],
    ['two blocks', block, otherBlock, `signed two blocks 1, with the hashes ${block.Block.Hash} and `],
  ])('convict it where they are %s', (_, first, second, how) => {
    const expected = {
      value: { chainId: genesis.Hash, authority: authority.key, index: 1, how: expect.stringContaining(how) },
    };
    expect(judged(first, second)).toEqual(expected);
    expect(
      judgeEvidence({ Version: 1, Genesis: genesis, Statements: [second, first] }, verifySignature),
    ).toHaveProperty('value.index', 1);
    expect(parseEvidence(JSON.parse(evidenceText(genesis, first, second)))).toHaveProperty('value.Version', 1);
  });

  it.each<[string, Statement, Statement]>([
    ['the same pool', seal, { ...seal }],
    ['the same block', block, { ...block }],
    ['a pool and its block', seal, block],
  ])('convict nobody where they are %s', (_, first, second) => {
    expect(judged(first, second)).toEqual({
      why: 'its two statements do not contradict each other: both can be true',
    });
  });

  it('convict nobody where they are about different blocks', () => {
    const later = buildBeaconChain([candidatesWith([3n]), candidatesWith([4n])], [beacon]).blocks[1];
    if (later === undefined) throw new Error('there is no second block');
    expect(findContradiction(block, { Block: later })).toBeUndefined();
    expect(findContradiction(seal, { Block: later })).toBeUndefined();
  });

  it.each(['Sealed', 'PoolRoot', 'PoolSize', 'TotalStake'] as const)('contradict each other in %s alone', (name) => {
    const changed = { Sealed: '2026-01-01T00:01:00.001Z', PoolRoot: hexOf('root'), PoolSize: 3, TotalStake: '8' }[name];
    const Pool = { ...seal.Pool, [name]: changed };
    const how = `${name} is ${seal.Pool[name]} in one and ${changed} in the other`;
    const found = findContradiction(seal, { ...seal, Pool });
    expect(found).toEqual({ index: 1, how: `sealed two pools for block 1: ${how}` });
    expect(findContradiction(block, { ...seal, Pool })?.how).toContain(how);
  });

  it('contradict each other in TransactionRoot, in a chain with a ledger', () => {
    const first = { ...seal, Pool: { ...seal.Pool, TransactionRoot: '' } };
    const second = { ...seal, Pool: { ...seal.Pool, TransactionRoot: hexOf('root') } };
    expect(findContradiction(first, second)?.how).toContain('TransactionRoot is empty in one and ');
  });

  it('convict nobody where the authority has not signed both', () => {
    const foreign = { ...otherSeal, Signature: seal.Signature };
    expect(judged(seal, foreign)).toEqual({ why: 'its second statement is not signed by the authority of the chain' });
    const unhashed = { Block: { ...otherBlock.Block, BPM: 9 } };
    expect(judged(unhashed, block)).toEqual({ why: 'its first statement is not signed by the authority of the chain' });
    // Signed, but for another chain.
    const other = buildBeaconChain([candidatesWith([3n, 5n])], [beacon, new TestBeacon('two', beacon.beacon)]);
    const Signature = sealOf(other.genesis, drawn(3n, 5n));
    expect(judged(seal, { ...otherSeal, Signature })).toHaveProperty('why');
  });

  it('convict the authority of a lottery without beacons, and of an instant chain, for two blocks', () => {
    const [first, one] = buildChain([candidatesWith([3n])], 4);
    const [, two] = buildChain([candidatesWith([4n])], 4);
    expect(first !== undefined && 'Genesis' in first && judged({ Block: one }, { Block: two }, first)).toHaveProperty(
      'value.index',
      1,
    );
    const [instant, three] = buildInstantChain([1]);
    const [, four] = buildInstantChain([2]);
    expect(
      instant !== undefined && 'Genesis' in instant && judged({ Block: three }, { Block: four }, instant),
    ).toHaveProperty('value.index', 1);
  });
});

describe('an evidence file', () => {
  const [work] = buildWorkChain([], 1n, 1000);
  const plain = buildChain([], 4)[0];
  it.each([
    ['no object', 7, 'evidence must be an object'],
    ['another version', { Version: 2, Genesis: genesis, Statements: [seal, seal] }, 'Version of evidence must be 1'],
    [
      'a genesis that was changed',
      { Version: 1, Genesis: { ...genesis, Timestamp: '2026-01-01T00:00:00.001Z' }, Statements: [seal, seal] },
      'the Hash of its Genesis is not that',
    ],
    ['one statement', { Version: 1, Genesis: genesis, Statements: [seal] }, 'Statements must be an array of two'],
    ['a chain of work', { Version: 1, Genesis: work, Statements: [block, block] }, 'its first statement is none'],
    ['a pool where nothing waits', { Version: 1, Genesis: plain, Statements: [seal, seal] }, 'wait for no beacon'],
    [
      'a pool of half a candidate',
      { Version: 1, Genesis: genesis, Statements: [seal, { ...seal, Pool: { ...seal.Pool, PoolSize: 0.5 } }] },
      'its second statement is none: PoolSize',
    ],
    [
      'a pool with a key too many',
      { Version: 1, Genesis: genesis, Statements: [{ ...seal, Pool: { ...seal.Pool, TransactionRoot: '' } }, seal] },
      'a sealed pool must have these keys',
    ],
  ])('is none with %s', (_, json, why) => {
    const parsed = parseEvidence(JSON.parse(JSON.stringify(json)));
    expect('why' in parsed ? parsed.why : '').toContain(why);
  });
});
