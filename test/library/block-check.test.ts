import { describe, expect, it } from 'vitest';
import { limits } from '../../src/base/limits.ts';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { authorityText } from '../../src/core/block-hash.ts';
import {
  type BlockEvidence,
  type BlockFault,
  beaconVerifierOf,
  findBlockFault,
  withRecomputedHash,
} from '../../src/library/block-check.ts';
import { signerOf } from '../../src/platform/ed25519.ts';
import { explainBlock } from '../../src/web/block-steps.ts';
import { checkChain } from '../../src/web/chain-check.ts';
import { drawSteps } from '../../src/web/draw-steps.ts';
import { replaceField } from '../../src/web/tampering.ts';
import { buildBeaconChain, TestBeacon } from '../core/build-beacon-chain.ts';
import { candidatesWith } from '../core/build-chain.ts';
import { readChain, readDrawn, readExample } from '../core/example.ts';

const { chain, pools, secrets } = readExample();

function evidenceOf(index: number): BlockEvidence {
  return { index, genesis: chain[0], previous: chain[index - 1], block: chain[index], pool: pools[index - 1] };
}

/** The same with one value of the block changed. */
function changed(index: number, path: readonly (string | number)[], value: unknown): BlockEvidence {
  const evidence = evidenceOf(index);
  return { ...evidence, block: replaceField(evidence.block, path, value) };
}

/** Changed, and sealed again by a cheat who can compute hashes. */
function sealed(index: number, path: readonly (string | number)[], value: unknown): BlockEvidence {
  const evidence = changed(index, path, value);
  return { ...evidence, block: withRecomputedHash(evidence.block, index) };
}

/** Changed by the authority itself, which has the key. */
function signed(index: number, path: readonly (string | number)[], value: unknown): BlockEvidence {
  return signedAgain(sealed(index, path, value));
}

const signer = signerOf(Buffer.from(secrets.authority, 'hex'));

function signedAgain(evidence: BlockEvidence): BlockEvidence {
  const block = withRecomputedHash(evidence.block, evidence.index);
  if (block === undefined) throw new Error('not even a block');
  const chainId = readChain(chain)[0]?.Hash ?? '';
  return { ...evidence, block: { ...block, Signature: signer.sign(authorityText(chainId, block.Index, block.Hash)) } };
}

/** A commitment to a chain of secrets that the cheat knows, before it is due. */
function withCommitment(index: number): BlockEvidence {
  const evidence = evidenceOf(index);
  const [block] = readDrawn([chain[0], evidence.block]);
  if (block === undefined) throw new Error('not a drawn block');
  const { Signature, ...content } = block;
  return signedAgain({ ...evidence, block: { ...content, NextCommitment: 'a'.repeat(64), Signature } });
}

/** The first rule that a block breaks. */
function faultOf(...checked: Parameters<typeof findBlockFault>): BlockFault | undefined {
  return runToEnd(findBlockFault(...checked));
}

describe('the check of a draw', () => {
  it('finds that every draw of the worked chain holds, and its genesis', () => {
    for (let index = 1; index < chain.length; index++) expect(faultOf(evidenceOf(index))).toBeUndefined();
    const genesis = { index: 0, genesis: chain[0], previous: undefined, block: chain[0], pool: undefined };
    expect(faultOf(genesis)).toBeUndefined();
    expect(faultOf({ ...genesis, block: replaceField(chain[0], ['Genesis', 'Consensus', 'Links'], 7) })?.rule).toBe(
      'hash',
    );
  });

  it.each([
    ['form', changed(2, ['Validator'], 'me')],
    ['index', changed(2, ['Index'], 3)],
    ['prev-hash', changed(2, ['PrevHash'], 'a'.repeat(64))],
    ['hash', changed(2, ['BPM'], 1)],
    ['signature', sealed(2, ['BPM'], 1)],
    ['signature', changed(1, ['Signature'], readDrawn(chain)[1]?.Signature)],
    ['link', signed(2, ['Draw', 'Reveal'], 'a'.repeat(64))],
    ['ticket', signed(2, ['Draw', 'Ticket'], '1')],
    ['path', signed(1, ['Validator'], 'a'.repeat(64))],
    ['path', signed(1, ['Draw', 'Stake'], '51')],
    ['timestamp', signed(2, ['Timestamp'], '2000-01-01T00:00:00.000Z')],
    ['next-commitment', withCommitment(1)],
    ['path', { ...evidenceOf(1), pool: pools[1] }],
    ['path', { ...evidenceOf(1), pool: [...(pools[0] ?? [])].reverse() }],
    ['path', { ...evidenceOf(1), pool: replaceField(pools[0], [0, 'Stake'], '101') }],
    ['path', { ...evidenceOf(1), pool: replaceField(pools[0], [0, 'Stake'], 'many') }],
    ['path', { ...evidenceOf(1), pool: 'none' }],
  ])('finds what breaks the rule %s', (rule, evidence) => {
    expect(faultOf(evidence)).toMatchObject({ index: evidence.index, rule });
  });

  it('says whether it is the pool beside the block that breaks the rule, or the path in it', () => {
    expect(faultOf({ ...evidenceOf(1), pool: pools[1] })).toMatchObject({ rule: 'path', isOfPool: true });
    expect(faultOf({ ...signed(1, ['Validator'], 'a'.repeat(64)), pool: pools[1] })).not.toHaveProperty('isOfPool');
  });

  it('explains a total of no tokens, of which no ticket can be drawn', () => {
    const evidence = signed(2, ['Draw', 'TotalStake'], '0');
    expect(faultOf(evidence)).toMatchObject({ index: 2, rule: 'ticket' });
    const steps = explainBlock(evidence, drawSteps);
    expect(steps.find(({ rule }) => rule === 'ticket')?.numbers).toEqual([['tickets', 'none']]);
  });

  it.each(['TotalStake', 'Ticket', 'Stake'])(
    'says that %s is too long where it is, and nothing where it just fits',
    (key) => {
      const why = (length: number): string | undefined => faultOf(changed(2, ['Draw', key], '9'.repeat(length)))?.why;
      expect(why(limits.amountDigitsMax + 1)).toContain(`at most ${limits.amountDigitsMax} decimal digits`);
      expect(why(limits.amountDigitsMax)).not.toContain('decimal digits');
    },
  );

  it('does not trust the genesis or the block before', () => {
    const noGenesis = {
      ...evidenceOf(2),
      genesis: replaceField(chain[0], ['Genesis', 'Consensus', 'Salt'], 'a'.repeat(64)),
    };
    expect(faultOf(noGenesis)).toMatchObject({ index: 0, rule: 'hash' });
    expect(faultOf({ ...evidenceOf(2), previous: {} })).toMatchObject({ index: 1, rule: 'form' });
    expect(faultOf({ ...evidenceOf(2), previous: chain[0] })).toMatchObject({ index: 1, rule: 'form' });
  });

  it('explains every rule, in the order in which they are checked, with the numbers of the worked chain', () => {
    const steps = explainBlock(evidenceOf(1), drawSteps);
    expect(steps.map(({ rule }) => rule)).toEqual(
      'form index prev-hash hash signature link ticket path path winner timestamp next-commitment'.split(' '),
    );
    const attempts = steps.flatMap(({ numbers }) => numbers.filter(([label]) => label.startsWith('attempt')));
    expect(attempts.map(([label]) => label)).toEqual(attempts.map((_, place) => `attempt ${place}`));
    expect(attempts.at(-1)?.[1]).toBe('374: this is the ticket');
    expect(steps.filter(({ isOfPool }) => isOfPool).map(({ rule }) => rule)).toEqual(['path']);
    const ofBlock = steps.filter(({ isOfPool }) => !isOfPool);
    const numbers = new Map(ofBlock.map(({ rule, numbers }) => [rule, numbers.map(([, value]) => value)]));
    expect(numbers.get('winner')).toEqual(['350 to 399', '374']);
    expect(numbers.get('ticket')?.at(-1)).toBe('374');
    for (const rule of ['prev-hash', 'hash'] as const) expect(new Set(numbers.get(rule)?.slice(-2)).size).toBe(1);
    expect(numbers.get('signature')?.[1]).toBe(signer.key);
    expect(numbers.get('link')?.[1]).toBe(numbers.get('link')?.[2]);
    expect(numbers.get('path')?.at(-1)).toBe(numbers.get('path')?.at(-2));
    expect(explainBlock(changed(1, ['Hash'], 'no hash'), drawSteps)).toEqual([]);
    const genesis = { index: 0, genesis: chain[0], previous: undefined, block: chain[0], pool: undefined };
    expect(explainBlock(genesis, drawSteps).map(({ rule }) => rule)).toEqual(['form', 'hash']);
    expect(
      new Set(
        explainBlock(genesis, drawSteps)[1]
          ?.numbers.slice(1)
          .map(([, value]) => value),
      ).size,
    ).toBe(1);
  });
});

describe('the check of a draw that waited for beacons', () => {
  const beacons = [
    new TestBeacon('fast', { GenesisTime: 1_767_225_600, Period: 3 }),
    new TestBeacon('slow', { GenesisTime: 1_767_225_595, Period: 10 }),
  ];
  const { genesis, blocks, bodies } = buildBeaconChain([candidatesWith([3n, 4n]), candidatesWith([5n])], beacons);
  const evidence = { index: 2, genesis, previous: blocks[0], block: blocks[1], pool: bodies[1]?.Candidates };

  it('verifies the rounds, and never says that they hold where it cannot', async () => {
    const verifyBeacon = await beaconVerifierOf(genesis);
    expect(faultOf(evidence, verifyBeacon)).toBeUndefined();
    expect(
      faultOf({ ...evidence, previous: genesis, index: 1, block: blocks[0], pool: undefined }, verifyBeacon),
    ).toBeUndefined();
    expect(faultOf(evidence)).toMatchObject({ index: 2, rule: 'beacon' });
    expect(await beaconVerifierOf(chain[0])).toBeUndefined();
    expect(await beaconVerifierOf('none')).toBeUndefined();
  });

  it('explains the seal, the rounds and how they enter the seed', () => {
    const steps = explainBlock(evidence, drawSteps);
    expect(steps.map(({ rule }) => rule)).toEqual(
      'form index prev-hash hash signature link beacon ticket path path winner timestamp next-commitment'.split(' '),
    );
    const numbers = steps.find(({ rule }) => rule === 'beacon')?.numbers ?? [];
    const { Sealed, Beacons = [] } = blocks[1]?.Draw ?? {};
    expect(numbers[0]?.[1]).toBe(Sealed);
    for (const { Round, Signature } of Beacons)
      expect(numbers.map(([, value]) => value)).toEqual(expect.arrayContaining([String(Round), Signature]));
    const ticket = steps.find(({ rule }) => rule === 'ticket');
    expect(ticket?.title).toBe('The ticket comes from the envelope and the beacons alone');
    expect(ticket?.numbers.at(-2)?.[1]).toBe(`${blocks[1]?.Draw.Ticket}: this is the ticket`);
    const [form] = explainBlock({ ...evidence, index: 0, previous: undefined, block: genesis }, drawSteps);
    expect(form?.numbers.flat()).toEqual(expect.arrayContaining([beacons[0]?.beacon.PublicKey]));
  });

  it('takes the whole chain', async () => {
    const whole = [genesis, ...blocks];
    const fetchBlocks = async (from: number, limit: number) => whole.slice(from, from + limit);
    expect(await checkChain({ fetchBlocks, blocksPerFetch: 1, progress: () => undefined })).toEqual({
      blocks: 3,
      fault: undefined,
    });
  });
});

describe('the check of the chain', () => {
  const check = async (
    blocks: readonly unknown[],
    blocksPerFetch = 2,
  ): Promise<[number, unknown, readonly number[]]> => {
    const steps: number[] = [];
    const verdict = await checkChain({
      fetchBlocks: async (from, limit) => blocks.slice(from, from + limit),
      blocksPerFetch,
      progress: (done) => steps.push(done),
    });
    return [verdict.blocks, verdict.fault, steps];
  };

  it('takes every block, batch by batch', async () => {
    expect(await check(chain)).toEqual([5, undefined, [2, 4, 5]]);
    expect(await check(chain, chain.length)).toEqual([5, undefined, [5, 5]]);
  });

  it('stops at the first fault', async () => {
    const [blocks, fault] = await check(replacedBlock(3, ['Draw', 'Ticket'], '0'));
    expect([blocks, fault]).toMatchObject([3, { index: 3, rule: 'hash' }]);
    expect((await check([]))[1]).toMatchObject({ index: 0, rule: 'form' });
  });

  function replacedBlock(index: number, path: readonly string[], value: unknown): readonly unknown[] {
    return chain.map((block, place) => (place === index ? replaceField(block, path, value) : block));
  }
});
