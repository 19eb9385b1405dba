import { describe, expect, it } from 'vitest';
import { inTurns } from '../../src/base/run-to-end.ts';
import type { BlockBody } from '../../src/consensus/consensus.ts';
import { ChainVerifier, type Fault, findFault } from '../../src/consensus/verifier.ts';
import type { BeaconRound, Draw, DrawnBlock } from '../../src/core/block.ts';
import { buildGenesis, signedBlock } from '../../src/core/build-block.ts';
import { drandVerifier } from '../../src/core/drand-signature.ts';
import { signerOf } from '../../src/platform/ed25519.ts';
import { buildBeaconChain, remembering, sealOf, TestBeacon } from '../core/build-beacon-chain.ts';
import { authority, buildChain, candidatesWith, hexOf, verifySignature } from '../core/build-chain.ts';
import { buildInstantChain, buildWorkChain } from '../core/build-kinds.ts';

const verifyBeacon = remembering(drandVerifier());
/** 2026-01-01T00:00:00.000Z in seconds of Unix time. */
const newYear = 1_767_225_600;
const fast = new TestBeacon('fast', { GenesisTime: newYear, Period: 3 });
const slow = new TestBeacon('slow', { GenesisTime: newYear - 5, Period: 10 });
const { genesis, blocks, bodies } = buildBeaconChain(
  [candidatesWith([3n, 4n]), candidatesWith([5n]), candidatesWith([1n, 1n, 1n])],
  [fast, slow],
);

function blockAt(index: number): DrawnBlock {
  const block = blocks[index - 1];
  if (block === undefined) throw new Error(`no block ${index}`);
  return block;
}

/** Block 2 with another draw or time, as the authority itself could make it. */
function forged(draw: Partial<Draw>, Timestamp = blockAt(2).Timestamp): DrawnBlock {
  const { Hash, Signature, ...content } = blockAt(2);
  return signedBlock({ ...content, Timestamp, Draw: { ...content.Draw, ...draw } }, genesis.Hash, authority);
}

/** The fault of such a block 2, with what lies beside it. */
function faultOf(block: DrawnBlock, body?: BlockBody): Fault | undefined {
  const verifier = new ChainVerifier(verifySignature, { verifyBeacon });
  verifier.next(genesis);
  verifier.next(blockAt(1));
  const checked = verifier.next(block, body);
  return 'fault' in checked ? checked.fault : undefined;
}

function later(timestamp: string, milliseconds: number): string {
  return new Date(Date.parse(timestamp) + milliseconds).toISOString();
}

/** The rounds of block 2, those that are given changed. */
function rounds(change: { readonly fast?: Partial<BeaconRound>; readonly slow?: Partial<BeaconRound> }): Partial<Draw> {
  const [first, second] = blockAt(2).Draw.Beacons ?? [];
  if (first === undefined || second === undefined) throw new Error('no rounds');
  return {
    Beacons: [
      { ...first, ...change.fast },
      { ...second, ...change.slow },
    ],
  };
}

describe('a chain whose draws wait for beacons', () => {
  it('holds, alone and with its pools and seals', () => {
    expect(findFault([genesis, ...blocks], verifySignature, verifyBeacon)).toBeUndefined();
    const verifier = new ChainVerifier(verifySignature, { verifyBeacon });
    verifier.next(genesis);
    for (const [place, block] of blocks.entries())
      expect(verifier.nextText(JSON.stringify(block), bodies[place])).toMatchObject({ tip: { index: place + 1 } });
  });

  it('is never said to hold where the signatures cannot be verified', () => {
    expect(findFault([genesis, ...blocks], verifySignature)).toMatchObject({ index: 1, rule: 'beacon' });
    expect(findFault([genesis], verifySignature)).toBeUndefined();
  });

  it('holds from the seal onwards, whenever the block was made after its rounds', () => {
    const { Timestamp } = blockAt(2);
    expect(faultOf(forged({}, later(Timestamp, 1)))).toBeUndefined();
    expect(faultOf(forged({}, later(Timestamp, 86_400_000)))).toBeUndefined();
  });

  it('is verified in turns that others may have between', async () => {
    const verifier = new ChainVerifier(verifySignature, { verifyBeacon: drandVerifier() });
    verifier.next(genesis);
    let turns = 0;
    const clock = {
      isTurnOver: () => true,
      yieldToEventLoop: async () => {
        turns += 1;
      },
    };
    expect(await inTurns(clock, verifier.nextInSteps(blockAt(1)))).toMatchObject({ tip: { index: 1 } });
    expect(turns).toBeGreaterThan(4);
  });
});

describe('the rule beacon', () => {
  const { Sealed = '', Beacons: [fastRound, slowRound] = [] } = blockAt(2).Draw;
  if (fastRound === undefined || slowRound === undefined) throw new Error('no rounds');

  it.each<readonly [what: string, block: DrawnBlock, why: string]>([
    [
      'Sealed is before the block before',
      forged({ Sealed: later(blockAt(1).Timestamp, -1) }),
      'Sealed is earlier than the Timestamp of block 1',
    ],
    [
      'Sealed belongs to a later round',
      forged({ Sealed: later(Sealed, 1) }),
      `Round of the beacon fast should be ${fastRound.Round + 1}`,
    ],
    [
      'a round is one later, with its signature',
      forged(rounds({ fast: { Round: fastRound.Round + 1, Signature: fast.sign(fastRound.Round + 1) } })),
      `Round of the beacon fast should be ${fastRound.Round}`,
    ],
    [
      'a round is one earlier, with its signature',
      forged(rounds({ slow: { Round: slowRound.Round - 1, Signature: slow.sign(slowRound.Round - 1) } })),
      `Round of the beacon slow should be ${slowRound.Round}`,
    ],
    [
      'a signature is that of the next round',
      forged(rounds({ fast: { Signature: fast.sign(fastRound.Round + 1) } })),
      `the Signature of round ${fastRound.Round} is not that of the beacon fast`,
    ],
    [
      'the signatures are exchanged',
      forged(rounds({ fast: { Signature: slowRound.Signature }, slow: { Signature: fastRound.Signature } })),
      `the Signature of round ${fastRound.Round} is not that of the beacon fast`,
    ],
    [
      'only the last signature is wrong',
      forged(rounds({ slow: { Signature: `c0${'00'.repeat(47)}` } })),
      `the Signature of round ${slowRound.Round} is not that of the beacon slow`,
    ],
    [
      'the block is older than the later of its rounds',
      forged({}, later(blockAt(2).Timestamp, -1)),
      `Timestamp is before round ${slowRound.Round} of the beacon slow was published`,
    ],
  ])('is broken where %s', (_, block, why) => {
    expect(faultOf(block)).toEqual({ index: 2, rule: 'beacon', why });
  });

  it('is broken where the pool was sealed before a first round of its beacon', () => {
    const young = new TestBeacon('young', { GenesisTime: newYear + 60, Period: 3 });
    const chain = buildBeaconChain([candidatesWith([1n])], [young]);
    const [first] = chain.blocks;
    expect(findFault([chain.genesis, first], verifySignature, verifyBeacon)).toBeUndefined();
    const { GenesisTime } = young.beacon;
    const later = { ...chain.genesis.Genesis, Beacons: [{ ...young.beacon, GenesisTime: GenesisTime + 6 }] };
    const other = buildGenesis(chain.genesis.Timestamp, later);
    if (first === undefined) throw new Error('no block');
    const { Hash, Signature, ...content } = first;
    const block = signedBlock({ ...content, PrevHash: other.Hash }, other.Hash, authority);
    expect(findFault([other, block], verifySignature, verifyBeacon)).toMatchObject({
      rule: 'beacon',
      why: `the beacon young has no round for a pool that was sealed at ${first.Draw.Sealed}`,
    });
  });

  const { Seal } = bodies[1] ?? { Seal: '' };
  const stranger = signerOf(Buffer.from(hexOf('stranger'), 'hex'));
  it.each<readonly [what: string, seal: unknown]>([
    ['that of another pool', bodies[0]?.Seal],
    ['signed by another key', stranger.sign(Seal)],
    ['of another time', sealOf(genesis, forged({ Sealed: later(Sealed, 1) }))],
    ['no signature', 'a'.repeat(127)],
    ['no text', 1],
    ['null', null],
  ])('is broken where the seal beside the block is %s', (_, wrong) => {
    expect(faultOf(blockAt(2), { Seal: wrong })).toMatchObject({ index: 2, rule: 'beacon' });
    expect(faultOf(blockAt(2), { Seal })).toBeUndefined();
  });

  it('comes behind the link and before the ticket', () => {
    const wrong = { ...rounds({ fast: { Signature: slowRound.Signature } }), Ticket: '99' };
    expect(faultOf(forged({ ...wrong, Reveal: hexOf('other') }))?.rule).toBe('link');
    expect(faultOf(forged(wrong))?.rule).toBe('beacon');
    expect(faultOf(forged({ Ticket: '99' }))?.rule).toBe('ticket');
  });

  it.each([
    ['a lottery without beacons', buildChain([candidatesWith([1n])], 4)],
    ['a chain of work', buildWorkChain([1], 16n, 1000)],
    ['an instant chain', buildInstantChain([72])],
  ])('is broken by a seal beside a block of %s', (_, [first, second]) => {
    const verifier = new ChainVerifier(verifySignature);
    expect(verifier.check(first, { Seal })).toMatchObject({ fault: { index: 0, rule: 'beacon' } });
    verifier.next(first);
    expect(verifier.check(second, { Seal })).toMatchObject({ fault: { index: 1, rule: 'beacon' } });
    expect(verifier.check(second)).toMatchObject({ tip: { index: 1 } });
  });
});
