import { describe, expect, it } from 'vitest';
import { latestRoundAt, roundTimeMs } from '../../src/core/beacon.ts';
import {
  beaconChainHash,
  beaconOfInfo,
  infoOfKey,
  parseBeaconInfo,
  publishedRound,
} from '../../src/core/beacon-info.ts';
import { readSharedText, sharedFolder, sharedWord } from '../shared.ts';
import { TestBeacon } from './build-beacon-chain.ts';

const times = { GenesisTime: 1_700_000_000, Period: 3 };
const { PublicKey } = new TestBeacon('own', times).beacon;
const info = infoOfKey(PublicKey, { Name: 'anna', ...times });

describe.skipIf(sharedFolder === undefined)(`${sharedWord}drand's quicknet`, () => {
  const { chain_info, rounds } =
    sharedFolder === undefined
      ? { chain_info: {}, rounds: [] }
      : JSON.parse(readSharedText('vectors/drand-quicknet.json'));

  it('is named by the hash of what it says of itself', () => {
    expect(beaconChainHash(chain_info)).toBe('52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971');
    expect(parseBeaconInfo(chain_info)).toEqual({ value: chain_info });
    expect(beaconOfInfo(chain_info)).toMatchObject({ Name: 'quicknet', Period: 3, GenesisTime: 1_692_803_367 });
  });

  it('has the randomness that was recorded with each round', () => {
    for (const { round, signature, randomness } of rounds)
      expect(publishedRound(round, signature)).toEqual({ round, randomness, signature });
  });
});

describe('what a beacon says of itself', () => {
  it('is read in any order, and with other keys beside it', () => {
    const shuffled = Object.fromEntries([...Object.entries(info)].reverse());
    expect(parseBeaconInfo({ ...shuffled, extra: 1 })).toEqual({ value: info });
    expect(beaconOfInfo(info)).toEqual({ Name: 'anna', ChainHash: info.hash, PublicKey, ...times });
  });

  it('is the chain "default" where no name is there, and that name is not hashed', () => {
    const { hash } = infoOfKey(PublicKey, { Name: 'default', ...times });
    const { metadata: _, ...nameless } = info;
    expect(parseBeaconInfo({ ...nameless, hash })).toMatchObject({ value: { metadata: { beaconID: 'default' } } });
    expect(beaconChainHash({ ...info, metadata: { beaconID: '' } })).toBe(hash);
  });

  it.each([
    ['no object', 'hello', 'its /info is no JSON object'],
    ['a list', [], 'its /info is no JSON object'],
    ['another scheme', { ...info, schemeID: 'pedersen\u001b' }, 'its schemeID is "pedersen\\x1b", but only'],
    ['no scheme', { ...info, schemeID: undefined }, 'its schemeID is missing'],
    ['a key of 95 bytes', { ...info, public_key: PublicKey.slice(2) }, 'its public_key must be 192'],
    ['a period of 0', { ...info, period: 0 }, 'its period must be a whole number from 1'],
    ['a period beyond four bytes', { ...info, period: 2 ** 32 }, 'its period must be a whole number from 1'],
    ['half a second', { ...info, genesis_time: 0.5 }, 'its genesis_time must be a whole number'],
    ['a short group', { ...info, groupHash: 'ab' }, 'its groupHash must be 64'],
    ['a long name', { ...info, metadata: { beaconID: 'a'.repeat(33) } }, 'its metadata.beaconID must be 1 to 32'],
    ['another period than it hashes', { ...info, period: 4 }, `its hash is "${info.hash.slice(0, 32)}`],
    [
      'another name than it hashes',
      { ...info, metadata: { beaconID: 'ben' } },
      `its hash is "${info.hash.slice(0, 32)}`,
    ],
  ])('is refused with %s', (_, json, why) => {
    const parsed = parseBeaconInfo(json);
    expect('why' in parsed ? parsed.why : '').toContain(why);
  });
});

describe('the newest round', () => {
  it('is none before the beacon begins, and each from its very millisecond on', () => {
    expect(latestRoundAt(times, times.GenesisTime * 1000 - 1)).toBe(0);
    for (const round of [1, 2, 1000]) {
      const atMs = Number(roundTimeMs(beaconOfInfo(info), round));
      expect([latestRoundAt(times, atMs - 1), latestRoundAt(times, atMs)]).toEqual([round - 1, round]);
    }
  });
});
