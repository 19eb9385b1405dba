import type { BeaconSource } from '../../src/consensus/engine.ts';
import { latestRoundAt, type VerifyBeacon } from '../../src/core/beacon.ts';
import { publishedRound } from '../../src/core/beacon-info.ts';
import type { Beacon } from '../../src/core/block.ts';
import { timestampMs } from '../../src/core/timestamp.ts';
import { BeaconClient, type RelayEvent } from '../../src/platform/beacon-client.ts';
import type { JsonAnswer } from '../../src/platform/json-request.ts';
import type { TestBeacon } from '../core/build-beacon-chain.ts';
import type { Dice } from './dice.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** What a relay does. `equivocating` gives another signature each time. */
const moods = [
  'honest',
  'honest',
  'slow',
  'silent',
  'failing',
  'behind',
  'wrong',
  'equivocating',
  'of another round',
] as const;
type Mood = (typeof moods)[number];

/** How long a client waits for an answer, and a slow relay needs, ms. */
const [patienceMs, slowMs] = [5000, 3000];

/** The relays of beacons on a simulated network: their own clock is right, and what else they do the dice say. The client that asks them is the real one. */
export class SimulatedRelays implements BeaconSource {
  readonly beacons: readonly Beacon[];
  /** What the client said of relays, since it began. */
  readonly events: RelayEvent[] = [];
  readonly #clock: SimulatedClock;
  readonly #dice: Dice;
  readonly #verifyBeacon: VerifyBeacon;
  readonly #testBeacons: readonly TestBeacon[];
  readonly #moods = new Map<string, Mood>();
  /** What beacons have signed, which takes a while to compute. */
  readonly #signed = new Map<string, string>();
  /** How far the clock of the server is ahead of that of the beacons. */
  #serverAheadMs = 0;
  #client: BeaconClient;

  constructor(clock: SimulatedClock, dice: Dice, testBeacons: readonly TestBeacon[], verifyBeacon: VerifyBeacon) {
    this.#clock = clock;
    this.#dice = dice;
    this.#testBeacons = testBeacons;
    this.#verifyBeacon = verifyBeacon;
    this.beacons = testBeacons.map(({ beacon }) => beacon);
    for (const { Name } of this.beacons)
      for (const relay of ['a', 'b', 'c']) this.#moods.set(`${Name}-${relay}`, 'honest');
    this.#client = this.#newClient();
  }

  /** A server begins, which knows nothing of the relays that lied to the one before. */
  reopen(): void {
    this.events.length = 0;
    this.#client = this.#newClient();
  }

  /** The wall clock of the server is set, and not that of the beacons. */
  jumpServerClock(milliseconds: number): void {
    this.#serverAheadMs += milliseconds;
    this.#clock.jumpWall(milliseconds);
  }

  /** Another mood comes over a relay. */
  change(): string {
    const relay = this.#dice.pick([...this.#moods.keys()]);
    const mood = this.#dice.pick(moods);
    this.#moods.set(relay, mood);
    return `${relay} is ${mood}`;
  }

  /** All relays are honest, and the clock of the server is right. */
  calm(): void {
    for (const relay of this.#moods.keys()) this.#moods.set(relay, 'honest');
    this.jumpServerClock(-this.#serverAheadMs);
  }

  signatureOf(beacon: Beacon, round: number, stopping: AbortSignal): Promise<string | undefined> {
    return this.#client.signatureOf(beacon, round, stopping);
  }

  #newClient(): BeaconClient {
    return new BeaconClient({
      clock: this.#clock,
      ask: (url, stopping) => this.#answer(url, stopping),
      verifyBeacon: this.#verifyBeacon,
      relays: new Map(
        this.beacons.map(({ Name, ChainHash }) => [ChainHash, ['a', 'b', 'c'].map((relay) => `${Name}-${relay}`)]),
      ),
      onRelay: (event) => this.events.push(event),
    });
  }

  async #answer(url: string, stopping: AbortSignal): Promise<JsonAnswer> {
    const [relay = '', hash, , digits] = url.split('/');
    const mood = this.#moods.get(relay);
    const waitMs = mood === 'silent' ? patienceMs : mood === 'slow' ? this.#dice.roll(slowMs) : this.#dice.roll(200);
    await this.#pass(waitMs, stopping);
    const source = this.#testBeacons.find(({ beacon }) => beacon.ChainHash === hash);
    if (stopping.aborted || source === undefined || mood === 'silent') return { why: 'no answer' };
    if (mood === 'failing') return { isOk: false, status: 500, json: { error: 'broken' } };
    const round = Number(digits);
    const nowMs = timestampMs(this.#clock.timestamp()) - this.#serverAheadMs;
    const latest = latestRoundAt(source.beacon, nowMs) - (mood === 'behind' ? 2 : 0);
    if (round > latest) return { isOk: false, status: 425, json: { error: 'not yet' } };
    const other = mood === 'equivocating' ? round - 1 - this.#dice.roll(2) : mood === 'wrong' ? round - 1 : round;
    const told = mood === 'of another round' ? round - 1 : round;
    return { isOk: true, status: 200, json: publishedRound(told, this.#sign(source, other)) };
  }

  #sign(source: TestBeacon, round: number): string {
    const key = `${source.beacon.Name} ${round}`;
    const signature = this.#signed.get(key) ?? source.sign(round);
    this.#signed.set(key, signature);
    return signature;
  }

  async #pass(milliseconds: number, stopping: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        stopping.removeEventListener('abort', end);
        resolve();
      };
      stopping.addEventListener('abort', end);
      this.#clock.wakeAt(this.#clock.monotonicMs() + milliseconds, end);
    });
  }
}
