import { describe, expect, it } from 'vitest';
import { FailedError, UsageError } from '../../../src/cli/command-error.ts';
import { newBeaconsOf, readBeacons, relaysOf } from '../../../src/cli/serve/named-beacons.ts';
import { openBeaconClient } from '../../../src/cli/serve/open-beacon-client.ts';
import { roundTimeMs } from '../../../src/core/beacon.ts';
import { beaconOfInfo } from '../../../src/core/beacon-info.ts';
import { quicknet, quicknetRelays } from '../../../src/platform/drand-network.ts';
import { BeaconRelay } from '../../beacon-relay.ts';
import { TestBeacon } from '../../core/build-beacon-chain.ts';
import { SetClock } from '../../set-clock.ts';

const times = { GenesisTime: 1_700_000_000, Period: 3 };
const anna = new TestBeacon('anna', times);
const ben = new TestBeacon('ben', times);
const [ofAnna, ofBen] = [beaconOfInfo(anna.info), beaconOfInfo(ben.info)];
const now = '2026-01-01T00:00:00.000Z';
const never = new AbortController().signal;
const open = (beacon: TestBeacon): Promise<BeaconRelay> => BeaconRelay.open(beacon.info, (round) => beacon.sign(round));

/** An address at which nothing listens any more. */
async function closed(): Promise<string> {
  const ends: (() => void | Promise<void>)[] = [];
  const { url } = await BeaconRelay.open(
    anna.info,
    () => undefined,
    (end) => ends.push(end),
  );
  for (const end of ends) await end();
  return url;
}

describe('the beacons that the setting BEACON names', () => {
  it('are asked once what they are, and several addresses of one are its relays', async () => {
    const relays = [await open(anna), await open(ben), await open(anna)];
    const [first, second, third] = relays.map(({ url }) => url);
    const named = await readBeacons([`${first}`, `${second}`, `${third}/${ofAnna.ChainHash}`], never);
    expect(named).toEqual({
      known: [
        { beacon: ofAnna, relays: [first, third] },
        { beacon: ofBen, relays: [second] },
      ],
      silent: [],
    });
    expect(newBeaconsOf(named, now)).toEqual([ofAnna, ofBen]);
    expect(relaysOf([ofBen, ofAnna], named)).toEqual(
      new Map([
        [ofBen.ChainHash, [second]],
        [ofAnna.ChainHash, [first, third]],
      ]),
    );
    expect(relays.map(({ asked }) => asked)).toEqual([['/info'], ['/info'], [`/${ofAnna.ChainHash}/info`]]);
  });

  it('are quicknet, as it is pinned and without asking, for drand', async () => {
    const named = await readBeacons(['drand'], never);
    expect(newBeaconsOf(named, now)).toEqual([quicknet]);
    expect(relaysOf([quicknet], { known: [], silent: [] })).toEqual(new Map([[quicknet.ChainHash, quicknetRelays]]));
  });

  it('are refused where what is there is no beacon', async () => {
    const relay = await open(anna);
    relay.mood = 'failing';
    await expect(readBeacons([relay.url], never)).rejects.toThrow(
      new UsageError(`what is at ${relay.url} is no beacon for a lottery: its /info is answered with the status 500`),
    );
  });

  it('must answer for a new chain, and have names of their own', async () => {
    const url = await closed();
    const named = await readBeacons([url], never);
    expect(() => newBeaconsOf(named, now)).toThrow(FailedError);
    expect(() => newBeaconsOf(named, now)).toThrow(`the beacon at ${url} does not answer: connect ECONNREFUSED`);
    const other = beaconOfInfo(new TestBeacon('anna', { ...times, Period: 4 }).info);
    const twins = [ofAnna, other].map((beacon) => ({ beacon, relays: [] }));
    expect(() => newBeaconsOf({ known: twins, silent: [] }, now)).toThrow('two of the beacons are called anna');
  });

  it('must have a round for a pool that is sealed now', () => {
    const namedWith = (GenesisTime: number) => ({
      known: [{ beacon: { ...ofAnna, GenesisTime }, relays: [] }],
      silent: [],
    });
    const seconds = Date.parse(now) / 1000;
    // Round 1 is at the genesis, and the formula asks for the one behind the first that is not earlier than three seconds from now.
    expect(newBeaconsOf(namedWith(seconds + 5), now)).toHaveLength(1);
    expect(() => newBeaconsOf(namedWith(seconds + 6), now)).toThrow(
      new FailedError(
        'the beacon anna begins only at 2026-01-01T00:00:06.000Z, and the clock of this machine says 2026-01-01T00:00:00.000Z: set the clock, or wait',
      ),
    );
    expect(() => newBeaconsOf(namedWith(Number.MAX_SAFE_INTEGER), now)).toThrow('begins only in the far future');
  });

  it('may be silent for a chain that is there: any of its beacons may be behind the address', async () => {
    const relay = await open(anna);
    const url = await closed();
    const named = await readBeacons([relay.url, url], never);
    expect(relaysOf([ofAnna, ofBen], named)).toEqual(
      new Map([
        [ofAnna.ChainHash, [relay.url, url]],
        [ofBen.ChainHash, [url]],
      ]),
    );
    expect(() => relaysOf([], { known: [], silent: [{ url, why: '' }] })).toThrow(
      `BEACON names ${url}, but the draws of this chain wait for no beacon`,
    );
  });

  it('must be those of the chain, and all of them', () => {
    const known = [{ beacon: ofAnna, relays: ['http://localhost:1'] }];
    expect(() => relaysOf([ofBen], { known, silent: [] })).toThrow(
      new UsageError(
        `BEACON names anna (${ofAnna.ChainHash}), but the draws of this chain wait for ben (${ofBen.ChainHash}): leave it out, or begin a new chain with another --data-dir`,
      ),
    );
    expect(() => relaysOf([ofAnna, ofBen], { known, silent: [] })).toThrow(
      new UsageError(
        `the draws of this chain wait for the beacon ben (${ofBen.ChainHash}), and it was not said where that is asked: give its address, for example --beacon http://localhost:9003`,
      ),
    );
  });
});

describe('the clock of this machine', () => {
  /** Opens a client whose clock is so far after the latest round of its relay. */
  async function openAt(
    elapsedMs: number,
    change: (relay: BeaconRelay) => void = () => {},
  ): Promise<readonly string[]> {
    const relay = await open(anna);
    relay.latest = 1000;
    change(relay);
    const silent: string[] = [];
    await openBeaconClient([ofAnna], {
      clock: new SetClock(Number(roundTimeMs(ofAnna, 1000)) + elapsedMs),
      relays: new Map([[ofAnna.ChainHash, [relay.url]]]),
      stopAsked: never,
      onRelay: () => {},
      onSilent: ({ Name }) => silent.push(Name),
    });
    return silent;
  }

  it('may differ from that of a beacon by three seconds, either way', async () => {
    expect(await openAt(-3000)).toEqual([]);
    expect(await openAt(3000 + 3000)).toEqual([]);
  });

  it('is refused where it is further behind, or ahead, with the cure', async () => {
    await expect(openAt(-3001)).rejects.toThrow(
      new FailedError(
        'the clock of this machine is 4 s behind that of the beacon anna, which has published round 1000 already. Set the clock, for example with: timedatectl set-ntp true',
      ),
    );
    await expect(openAt(6001)).rejects.toThrow(
      'the clock of this machine is 4 s ahead of that of the beacon anna, whose latest round is 1000, or the beacon stands still. Set the clock',
    );
  });

  it('is judged by no relay that has nothing, or lies', async () => {
    const silent = [
      await openAt(-60_000, (relay) => {
        relay.latest = undefined;
      }),
      await openAt(-60_000, (relay) => {
        relay.mood = 'lying';
      }),
    ];
    expect(silent).toEqual([['anna'], ['anna']]);
  });
});
