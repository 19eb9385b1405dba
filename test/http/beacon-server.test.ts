import { describe, expect, it, onTestFinished } from 'vitest';
import { roundTimeMs } from '../../src/core/beacon.ts';
import { beaconOfInfo, infoOfKey, publishedRound } from '../../src/core/beacon-info.ts';
import { BeaconRounds } from '../../src/http/beacon-rounds.ts';
import { BeaconServer } from '../../src/http/beacon-server.ts';
import { limits } from '../../src/http/limits.ts';
import { SystemTurns } from '../../src/platform/system-turns.ts';
import { TestBeacon } from '../core/build-beacon-chain.ts';

const times = { GenesisTime: 1_700_000_000, Period: 3 };
const own = new TestBeacon('own', times);
const info = infoOfKey(own.beacon.PublicKey, { Name: 'own', ...times });

/** The moment of a round, and so many milliseconds later. */
function momentOf(round: number, laterMs = 0): string {
  return new Date(Number(roundTimeMs(beaconOfInfo(info), round)) + laterMs).toISOString();
}

class OpenBeacon {
  timestamp: string;
  signed = 0;
  readonly rounds: BeaconRounds;
  base = '';

  constructor(timestamp: string) {
    this.timestamp = timestamp;
    const sign = (round: number): string => {
      this.signed += 1;
      return own.sign(round);
    };
    this.rounds = new BeaconRounds({ info, sign, timestamp: () => this.timestamp });
  }

  static async open(timestamp: string): Promise<OpenBeacon> {
    const open = new OpenBeacon(timestamp);
    const failed = (error: unknown): void => {
      throw error;
    };
    const server = new BeaconServer({ rounds: open.rounds, turns: new SystemTurns(), failed });
    onTestFinished(() => server.close());
    open.base = `http://127.0.0.1:${await server.open(['127.0.0.1'], 0)}`;
    return open;
  }

  async get(path: string): Promise<{ readonly status: number; readonly json: unknown; readonly retry: string | null }> {
    const response = await fetch(`${this.base}${path}`);
    return { status: response.status, json: await response.json(), retry: response.headers.get('Retry-After') };
  }
}

describe('a beacon', () => {
  it('says over HTTP who it is and what it has published, as drand does, with and without its hash', async () => {
    const open = await OpenBeacon.open(momentOf(7, 100));
    expect(await open.get('/chains')).toMatchObject({ status: 200, json: [info.hash] });
    for (const place of ['', `/${info.hash}`]) {
      expect(await open.get(`${place}/info`)).toMatchObject({ status: 200, json: info });
      const seventh = publishedRound(7, own.sign(7));
      expect(await open.get(`${place}/public/latest`)).toMatchObject({ status: 200, json: seventh });
      expect(await open.get(`${place}/public/7`)).toMatchObject({ status: 200, json: seventh });
      expect(await open.get(`${place}/public/1`)).toMatchObject({ json: publishedRound(1, own.sign(1)) });
    }
  });

  it('answers no round before its time, and each from its very millisecond on', async () => {
    const open = await OpenBeacon.open(momentOf(8, -1));
    expect(await open.get('/public/8')).toEqual({
      status: 425,
      json: { error: 'round 8 comes in 1 s; nobody can know it before' },
      retry: '1',
    });
    expect(await open.get('/public/latest')).toMatchObject({ json: { round: 7 } });
    expect((await open.get('/public/9007199254740991')).status).toBe(425);
    expect(open.signed).toBe(1);
    open.timestamp = momentOf(8);
    expect(await open.get('/public/8')).toMatchObject({ status: 200, json: { round: 8 } });
    open.timestamp = momentOf(8, -1);
    expect((await open.get('/public/8')).status).toBe(425);
  });

  it('has no latest round before its first', async () => {
    const open = await OpenBeacon.open(momentOf(1, -4000));
    expect(await open.get('/public/latest')).toMatchObject({ status: 425, retry: '4' });
  });

  it('says what it accepts where it does not understand', async () => {
    const open = await OpenBeacon.open(momentOf(7));
    for (const round of ['0', '-1', '1.5', 'newest', '9007199254740992', '%1b'])
      expect(await open.get(`/public/${round}`)).toMatchObject({ status: 400 });
    expect(await open.get(`/${'ab'.repeat(32)}/info`)).toMatchObject({ status: 404 });
    expect((await fetch(`${open.base}/info`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(open.base)).status).toBe(200);
  });

  it('keeps the newest rounds made, and no more than its bound', async () => {
    const open = new OpenBeacon(momentOf(limits.beaconRoundsKeptMax + 1));
    for (let round = 1; round <= limits.beaconRoundsKeptMax; round++) open.rounds.at(round);
    open.rounds.at(1);
    expect(open.signed).toBe(limits.beaconRoundsKeptMax);
    open.rounds.at(limits.beaconRoundsKeptMax + 1);
    open.rounds.at(1);
    expect(open.signed).toBe(limits.beaconRoundsKeptMax + 2);
  });
});
