import type { Clock } from '../consensus/clock.ts';
import { LotteryEngine } from '../consensus/lottery/lottery-engine.ts';
import { LotteryProposer } from '../consensus/lottery/lottery-proposer.ts';
import type { VerifySignature } from '../core/keys.ts';
import { Chain } from './chain.ts';
import { ChainBroadcast } from './chain-broadcast.ts';
import { EventHub } from './event-hub.ts';
import { LocalService } from './local-service.ts';
import { Membership } from './membership.ts';
import { type BlockStore, ChainError, type EventListener, type ResumableSessionStore, type Secrets } from './ports.ts';
import { ResumableSessions } from './resumable-sessions.ts';

/** The world that a node runs in. */
export interface NodePorts {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly verifySignature: VerifySignature;
  readonly store: BlockStore;
  readonly sessionStore: ResumableSessionStore;
  /** Those who hear of everything from the first block that is loaded on. */
  readonly subscribers: readonly EventListener[];
  /** Hears what a subscriber throws. */
  readonly failed: (error: unknown) => void;
}

/** What a node is told about the chain that it founds or continues, and about its rounds. */
export interface NodeSettings {
  /** How many links a series of secrets of a new chain has. */
  readonly linksPerChain: number;
  /** A round. */
  readonly intervalMs: number;
  /** From one broadcast of the whole chain to the next. */
  readonly broadcastIntervalMs: number;
  /** How long a session waits for its validator to come back; 0 is not at all. */
  readonly rejoinGraceMs: number;
}

/** A node whose chain is loaded and holds. Its rounds begin with `run`. */
export interface Node {
  readonly chain: Chain;
  /** What people do, and what the operator does. */
  readonly service: LocalService;
  readonly events: EventHub;
  /**
   * Makes blocks until `stopping` is aborted, and then to the end of the draw that is under way. Rejects with a StoreError when the disk refused
   * a block, with a ChainError when the stored chain is gone, with anything else when the fault is ours. Called once.
   */
  run(stopping: AbortSignal): Promise<void>;
}

/**
 * Puts a node together: the one place where chain, people and engine meet. Loads and verifies the chain, or founds one in an empty store.
 * Throws a ChainError when it does not hold, and the reason of `stopAsked` when that comes first.
 */
export async function assemble(ports: NodePorts, settings: NodeSettings, stopAsked?: AbortSignal): Promise<Node> {
  const { clock, secrets, verifySignature, store, sessionStore } = ports;
  const { linksPerChain, intervalMs, broadcastIntervalMs, rejoinGraceMs } = settings;
  const events = new EventHub(ports.failed);
  for (const subscriber of ports.subscribers) events.subscribe(subscriber);
  const stop = stopAsked === undefined ? {} : { stopAsked };
  const chain = await Chain.open({ clock, verifySignature, store, listener: events, ...stop });
  const tip = chain.tip ?? (await chain.found(await LotteryProposer.makeGenesis({ clock, secrets }, linksPerChain)));
  if (tip.form.kind !== 'lottery') {
    throw new ChainError(
      `the chain is of the kind "${tip.form.kind}": it can be read here, but only a lottery can be continued`,
    );
  }
  const proposer = await LotteryProposer.open({ clock, secrets }, tip);
  if (proposer === undefined) {
    throw new ChainError(
      'the master secret is not the one that this chain was begun with, so its next draw can be neither revealed nor signed',
    );
  }
  const sessions = await ResumableSessions.open({
    clock,
    graceMs: rejoinGraceMs,
    codes: secrets,
    store: sessionStore,
  });
  const members = new Membership({ listener: events, sessions, identities: secrets });
  const engine = new LotteryEngine({
    clock,
    chain,
    stakes: members,
    listener: events,
    proposer,
    intervalMs,
    candidatesTaken: () => members.forgetGone(),
    blockSettled: () => broadcast.tell(),
  });
  const broadcast = new ChainBroadcast({
    clock,
    intervalMs: broadcastIntervalMs,
    blockIntervalMs: intervalMs,
    isBlockDue: () => engine.isBlockDue,
    chainDue: () => events.onEvent({ kind: 'chain-due' }),
  });
  const service = new LocalService({ chain, engine, members });
  const run = async (stopping: AbortSignal): Promise<void> => {
    const stop = (): void => {
      broadcast.stop();
      chain.stop();
    };
    stopping.addEventListener('abort', stop, { once: true });
    const running = engine.run(stopping);
    broadcast.start();
    if (stopping.aborted) stop();
    await running.finally(stop);
  };
  return { chain, service, events, run };
}
