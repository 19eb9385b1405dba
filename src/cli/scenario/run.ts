import { InProcessSearch } from '../../consensus/work/search/in-process-search.ts';
import { assemble, type Node } from '../../node/assemble.ts';
import type { EventListener } from '../../node/ports.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { SeededSecrets, seededWallets } from '../../platform/seeded-secrets.ts';
import type { SettableClock } from '../../platform/settable-clock.ts';
import type { MemoryStore } from '../../storage/memory-store.ts';
import { ClientHub } from '../../tcp/client-hub.ts';
import type { ConnectionHost } from '../../tcp/connection.ts';
import type { Config } from '../config/config.ts';
import { newChainOf, newRewardOf } from '../config/new-chain.ts';
import { limits } from './limits.ts';
import type { ConnectionServer } from './person.ts';
import { SearchTurns } from './search-turns.ts';

/** What a node of a scenario is started with. */
export interface RunOptions {
  readonly clock: SettableClock;
  readonly config: Config;
  readonly seed: string;
  /** Hears what happens to the chain. */
  readonly listener: EventListener;
}

/** A node with its people, between two restarts. */
export interface Run extends ConnectionServer {
  readonly node: Node;
  readonly clients: ClientHub;
  readonly stopping: AbortController;
  /** Rejects with what made a draw fail. */
  readonly ended: Promise<void>;
}

/** Puts the node of a server together on a clock that is set by hand, and begins its rounds. A fault of ours is thrown where it happens. */
export async function startRun({ config, seed, listener, clock }: RunOptions, store: MemoryStore): Promise<Run> {
  const clients = new ClientHub(clock, store);
  const failed = (error: unknown): never => {
    throw error;
  };
  const node = await assemble(
    {
      clock,
      time: clock,
      secrets: new SeededSecrets(seed, store.height + 1),
      wallets: () => seededWallets(seed),
      verifySignature: nativeVerifier(),
      store,
      sessionStore: store,
      mining: {
        nonces: new InProcessSearch(new SearchTurns(clock, limits.searchTurnMs), limits.noncesPerTurn),
        mine: 'waiting',
      },
      subscribers: [listener, clients],
      failed,
    },
    {
      newChain: newChainOf(config),
      // What comes from a seed is a sandbox, and a ledger can say so.
      newLedger: config.ledger === true ? { reward: newRewardOf(config), isSandbox: true } : undefined,
      seed,
      grant: config.faucetGrant,
      linksPerChain: limits.linksPerChain,
      intervalMs: config.lotteryIntervalMs,
      broadcastIntervalMs: config.chainBroadcastIntervalMs,
      rejoinGraceMs: config.rejoinGraceMs,
    },
  );
  const stopping = new AbortController();
  const host: ConnectionHost = clients.host({
    service: node.service,
    rules: { stakeMax: config.maxStake, slashAfter: config.slashAfter, rejoinGraceMs: graceOf(config, node) },
    linesPerSecond: config.maxLinesPerSecond,
    failed,
  });
  const ended = node.run(stopping.signal);
  return { node, clients, stopping, ended, host, connections: clients.connections };
}

/** How long seats are kept: there are none in a chain with a ledger. */
export function graceOf({ rejoinGraceMs }: Config, { kind, ledger }: Node): number {
  return kind === 'lottery' && ledger === undefined ? rejoinGraceMs : 0;
}
