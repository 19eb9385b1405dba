import type { VerifySignature } from '../core/keys.ts';
import { Chain } from './chain.ts';
import { EventHub } from './event-hub.ts';
import { Lottery } from './lottery.ts';
import type { BlockStore, Clock, EventListener, ResumableSessionStore, Secrets } from './ports.ts';
import { Proposer } from './proposer.ts';
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
  readonly lottery: Lottery;
  readonly events: EventHub;
  /**
   * Runs rounds until `stopping` is aborted, and then to the end of the draw that is under way. Rejects with a StoreError when the disk refused
   * a block, with a ChainError when the stored chain is gone, with anything else when the fault is ours.
   */
  run(stopping: AbortSignal): Promise<void>;
}

/**
 * Puts a node together: the one place where chain, sessions and lottery meet. Loads and verifies the chain, or founds one in an empty store.
 * Throws a ChainError when it does not hold, and the reason of `stopAsked` when that comes first.
 */
export async function assemble(ports: NodePorts, settings: NodeSettings, stopAsked?: AbortSignal): Promise<Node> {
  const { clock, secrets, verifySignature, store, sessionStore } = ports;
  const events = new EventHub(ports.failed);
  for (const subscriber of ports.subscribers) events.subscribe(subscriber);
  const stop = stopAsked === undefined ? {} : { stopAsked };
  const chain = await Chain.open({ clock, verifySignature, store, listener: events, ...stop });
  const proposer = await Proposer.open({ clock, secrets }, chain, settings.linksPerChain);
  const sessions = await ResumableSessions.open({
    clock,
    graceMs: settings.rejoinGraceMs,
    codes: secrets,
    store: sessionStore,
  });
  const lottery = new Lottery({
    clock,
    listener: events,
    chain,
    proposer,
    sessions,
    identities: secrets,
    intervalMs: settings.intervalMs,
    broadcastIntervalMs: settings.broadcastIntervalMs,
  });
  const run = (stopping: AbortSignal): Promise<void> => {
    stopping.addEventListener('abort', () => lottery.stop(), { once: true });
    const running = lottery.run();
    if (stopping.aborted) lottery.stop();
    return running;
  };
  return { chain, lottery, events, run };
}
