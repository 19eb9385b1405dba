import { describe, expect, it } from 'vitest';
import { ChainDeliveryScheduler, type ChainSubscriber } from '../../src/tcp/chain-delivery-scheduler.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';

/** A reader whose chain has so many pieces. One that does not read takes the first piece only. */
class Reader implements ChainSubscriber {
  readonly name: string;
  hasTakenChain: boolean;
  isReading: boolean;
  isGivenUp = false;
  #left = 0;
  readonly #pieces: number;
  readonly #scheduler: () => ChainDeliveryScheduler;
  readonly #log: string[];

  constructor(name: string, crowd: Crowd, { pieces = 2, isReading = true, hasTakenChain = false } = {}) {
    this.name = name;
    this.#pieces = pieces;
    this.isReading = isReading;
    this.hasTakenChain = hasTakenChain;
    this.#scheduler = () => crowd.scheduler;
    this.#log = crowd.log;
  }

  get isDelivering(): boolean {
    return this.#left > 0;
  }

  sendPiece(): number {
    if (this.#left === 0) this.#left = this.#pieces;
    this.#left -= 1;
    this.#log.push(this.name);
    if (this.#left === 0) this.hasTakenChain = true;
    else if (this.isReading) this.#scheduler().add(this);
    return 1;
  }

  disconnectSlowConsumer(): void {
    this.isGivenUp = true;
  }
}

class Crowd {
  readonly clock: SimulatedClock = new SimulatedClock();
  readonly log: string[] = [];
  readonly scheduler: ChainDeliveryScheduler = new ChainDeliveryScheduler({
    clock: this.clock,
    deliveriesMax: 4,
    newcomersMax: 2,
    stallMs: 1000,
    stalledMax: 3,
  });

  offer(...readers: readonly Reader[]): void {
    for (const reader of readers) this.scheduler.add(reader);
  }
}

const deaf = { isReading: false } as const;
const known = { hasTakenChain: true } as const;

describe('the scheduler of chain deliveries', () => {
  it('carries every chain to its end, however many wait for theirs', async () => {
    const crowd = new Crowd();
    const readers = Array.from({ length: 9 }, (_, place) => new Reader(String(place), crowd, { pieces: 3 }));
    crowd.offer(...readers);
    await crowd.clock.pass(10);
    for (const { name } of readers) expect(crowd.log.filter((one) => one === name)).toHaveLength(3);
  });

  it('serves those who have taken a chain before first, and keeps places for them', async () => {
    const crowd = new Crowd();
    const newcomers = Array.from({ length: 5 }, (_, place) => new Reader(`new ${place}`, crowd, deaf));
    crowd.offer(...newcomers);
    await crowd.clock.pass(10);
    expect(crowd.log).toEqual(['new 0', 'new 1']);
    crowd.offer(new Reader('known', crowd, known));
    await crowd.clock.pass(10);
    expect(crowd.log.slice(2)).toEqual(['known', 'known']);
  });

  it('gives the place of a delivery without progress to another after the limit, and not a moment sooner', async () => {
    const crowd = new Crowd();
    const newcomers = Array.from({ length: 4 }, (_, place) => new Reader(`new ${place}`, crowd, deaf));
    crowd.offer(...newcomers);
    await crowd.clock.pass(999);
    expect(crowd.log).toEqual(['new 0', 'new 1']);
    await crowd.clock.pass(2);
    expect(crowd.log).toEqual(['new 0', 'new 1', 'new 2', 'new 3']);
    expect(newcomers.some(({ isGivenUp }) => isGivenUp)).toBe(false);
  });

  it('goes on with a reader that reads again, however long that took', async () => {
    const crowd = new Crowd();
    const reader = new Reader('slow', crowd, { ...deaf, pieces: 3 });
    crowd.offer(reader);
    await crowd.clock.pass(60_000);
    expect(crowd.log).toEqual(['slow']);
    reader.isReading = true;
    crowd.scheduler.add(reader);
    await crowd.clock.pass(10);
    expect(crowd.log).toEqual(['slow', 'slow', 'slow']);
    expect(reader.isDelivering).toBe(false);
  });

  it('gives up those who have made no progress longest when there are too many of them, and no others', async () => {
    const crowd = new Crowd();
    const readers = Array.from({ length: 6 }, (_, place) => new Reader(String(place), crowd, { ...deaf, ...known }));
    crowd.offer(...readers.slice(0, 3));
    await crowd.clock.pass(2000);
    expect(readers.some(({ isGivenUp }) => isGivenUp)).toBe(false);
    crowd.offer(...readers.slice(3));
    await crowd.clock.pass(2000);
    expect(readers.map(({ isGivenUp }) => isGivenUp)).toEqual([true, true, true, false, false, false]);
  });

  it('gives the place of a connection that is gone to the next', async () => {
    const crowd = new Crowd();
    const newcomers = Array.from({ length: 3 }, (_, place) => new Reader(String(place), crowd, deaf));
    crowd.offer(...newcomers);
    await crowd.clock.pass(10);
    for (const gone of newcomers.slice(0, 1)) crowd.scheduler.remove(gone);
    await crowd.clock.pass(10);
    expect(crowd.log).toEqual(['0', '1', '2']);
  });
});
