import { onTestFinished } from 'vitest';
import type { BeaconSource } from '../../src/consensus/engine.ts';
import { InProcessSearch } from '../../src/consensus/work/search/in-process-search.ts';
import type { NonceSearch } from '../../src/consensus/work/search/nonce-search.ts';
import type { Beacon } from '../../src/core/block.ts';
import { Dashboard } from '../../src/http/dashboard.ts';
import type { DashboardOptions } from '../../src/http/dashboard-options.ts';
import { assemble, type Node } from '../../src/node/assemble.ts';
import type { NewChain } from '../../src/node/open-engine.ts';
import { AdjustableClock } from '../../src/platform/adjustable-clock.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { chainTextOf } from '../node/chain-text-of.ts';
import { SimulatedSecrets } from '../sim/simulated-secrets.ts';
import { recordOf } from './json-schema.ts';

interface LotteryPageOptions {
  readonly peers?: DashboardOptions['peers'];
  readonly seatRules?: (node: () => Node) => Partial<DashboardOptions['seatRules']>;
  readonly writeBounds?: Partial<DashboardOptions['writeBounds']>;
  readonly rejoinGraceMs?: number;
  /** How the chain is made, where that is no lottery. */
  readonly newChain?: NewChain;
  /** Gives the chain a ledger. */
  readonly ledger?: { readonly reward: bigint; readonly grant: bigint; readonly isSandbox?: boolean };
  /** The beacons that draws wait for, and what asks them. */
  readonly beacons?: { readonly named: readonly Beacon[]; readonly source: BeaconSource };
  /** What searches for blocks of work. */
  readonly nonces?: NonceSearch;
  readonly connectionsMax?: number;
  readonly rpc?: Partial<DashboardOptions['rpc']>;
  /** Serves people who take part in a browser. */
  readonly play?: DashboardOptions['play'];
}

interface LotteryPageParts extends Pick<LotteryPage, 'node' | 'dashboard' | 'port' | 'faults' | 'stopAsked' | 'stop'> {
  readonly passed: { ms: number };
  readonly clock: AdjustableClock;
}

/** What the owner of a page in a test authenticates with. */
export const rpcCookie: string = `__cookie__:${'ab'.repeat(32)}`;

/** The JSON object of an answer. */
export async function jsonOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  return recordOf(await response.json());
}

/** A lottery in memory with its page, on a free port: a draw comes when a test asks for one, and the page's time passes when a test says so. */
export class LotteryPage {
  readonly node: Node;
  readonly dashboard: Dashboard;
  readonly port: number;
  readonly base: string;
  readonly faults: readonly unknown[];
  /** Resolves when somebody asks the server to stop. */
  readonly stopAsked: Promise<void>;
  /** Stops as a server does: first the node, then the page. */
  readonly stop: () => Promise<void>;
  readonly #passed: { ms: number };
  readonly #clock: AdjustableClock;

  private constructor(parts: LotteryPageParts) {
    this.node = parts.node;
    this.dashboard = parts.dashboard;
    this.port = parts.port;
    this.base = `http://127.0.0.1:${parts.port}`;
    this.faults = parts.faults;
    this.stopAsked = parts.stopAsked;
    this.stop = parts.stop;
    this.#passed = parts.passed;
    this.#clock = parts.clock;
  }

  static async open({
    seatRules,
    writeBounds,
    rejoinGraceMs = 0,
    newChain,
    ledger,
    beacons,
    nonces,
    connectionsMax = 100,
    peers,
    rpc,
    play = (socket) => socket.destroy(),
  }: LotteryPageOptions = {}): Promise<LotteryPage> {
    let askToStop = (): void => undefined;
    const stopAsked = new Promise<void>((resolve) => {
      askToStop = resolve;
    });
    const faults: unknown[] = [];
    const failed = (error: unknown): void => {
      faults.push(error);
    };
    const clock = new AdjustableClock(new SystemClock());
    const passed = { ms: 0 };
    const store = new MemoryStore();
    const dashboard = new Dashboard({
      version: 'test',
      intervalMs: 1_000_000,
      clock: {
        monotonicMs: () => passed.ms,
        yieldToEventLoop: () => clock.yieldToEventLoop(),
        isTurnOver: () => clock.isTurnOver(),
      },
      store,
      chain: () => chainTextOf([]),
      peers,
      play,
      connectionsMax,
      connectionLimiter: { enter: () => () => undefined },
      lottery: () => node.service,
      rpc: { cookie: () => rpcCookie, bodyMs: 60_000, stop: askToStop, ...rpc },
      seatRules: {
        service: () => node.service,
        kind: () => node.kind,
        rules: { stakeMax: 1000n, slashAfter: 1 },
        seatsMax: 100,
        subnetLimiter: { enter: () => () => undefined },
        idleMs: 1000,
        ...seatRules?.(() => node),
      },
      writeBounds: { perSecond: 0, bodyMs: 60_000, searchMs: 60_000, ...writeBounds },
      connections: () => 0,
      traffic: () => ({ endings: [], bytes: { received: 0, sent: 0 }, chainsSkipped: 0 }),
      failed,
    });
    onTestFinished(() => dashboard.close('asked'));
    const node = await assemble(
      {
        clock,
        time: clock,
        secrets: new SimulatedSecrets(1, 1),
        verifySignature: nativeVerifier(),
        store,
        sessionStore: store,
        wallets: () => new ServerWallets(Buffer.from('wallets of a page')),
        ...(beacons === undefined ? {} : { openBeacons: async () => beacons.source }),
        subscribers: [dashboard],
        failed,
        mining: { nonces: nonces ?? new InProcessSearch(clock), mine: 'waiting' },
      },
      {
        newChain,
        newLedger: ledger,
        newBeacons: beacons?.named ?? [],
        grant: ledger?.grant ?? 0n,
        linksPerChain: 16,
        intervalMs: 1_000_000,
        broadcastIntervalMs: 1_000_000,
        rejoinGraceMs,
      },
    );
    const stopping = new AbortController();
    onTestFinished(() => stopping.abort());
    const running = node.run(stopping.signal).catch(failed);
    const stop = async (): Promise<void> => {
      stopping.abort();
      await running;
      dashboard.close('asked');
    };
    const port = await dashboard.open({ addresses: ['127.0.0.1'], port: 0, join: [], hosts: [] });
    return new LotteryPage({ node, dashboard, port, faults, passed, clock, stopAsked, stop });
  }

  /** The time of the page passes; the lottery's does not. */
  pass(ms: number): void {
    this.#passed.ms += ms;
  }

  /** The time of the lottery passes. */
  passForLottery(ms: number): void {
    this.#clock.increaseTime(ms);
  }

  /** Calls POST /rpc. */
  rpc(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.base}/rpc`, { method: 'POST', body, headers });
  }

  post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(this.base, { method: 'POST', body, headers });
  }

  /** Takes a seat and returns the headers that name it. */
  async takeSeat(
    stake = 100,
  ): Promise<{ readonly headers: { readonly authorization: string }; readonly address: string }> {
    const seat = recordOf((await jsonOf(await this.post(`{"Stake":${stake}}`)))['seat']);
    return { headers: { authorization: `Bearer ${seat['token']}` }, address: String(seat['validator']) };
  }

  /** How often something of that name was counted. */
  async count(name: string): Promise<number> {
    const metrics = await (await fetch(`${this.base}/metrics`)).text();
    return Number(new RegExp(`^sortition_web_endings_total\\{ending="${name}"\\} (\\d+)$`, 'm').exec(metrics)?.[1]);
  }
}
