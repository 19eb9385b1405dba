import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import type { BlockBody, Rule } from '../../src/consensus/consensus.ts';
import {
  type BodyBeside,
  ChainVerifier,
  type Fault,
  findFault,
  tipAfter,
  tipOfGenesis,
} from '../../src/consensus/verifier.ts';
import { type DrawnBlock, isDrawn, isGenesis } from '../../src/core/block.ts';
import type { DrawnContent } from '../../src/core/block-hash.ts';
import { signedBlock } from '../../src/core/build-block.ts';
import type { Candidate } from '../../src/core/pool.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { signerOf } from '../../src/platform/ed25519.ts';
import { authority, buildChain, candidatesWith, frozen, hexOf, verifySignature } from '../core/build-chain.ts';
import { cases } from '../effort.ts';

const stakes = [[9n], [5n, 7n, 11n], [1n, 1n], [10n ** 15n, 3n, 4n, 5n, 6n], [2n, 2n, 2n], [8n, 1n, 1n, 1n]];
const pools = stakes.map(candidatesWith);

/** A chain of six draws, whose chains of secrets have three links. */
const chain = buildChain(pools, 3);

function drawnAt(index: number): DrawnBlock {
  const block = chain[index];
  if (block === undefined || !isDrawn(block)) throw new Error(`block ${index} is not a drawn one`);
  return block;
}

/** The chain with another block in one place. */
function withBlock(index: number, block: unknown): readonly unknown[] {
  return chain.map((other, place) => (place === index ? block : other));
}

const chainId = chain[0]?.Hash ?? '';

/** The block as the authority itself would change it, which can make hash and signature right again. */
function rehashed(block: DrawnBlock, changes: Partial<DrawnBlock>): DrawnBlock {
  return signedBlock(contentOf({ ...block, ...changes }), chainId, authority);
}

function redrawn(block: DrawnBlock, changes: Partial<DrawnBlock['Draw']>): DrawnBlock {
  return rehashed(block, { Draw: { ...block.Draw, ...changes } });
}

function faultOf(json: readonly unknown[]): Pick<Fault, 'index' | 'rule'> | undefined {
  const fault = findFault(json, verifySignature);
  return fault === undefined ? undefined : { index: fault.index, rule: fault.rule };
}

/** Every place in a JSON value that holds a string or a number, as the keys that lead there. */
function* leafPaths(json: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof json !== 'object' || json === null) yield path;
  else for (const [key, value] of Object.entries(json)) yield* leafPaths(value, [...path, key]);
}

/** A copy of a JSON value with `change` applied at a path. */
function changedAt(json: unknown, path: readonly string[], change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(json);
  if (Array.isArray(json))
    return json.map((value, place) => (String(place) === key ? changedAt(value, rest, change) : value));
  const entries = Object.entries(json ?? {});
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name === key ? changedAt(value, rest, change) : value]),
  );
}

/** Something else of the same kind: the nearest to the truth that is still false. */
function other(value: unknown): unknown {
  if (value === '') return hexOf('other');
  if (value === 'lottery') return 'lotteries';
  if (value === 'left') return 'right';
  if (value === 'right') return 'left';
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string') return 0;
  if (/^\d+$/.test(value)) return String(BigInt(value) + 1n);
  const last = value.at(-1);
  if (/^(?:[0-9a-f]{64}|[0-9a-f]{128})$/.test(value)) return value.slice(0, -1) + (last === '0' ? '1' : '0');
  return value.replace(/\d(?=Z$)/, (digit) => (digit === '9' ? '8' : '9'));
}

/** What lies beside the block that was drawn from a pool. */
function bodyOf(pool: readonly Candidate[]): BlockBody {
  return {
    Candidates: pool.map(({ validator, stake, payload }) => ({
      Validator: validator,
      Stake: String(stake),
      BPM: payload,
    })),
  };
}

it('a block that holds makes the tip that it says', () => {
  const [genesis, ...blocks] = chain;
  if (genesis === undefined || !isGenesis(genesis)) throw new Error('no genesis');
  const verifier = new ChainVerifier(verifySignature);
  let tip = tipOfGenesis(genesis);
  expect(verifier.next(genesis)).toEqual({ block: genesis, tip });
  for (const block of blocks.filter(isDrawn)) {
    expect(verifier.next(block)).toEqual({ block, tip: tipAfter(tip, block) });
    tip = tipAfter(tip, block);
    expect(tip).toMatchObject({ index: block.Index, seal: { link: block.NextCommitment ?? block.Draw.Reveal } });
  }
});

describe('a chain that holds', () => {
  it('has no fault, whole or up to any of its blocks', () => {
    for (let length = 1; length <= chain.length; length++)
      expect(findFault(chain.slice(0, length), verifySignature)).toBeUndefined();
  });

  it('holds after a journey through JSON text', () => {
    expect(findFault(JSON.parse(JSON.stringify(chain)), verifySignature)).toBeUndefined();
  });

  it('may have several blocks of the same moment', () => {
    const last = chain.length - 1;
    const block = rehashed(drawnAt(last), { Timestamp: drawnAt(last - 1).Timestamp });
    expect(findFault(withBlock(last, block), verifySignature)).toBeUndefined();
  });
});

describe('any single change of any block', () => {
  const places = chain.flatMap((block, index) => [...leafPaths(block)].map((path) => ({ index, path })));

  it.each(places.map(({ index, path }) => [`${path.join('.')} of block ${index}`, index, path] as const))(
    'is found: %s',
    (_, index, path) => {
      const block = changedAt(chain[index], path, other);
      expect(block).not.toEqual(chain[index]);
      expect(findFault(withBlock(index, block), verifySignature)?.index).toBe(index);
    },
  );

  it('is found, whatever stands there instead, and is said to be of that block', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), ({ index, path }, json) => {
        const block = changedAt(chain[index], path, () => json);
        fc.pre(JSON.stringify(block) !== JSON.stringify(chain[index]));
        expect(findFault(withBlock(index, block), verifySignature)?.index).toBe(index);
      }),
      { numRuns: cases(200) },
    );
  });

  it('is found when a key is missing, one too many, or in another place', () => {
    for (const [index, block] of chain.entries()) {
      const entries = Object.entries(block);
      for (const [place, [key]] of entries.entries()) {
        // Without a NextCommitment a block still has its form, but no longer its hash.
        const rule = key === 'NextCommitment' ? 'hash' : 'form';
        expect(faultOf(withBlock(index, Object.fromEntries(entries.toSpliced(place, 1))))).toEqual({ index, rule });
      }
      expect(faultOf(withBlock(index, { ...block, Extra: 1 }))).toEqual({ index, rule: 'form' });
      expect(faultOf(withBlock(index, Object.fromEntries(entries.toReversed())))).toEqual({ index, rule: 'form' });
    }
  });

  it('is found when blocks are left out, doubled, or change places', () => {
    for (const [index, block] of chain.entries()) {
      if (index === 0 || index === chain.length - 1) continue;
      expect(faultOf(chain.toSpliced(index, 1))).toEqual({ index, rule: 'index' });
      expect(faultOf(chain.toSpliced(index, 0, block))).toEqual({ index: index + 1, rule: 'index' });
    }
    expect(faultOf(chain.slice(1))).toEqual({ index: 0, rule: 'form' });
    expect(faultOf([])).toEqual({ index: 0, rule: 'form' });
  });

  it('never makes the verifier throw', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 3 }), fc.nat({ max: 6 }), (tail, length) => {
        const fault = findFault([...chain.slice(0, length), ...tail], verifySignature);
        expect(fault === undefined || fault.why.length > 0).toBe(true);
      }),
    );
    const huge = changedAt(chain[2], ['Draw', 'TotalStake'], () => '9'.repeat(100_000));
    expect(faultOf(withBlock(2, huge))).toEqual({ index: 2, rule: 'form' });
  });
});

/** All that a block says, without what proves it. */
function contentOf({ Hash, Signature, ...content }: DrawnBlock): DrawnContent {
  return content;
}

const stranger = signerOf(Buffer.from(hexOf('stranger'), 'hex'));

describe('a change by somebody who makes hash and signature right again', () => {
  const second = drawnAt(2);
  const third = drawnAt(3);
  const last = drawnAt(6);
  const [step] = second.Draw.Path;
  if (step === undefined) throw new Error('block 2 needs a path');

  const cases: readonly (readonly [string, Rule, number, unknown])[] = [
    ['an Index that skips one', 'index', 2, rehashed(second, { Index: 3 })],
    ['another PrevHash', 'prev-hash', 2, rehashed(second, { PrevHash: hexOf('other') })],
    ['a Hash that is not the one of its fields', 'hash', 2, { ...second, BPM: second.BPM + 1 }],
    ['the Signature of another block', 'signature', 2, { ...second, Signature: third.Signature }],
    [
      'the Signature of another chain',
      'signature',
      2,
      signedBlock(contentOf(second), hexOf('another chain'), authority),
    ],
    ['a Signature by another key', 'signature', 2, signedBlock(contentOf(second), chainId, stranger)],
    ['another Reveal', 'link', 2, redrawn(second, { Reveal: hexOf('other') })],
    ['the Reveal of another block', 'link', 2, redrawn(second, { Reveal: third.Draw.Reveal })],
    ['another Ticket', 'ticket', 2, redrawn(second, { Ticket: String(BigInt(second.Draw.Ticket) + 1n) })],
    ['another TotalStake', 'ticket', 2, redrawn(second, { TotalStake: String(BigInt(second.Draw.TotalStake) * 7n) })],
    ['a winner who was not drawn', 'path', 2, rehashed(second, { Validator: hexOf('other') })],
    ['another BPM', 'path', 2, rehashed(second, { BPM: second.BPM + 1 })],
    ['a larger stake of the winner', 'path', 2, redrawn(second, { Stake: String(BigInt(second.Draw.Stake) + 1n) })],
    ['another PoolRoot', 'path', 2, redrawn(second, { PoolRoot: hexOf('other') })],
    ['another PoolSize', 'path', 2, redrawn(second, { PoolSize: 1 })],
    ['a Path that is too short', 'path', 2, redrawn(second, { Path: second.Draw.Path.slice(1) })],
    ['a Path that is too long', 'path', 2, redrawn(second, { Path: [...second.Draw.Path, step] })],
    [
      'a Path with another sum',
      'path',
      2,
      redrawn(second, { Path: [{ ...step, Stake: '8' }, ...second.Draw.Path.slice(1)] }),
    ],
    [
      'a time before that of the block before',
      'timestamp',
      2,
      rehashed(second, { Timestamp: '2026-01-01T00:00:59.999Z' }),
    ],
    ['a NextCommitment that is not due', 'next-commitment', 2, rehashed(second, { NextCommitment: hexOf('next') })],
  ];

  it.each(cases)('is found: %s', (_, rule, index, block) => {
    expect(faultOf(withBlock(index, block))).toEqual({ index, rule });
  });

  it('is found where a NextCommitment is missing', () => {
    const { NextCommitment, ...rest } = contentOf(third);
    expect(NextCommitment).toBeDefined();
    expect(faultOf(withBlock(3, signedBlock(rest, chainId, authority)))).toEqual({ index: 3, rule: 'next-commitment' });
  });

  it('is found in the next block when it is another NextCommitment', () => {
    const block = rehashed(third, { NextCommitment: hexOf('other') });
    const next = rehashed(drawnAt(4), { PrevHash: block.Hash });
    expect(faultOf([...chain.slice(0, 3), block, next])).toEqual({ index: 4, rule: 'link' });
    expect(faultOf([...chain.slice(0, 3), block])).toBeUndefined();
  });

  it('is found when the loser of the draw takes the place of the winner with a path of their own', () => {
    const pool = frozen(pools[5] ?? []);
    const tree = runToEnd(SumTree.grow(pool.leaves));
    const place = pool.candidates.findIndex(({ validator }) => validator !== last.Validator);
    const loser = pool.candidates[place];
    if (loser === undefined) throw new Error('nobody lost');
    const block = rehashed(last, {
      Validator: loser.validator,
      BPM: loser.payload,
      Draw: { ...last.Draw, Stake: String(loser.stake), Path: tree.inclusionProof(place) },
    });
    expect(faultOf(withBlock(6, block))).toEqual({ index: 6, rule: 'winner' });
  });

  it('is found in the block after it at the latest', () => {
    const block = rehashed(second, { Timestamp: '2026-01-01T00:02:00.001Z' });
    expect(faultOf(withBlock(2, block))).toEqual({ index: 3, rule: 'prev-hash' });
  });
});

describe('a time', () => {
  const first = drawnAt(1);
  const isGood = (timestamp: string): boolean => {
    const fault = findFault([chain[0], rehashed(first, { Timestamp: timestamp })], verifySignature);
    return fault?.rule !== 'form';
  };

  it.each([
    '2026-01-31T23:59:59.999Z',
    '2028-02-29T00:00:00.000Z',
    '2000-02-29T00:00:00.000Z',
    '2026-12-31T00:00:00.000Z',
  ])('may be %s', (timestamp) => {
    expect(isGood(timestamp)).toBe(true);
  });

  it.each([
    '2026-02-29T00:00:00.000Z',
    '2100-02-29T00:00:00.000Z',
    '2026-04-31T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-00-01T00:00:00.000Z',
    '2026-01-00T00:00:00.000Z',
    '2026-01-01T24:00:00.000Z',
    '2026-01-01T00:60:00.000Z',
    '2026-01-01T00:00:60.000Z',
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.000+00:00',
    '2026-01-01 00:00:00.000Z',
    '',
  ])('may not be %j', (timestamp) => {
    expect(isGood(timestamp)).toBe(false);
  });
});

describe('a verifier', () => {
  it('stays where it is at a block that does not hold, and goes on with one that does', () => {
    const verifier = new ChainVerifier(verifySignature);
    expect(verifier.next(chain[1])).toMatchObject({ fault: { index: 0, rule: 'form' } });
    expect(verifier.tip).toBeUndefined();
    expect(verifier.next(chain[0])).toMatchObject({ tip: { index: 0, hash: chainId, chainId } });
    expect(verifier.next(chain[0])).toMatchObject({ fault: { index: 1, rule: 'form' } });
    expect(verifier.next(chain[1])).toMatchObject({ tip: { index: 1, hash: chain[1]?.Hash } });
    expect(verifier.tip).toMatchObject({ index: 1, seal: { link: drawnAt(1).Draw.Reveal } });
  });

  it('can begin at any tip that somebody vouches for', () => {
    const first = new ChainVerifier(verifySignature);
    for (const block of chain.slice(0, 3)) first.next(block);
    expect(new ChainVerifier(verifySignature, { tip: first.tip }).next(chain[3])).toMatchObject({ tip: { index: 3 } });
  });

  it('says of the pool beside a block that the path does not lead to it, before it looks at who won', () => {
    const beside = frozen(pools[5] ?? []).candidates;
    const body = bodyOf(beside);
    const without = bodyOf(beside.slice(1));
    const check = (block: unknown, body: BodyBeside) => {
      const verifier = new ChainVerifier(verifySignature);
      for (const before of chain.slice(0, 6)) verifier.next(before);
      const checked = verifier.next(block, body);
      return 'fault' in checked ? checked.fault.rule : 'holds';
    };
    expect(check(chain[6], body)).toBe('holds');
    expect(check(chain[6], without)).toBe('path');
    expect(check(chain[6], { why: 'it cannot be read' })).toBe('path');
    const loser = beside.findIndex(({ validator }) => validator !== drawnAt(6).Validator);
    const { validator = '', stake = 0n, payload = 0 } = beside[loser] ?? {};
    const tree = runToEnd(SumTree.grow(frozen(beside).leaves));
    const Draw = { ...drawnAt(6).Draw, Stake: String(stake), Path: tree.inclusionProof(loser) };
    const stolen = rehashed(drawnAt(6), { Validator: validator, BPM: payload, Draw });
    expect(check(stolen, {})).toBe('winner');
    expect(check(stolen, body)).toBe('winner');
    expect(check(stolen, without)).toBe('path');
  });

  it('finds a pool beside a genesis, which was drawn from nobody', () => {
    const check = (pool: readonly Candidate[]) => new ChainVerifier(verifySignature).next(chain[0], bodyOf(pool));
    expect(check([])).toMatchObject({ tip: { index: 0 } });
    expect(check(pools[0] ?? [])).toMatchObject({ fault: { index: 0, rule: 'path' } });
  });
});
