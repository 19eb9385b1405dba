import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AwaitedRound } from '../consensus/engine.ts';
import { type Beacon, type Genesis, isDrawn, isGenesis } from '../core/block.ts';
import type { NodeEvent } from '../node/ports.ts';
import { roles } from '../node/sync/hello.ts';
import type { DoorStatus } from './api/types.ts';
import { limits } from './limits.ts';
import { LoopDelay } from './loop-delay.ts';
import type { ShownPeers } from './peers-report.ts';

/** The values that are read when the metrics are requested. */
export interface Readings {
  readonly height: number;
  /** In a chain of work: hashes a second of the search that is under way, and the difficulty of its block, or of the last one. */
  readonly hashRate: number;
  readonly difficulty: number;
  /** In a lottery with beacons: the rounds that a draw waits for now, those included that were heard. */
  readonly awaited: readonly AwaitedRound[];
  readonly candidates: number;
  readonly totalStake: bigint;
  readonly validators: number;
  readonly connections: number;
  readonly watchers: number;
  /** The number of ended connections by their close reason. */
  readonly endings: Iterable<readonly [string, number]>;
  /** Bytes on the sockets of participants. */
  readonly bytes: { readonly received: number; readonly sent: number };
  /** Chains that were not sent because the recipient had not taken the last one. */
  readonly chainsSkipped: number;
  /** How the page's connections ended, and refused requests. */
  readonly web: Iterable<readonly [string, number]>;
  /** The other nodes; undefined where the server has nothing to do with any. */
  readonly peers: ShownPeers | undefined;
  /** Where this server is one of several doors. */
  readonly log: DoorStatus | undefined;
}

/** The metrics of one server in the format of Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #loopDelay = new LoopDelay();
  readonly #blocks: Counter;
  /** In a chain of work. */
  #removed: Counter | undefined;
  readonly #rounds: Counter<'outcome'>;
  readonly #lateness: Histogram;
  readonly #appends: Histogram;
  readonly #people: Counter<'event'>;
  readonly #read: () => Readings;

  /** @param read is called for every metric at each request */
  constructor(read: () => Readings) {
    this.#read = read;
    const registers = [this.#registry];
    this.#blocks = new Counter({
      name: 'sortition_blocks_total',
      help: 'Blocks that were made, whatever the kind of the chain',
      registers,
    });
    this.#rounds = new Counter({
      name: 'sortition_rounds_total',
      help: 'Rounds that ended, by their outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.#lateness = new Histogram({
      name: 'sortition_draw_lateness_seconds',
      help: "From the moment at which a draw was due to the winner's announcement. A draw that the operator asked for is not looked at",
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
      help: 'What people did: joined, returned to their seat, proposed, left, slashed',
      labelNames: ['event'],
      registers,
    });
    for (const event of ['joined', 'returned', 'proposed', 'left', 'slashed']) this.#people.inc({ event }, 0);
    for (const outcome of ['drawn', 'empty']) this.#rounds.inc({ outcome }, 0);
    this.#gauge('sortition_chain_height', 'Index of the last block', ({ height }) => height);
    this.#gauge(
      'sortition_pool_candidates',
      'Candidates in the open round, or that wait for their blocks',
      ({ candidates }) => candidates,
    );
    this.#gauge('sortition_pool_tokens', 'Tokens in the open round', ({ totalStake }) => Number(totalStake));
    this.#gauge('sortition_validators', 'People connected with a stake', ({ validators }) => validators);
    this.#gauge(
      'sortition_connections',
      'People connected at nc, and seats over HTTP',
      ({ connections }) => connections,
    );
    this.#gauge('sortition_watchers', 'Pages that listen to events', ({ watchers }) => watchers);
    this.#totals(
      'sortition_connections_ended_total',
      'Connections that ended, by how',
      'ending',
      ({ endings }) => endings,
    );
    this.#totals('sortition_bytes_total', 'Bytes on the sockets of people', 'direction', ({ bytes }) =>
      Object.entries(bytes),
    );
    this.#totals(
      'sortition_chain_skips_total',
      'Chains that somebody was not sent, by why',
      'reason',
      ({ chainsSkipped }) => [['last-not-taken', chainsSkipped]],
    );
    this.#totals(
      'sortition_web_endings_total',
      'Connections of the page that ended, or were not taken, requests that were refused, and seats that ended, by how',
      'ending',
      ({ web }) => web,
    );
    this.#addLoopDelay();
  }

  /** Adds the metrics of other nodes. */
  addPeers(): void {
    this.#gauge('sortition_peers', 'Other nodes that are connected', ({ peers }) => peers?.peers.length ?? 0);
    const read = this.#read;
    new Gauge({
      name: 'sortition_peers_by_role',
      help: 'Other nodes that are connected and have greeted, by what they do; one may do several things',
      labelNames: ['role'],
      registers: [this.#registry],
      collect() {
        const peers = read().peers?.peers ?? [];
        for (const role of roles) this.set({ role }, peers.filter(({ hello }) => hello?.Roles.includes(role)).length);
      },
    });
    this.#totals(
      'sortition_peers_cut_total',
      'Other nodes that were cut, or not let in, by why',
      'reason',
      ({ peers }) => peers?.cutCounts ?? [],
    );
  }

  /** Adds the metrics of one of several doors. */
  addLog(): void {
    this.#gauge('sortition_log_leader', '1 while this door leads', ({ log }) => (log?.isLeader === true ? 1 : 0));
    this.#gauge('sortition_log_has_leader', '1 while a door leads', ({ log }) => (log?.leader === undefined ? 0 : 1));
    this.#gauge(
      'sortition_log_term',
      'The term of the door that leads; 0 while none does',
      ({ log }) => log?.term ?? 0,
    );
    this.#gauge(
      'sortition_log_waiting',
      'What people did at this door that has not come back from the log',
      ({ log }) => log?.waiting ?? 0,
    );
    this.#gauge(
      'sortition_log_failovers',
      'How often another door began to lead since this one was started',
      ({ log }) => log?.failovers ?? 0,
    );
  }

  /** Counts an event. */
  onEvent(event: NodeEvent): void {
    switch (event.kind) {
      case 'loaded':
        if (isGenesis(event.block)) this.#addKind(event.block.Genesis);
        return;
      case 'joined':
      case 'returned':
      case 'proposed':
      case 'left':
      case 'slashed':
        this.#people.inc({ event: event.kind });
        return;
      case 'committed':
        if (event.lateMs !== undefined) this.#lateness.observe(event.lateMs / 1000);
        this.#appends.observe(event.storedMs / 1000);
        this.#blocks.inc();
        if (isDrawn(event.block)) this.#rounds.inc({ outcome: 'drawn' });
        return;
      case 'reorganised':
        this.#removed?.inc(event.removed.length);
        return;
      case 'empty':
        this.#rounds.inc({ outcome: 'empty' });
        return;
      default:
        return;
    }
  }

  /** The text of all metrics, and its media type. */
  async text(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  close(): void {
    this.#loopDelay.stop();
  }

  #gauge(name: string, help: string, value: (readings: Readings) => number): void {
    const read = this.#read;
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(value(read()));
      },
    });
  }

  #totals(
    name: string,
    help: string,
    label: string,
    counts: (readings: Readings) => Iterable<readonly [string, number]>,
  ): void {
    const read = this.#read;
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [value, count] of counts(read())) this.inc({ [label]: value }, count);
      },
    });
  }

  /** Adds the metrics that only some kinds of chains have. */
  #addKind(genesis: Genesis): void {
    if (genesis.Consensus.Kind === 'work') this.#addWork();
    if ('Beacons' in genesis && genesis.Beacons !== undefined) this.#addBeacons(genesis.Beacons);
  }

  /** Moments, not durations: a monitor asks its own clock how long that is ago. */
  #addBeacons(beacons: readonly Beacon[]): void {
    const read = this.#read;
    new Gauge({
      name: 'sortition_beacon_awaited_since_seconds',
      help: 'Unix time at which the round of a beacon was due that a draw waits for; 0 while none is awaited, or it has been heard',
      labelNames: ['beacon'],
      registers: [this.#registry],
      collect() {
        const { awaited } = read();
        for (const { Name } of beacons) {
          const round = awaited.find(({ name, signature }) => name === Name && signature === undefined);
          this.set({ beacon: Name }, round === undefined ? 0 : round.timeMs / 1000);
        }
      },
    });
  }

  #addWork(): void {
    this.#removed = new Counter({
      name: 'sortition_blocks_removed_total',
      help: 'Blocks that fell out of the chain, because a heavier branch took their place',
      registers: [this.#registry],
    });
    this.#gauge(
      'sortition_hash_rate',
      'Hashes a second of the search that is under way; 0 while there is none',
      ({ hashRate }) => hashRate,
    );
    this.#gauge(
      'sortition_difficulty',
      'Difficulty of the block that is searched for, or of the last one',
      ({ difficulty }) => difficulty,
    );
  }

  #addLoopDelay(): void {
    const loopDelay = this.#loopDelay;
    new Gauge({
      name: 'sortition_event_loop_delay_seconds',
      help: `How late the event loop was in the last ${limits.loopWindowMs / 1000} to ${(2 * limits.loopWindowMs) / 1000} s`,
      labelNames: ['percentile'],
      registers: [this.#registry],
      collect() {
        for (const percentile of [50, 99, 100]) this.set({ percentile }, loopDelay.seconds(percentile));
      },
    });
  }
}
