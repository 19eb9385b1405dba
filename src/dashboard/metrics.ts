import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LotteryEvent } from '../engine/ports.ts';

/** How often the event loop is looked at. */
const resolutionMs = 10;

/** What is read when somebody asks for the metrics. */
export interface Readings {
  readonly height: number;
  readonly candidates: number;
  readonly totalStake: bigint;
  readonly validators: number;
  readonly connections: number;
  readonly watchers: number;
  /** How many connections have ended in which way. */
  readonly endings: Iterable<readonly [string, number]>;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Chains that were not sent to somebody who had not taken the last one. */
  readonly chainsSkipped: number;
}

/** The metrics of one server in the format of Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #loopDelay: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #rounds: Counter<'outcome'>;
  readonly #lateness: Histogram;
  readonly #appends: Histogram;
  readonly #people: Counter<'event'>;

  constructor(read: () => Readings) {
    const registers = [this.#registry];
    this.#rounds = new Counter({
      name: 'sortition_rounds_total',
      help: 'Rounds that ended, by their outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.#lateness = new Histogram({
      name: 'sortition_draw_lateness_seconds',
      help: "From the end of a round on its grid to the winner's announcement. A draw that the operator asked for counts from the last end of a round",
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
      registers,
    });
    this.#appends = new Histogram({
      name: 'sortition_store_append_seconds',
      help: 'Time to make a block and its pool durable',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
    this.#people = new Counter({
      name: 'sortition_people_total',
      help: 'What people did: joined, proposed, left, slashed',
      labelNames: ['event'],
      registers,
    });
    for (const event of ['joined', 'proposed', 'left', 'slashed']) this.#people.inc({ event }, 0);
    for (const outcome of ['drawn', 'empty']) this.#rounds.inc({ outcome }, 0);
    this.#gauge('sortition_chain_height', 'Index of the last block', () => read().height);
    this.#gauge('sortition_pool_candidates', 'Candidates in the open round', () => read().candidates);
    this.#gauge('sortition_pool_tokens', 'Tokens in the open round', () => Number(read().totalStake));
    this.#gauge('sortition_validators', 'People connected with a stake', () => read().validators);
    this.#gauge('sortition_connections', 'People connected', () => read().connections);
    this.#gauge('sortition_watchers', 'Pages that listen to events', () => read().watchers);
    this.#total('sortition_connections_ended_total', 'Connections that ended, by how', 'ending', () => read().endings);
    this.#total('sortition_bytes_total', 'Bytes on the sockets of people', 'direction', () => {
      const { bytesReceived, bytesSent } = read();
      return [
        ['received', bytesReceived],
        ['sent', bytesSent],
      ];
    });
    new Counter({
      name: 'sortition_chain_skips_total',
      help: 'Chains that somebody was not sent because the last one was not taken yet',
      registers,
      collect(): void {
        this.reset();
        this.inc(read().chainsSkipped);
      },
    });
    const loopDelay = this.#loopDelay;
    new Gauge({
      name: 'sortition_event_loop_delay_seconds',
      help: 'How late the event loop was since the last scrape',
      labelNames: ['quantile'],
      registers,
      collect(): void {
        // What is measured includes the time between two looks.
        const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs) / 1000 || 0;
        this.set({ quantile: '0.5' }, seconds(loopDelay.percentile(50)));
        this.set({ quantile: '0.99' }, seconds(loopDelay.percentile(99)));
        this.set({ quantile: '1' }, seconds(loopDelay.max));
        loopDelay.reset();
      },
    });
    this.#loopDelay.enable();
  }

  hear(event: LotteryEvent): void {
    switch (event.kind) {
      case 'joined':
      case 'proposed':
      case 'left':
      case 'slashed':
        this.#people.inc({ event: event.kind });
        return;
      case 'drawn':
      case 'empty':
        this.#rounds.inc({ outcome: event.kind });
        return;
      default:
        return;
    }
  }

  drewAfter(milliseconds: number): void {
    this.#lateness.observe(milliseconds / 1000);
  }

  storedAfter(milliseconds: number): void {
    this.#appends.observe(milliseconds / 1000);
  }

  /** The text of all metrics. */
  async text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  close(): void {
    this.#loopDelay.disable();
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect(): void {
        this.set(read());
      },
    });
  }

  #total(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect(): void {
        this.reset();
        for (const [value, count] of read()) this.inc({ [label]: value }, count);
      },
    });
  }
}
