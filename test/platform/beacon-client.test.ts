import { describe, expect, it } from 'vitest';
import { roundTimeMs } from '../../src/core/beacon.ts';
import { beaconOfInfo } from '../../src/core/beacon-info.ts';
import { drandVerifier } from '../../src/core/drand-signature.ts';
import { BeaconClient, type RelayEvent } from '../../src/platform/beacon-client.ts';
import { quicknet } from '../../src/platform/drand-network.ts';
import { requestJson } from '../../src/platform/json-request.ts';
import { BeaconRelay, type RelayMood, recordedQuicknet } from '../beacon-relay.ts';
import { remembering, TestBeacon } from '../core/build-beacon-chain.ts';
import { SetClock } from '../set-clock.ts';
import { sharedFolder, sharedWord } from '../shared.ts';

const own = new TestBeacon('own', { GenesisTime: 1_700_000_000, Period: 3 });
const { info } = own;
const beacon = beaconOfInfo(info);
const verifyBeacon = remembering(drandVerifier());

/** A client with relays of these moods, at the time of a round. */
async function open(
  moods: readonly RelayMood[],
  signatureOf: (round: number) => string | undefined = (round) => own.sign(round),
): Promise<{ relays: readonly BeaconRelay[]; client: BeaconClient; events: RelayEvent[]; clock: SetClock }> {
  const relays = await Promise.all(moods.map(() => BeaconRelay.open(info, signatureOf)));
  for (const [place, relay] of relays.entries()) relay.mood = moods[place] ?? 'honest';
  const events: RelayEvent[] = [];
  const clock = new SetClock(Number(roundTimeMs(beacon, 1000)));
  const client = new BeaconClient({
    clock,
    ask: requestJson,
    verifyBeacon,
    relays: new Map([[beacon.ChainHash, relays.map(({ url }) => url)]]),
    onRelay: (event) => events.push(event),
  });
  return { relays, client, events, clock };
}

const never = new AbortController().signal;

describe('a client of beacons', () => {
  it('gives the signature of the preferred relay, and asks no other', async () => {
    const { client, relays } = await open(['honest', 'honest']);
    expect(await client.signatureOf(beacon, 5, never)).toBe(own.sign(5));
    expect(relays.map(({ asked }) => asked)).toEqual([[`/${beacon.ChainHash}/public/5`], []]);
  });

  it.each(['silent', 'failing', 'lying', 'slow'] as const)(
    'goes on with the next relay when one is %s',
    async (mood) => {
      const { client, relays, events } = await open([mood, 'honest']);
      expect(await client.signatureOf(beacon, 5, never)).toBe(own.sign(5));
      expect(relays.map(({ asked }) => asked.length)).toEqual([1, 1]);
      expect(events).toEqual(mood === 'lying' ? [{ kind: 'lied', url: relays[0]?.url, beacon: 'own', round: 5 }] : []);
    },
  );

  it('asks a relay that lied never again, and says when none is left', async () => {
    const { client, relays, events } = await open(['lying', 'honest']);
    const [liar, other] = relays;
    await client.signatureOf(beacon, 5, never);
    await client.signatureOf(beacon, 6, never);
    expect(liar?.asked).toHaveLength(1);
    if (other !== undefined) other.mood = 'lying';
    const stopping = new AbortController();
    const waiting = client.signatureOf(beacon, 7, stopping.signal);
    await expect.poll(() => events.map(({ kind }) => kind)).toEqual(['lied', 'lied', 'none left']);
    stopping.abort();
    expect(await waiting).toBeUndefined();
  });

  it('asks again until the round has come, and gives up only when it is stopped', async () => {
    let isThere = false;
    const { client, relays } = await open(['honest'], (round) => (isThere ? own.sign(round) : undefined));
    const waiting = client.signatureOf(beacon, 5, never);
    await relays[0]?.isAsked(2);
    isThere = true;
    expect(await waiting).toBe(own.sign(5));
    isThere = false;
    const stopping = new AbortController();
    const stopped = client.signatureOf(beacon, 6, stopping.signal);
    await relays[0]?.isAsked(4);
    stopping.abort();
    expect(await stopped).toBeUndefined();
  });

  it('does not ask for a round before its time by the clock of this machine', async () => {
    const { client, relays, clock } = await open(['honest']);
    const waiting = client.signatureOf(beacon, 1001, never);
    expect(relays[0]?.asked).toEqual([]);
    clock.wallMs = Number(roundTimeMs(beacon, 1001));
    expect(await waiting).toBe(own.sign(1001));
  });

  it('stops at once while it waits for a round, and while a relay is silent', async () => {
    const { client, relays } = await open(['silent']);
    const stopping = new AbortController();
    const [early, asked] = [
      client.signatureOf(beacon, 2000, stopping.signal),
      client.signatureOf(beacon, 5, stopping.signal),
    ];
    await relays[0]?.isAsked(1);
    stopping.abort();
    expect(await Promise.all([early, asked])).toEqual([undefined, undefined]);
  });

  it.skipIf(sharedFolder === undefined)(`verifies recorded rounds of the public network${sharedWord}`, async () => {
    const { info: published, signatures } = recordedQuicknet();
    expect(published).toMatchObject({
      hash: quicknet.ChainHash,
      public_key: quicknet.PublicKey,
      genesis_time: quicknet.GenesisTime,
      period: quicknet.Period,
    });
    const relay = await BeaconRelay.open(published, (round) => signatures.get(round));
    for (const [round, signature] of [...signatures].slice(0, 3)) {
      const client = new BeaconClient({
        clock: new SetClock(Number(roundTimeMs(quicknet, round))),
        ask: requestJson,
        verifyBeacon,
        relays: new Map([[quicknet.ChainHash, [relay.url]]]),
        onRelay: (event) => expect(event).toBeUndefined(),
      });
      expect(await client.signatureOf(quicknet, round, never)).toBe(signature);
    }
  });
});
