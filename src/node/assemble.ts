import type { Clock } from '../consensus/clock.ts';
import type { ChainKind, StoredBlock } from '../consensus/engine.ts';
import type { Tip } from '../consensus/verifier.ts';
import type { Beacon } from '../core/block.ts';
import type { Signer, VerifySignature } from '../core/keys.ts';
import { Chain } from './chain.ts';
import { ChainBroadcast } from './chain-broadcast.ts';
import type { Doors } from './doors.ts';
import { EventHub } from './event-hub.ts';
import { FollowingEngine } from './following-engine.ts';
import type { LedgerService } from './ledger-service.ts';
import { LocalService } from './local-service.ts';
import { Membership } from './membership.ts';
import {
  authorityOf,
  type EngineWorld,
  type Mining,
  makeGenesis,
  type NewChain,
  type OpenBeacons,
  type OpenedEngine,
  openDoor,
  openEngine,
} from './open-engine.ts';
import { expectWallets, genesisLedger, ledgerToExtend, type NewLedger, openLedger } from './open-ledger.ts';
import type { BlockStore, EventListener, ResumableSessionStore, Secrets, Wallets } from './ports.ts';
import { rememberVerified } from './remember-verified.ts';
import { ResumableSessions } from './resumable-sessions.ts';
import { holdsSandbox, Sandbox, type TimeControl } from './sandbox.ts';

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
  /** Needed where the chain is, or is to be, one of work. */
  readonly mining?: Mining;
  /** Needed where the draws of the chain wait for beacons: makes what asks these for their rounds. */
  readonly openBeacons?: OpenBeacons;
  /** Where there are other nodes to begin with: gives the genesis of their chain, where there is none here yet. */
  readonly upstream?: { genesis(): Promise<StoredBlock> };
  /** Makes the wallets of this server. Called once, where the chain has, or is to have, a ledger. */
  readonly wallets?: () => Wallets;
  /** Where the lottery has several doors: what makes this one of them. */
  readonly doors?: Doors;
  /** Moves `clock`: with it a chain that says that it is a sandbox can be handled as one. */
  readonly time?: TimeControl;
}

/** What a node is told about the chain that it founds or continues, and about its rounds. */
export interface NodeSettings {
  /** How a chain that is founded begins, where that is no lottery. */
  readonly newChain?: NewChain | undefined;
  /** The ledger of a chain that is founded; none where it is left out. */
  readonly newLedger?: NewLedger | undefined;
  /** The beacons that the draws of a new lottery wait for. */
  readonly newBeacons?: readonly Beacon[];
  /** What the secrets of the chain come from, for people to be told; undefined where nobody knows them. */
  readonly seed?: string | undefined;
  /** How many tokens a new wallet gets, in a chain with a ledger. */
  readonly grant?: bigint;
  /** Every stored block is verified at the start, also those that a checkpoint tells of. */
  readonly verifiesAll?: boolean;
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
  /** How the chain is made. */
  readonly kind: ChainKind;
  readonly chain: Chain;
  /** What people do, and what the operator does. */
  readonly service: LocalService;
  readonly events: EventHub;
  /** Balances, what waits for a block, and where a transaction is; undefined in a chain without a ledger. */
  readonly ledger: LedgerService | undefined;
  /** The signer of the chain's blocks, where this node is their authority. */
  readonly authority: Signer | undefined;
  /** The blocks come from peers, and people take part by way of the authority. */
  readonly isFollower: boolean;
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
  const { newChain, linksPerChain, intervalMs, broadcastIntervalMs, rejoinGraceMs } = settings;
  const { mining, doors } = ports;
  const events = new EventHub(ports.failed);
  for (const subscriber of ports.subscribers) events.subscribe(subscriber);
  const stop = stopAsked === undefined ? {} : { stopAsked };
  const remembering = rememberVerified(verifySignature);
  const verifiesAll = settings.verifiesAll === true;
  const chain = await Chain.open({
    clock,
    verifySignature: remembering,
    store,
    listener: events,
    verifiesAll,
    ...stop,
  });
  const openWallets = once(() => ports.wallets?.());
  const { upstream } = ports;
  const found = async (): Promise<Tip> => {
    if (upstream !== undefined) return chain.found(await upstream.genesis());
    const newLedger =
      settings.newLedger &&
      genesisLedger(settings.newLedger, newChain?.kind ?? 'lottery', expectWallets(openWallets()));
    const make = (): Promise<StoredBlock> =>
      makeGenesis({ clock, secrets }, newChain, linksPerChain, newLedger, settings.newBeacons);
    return chain.found(await (doors === undefined ? make() : doors.genesis(make)));
  };
  if (chain.tip !== undefined) await doors?.expectChain(store);
  const tip = chain.tip ?? (await found());
  const { kind } = tip.form;
  const hasLedger = tip.ledger !== undefined;
  const authority = authorityOf(tip, secrets);
  // Anybody may make blocks of work.
  const isFollower = upstream !== undefined && tip.authority !== undefined && authority === undefined;
  const sessions = await ResumableSessions.open({
    clock,
    // A seat is kept for the stake that is in it. With a ledger the stake is in a wallet, which lasts.
    graceMs: kind === 'lottery' && !hasLedger && !isFollower ? rejoinGraceMs : 0,
    codes: secrets,
    store: doors?.sessionStore ?? sessionStore,
  });
  const members = new Membership({ listener: events, sessions, identities: secrets, keepsStrikes: hasLedger });
  const { ledger, wallets } = await openLedger(
    { clock, store, events, chain, verifySignature: remembering, grant: settings.grant ?? 0n },
    isFollower ? undefined : openWallets,
  );
  const world: EngineWorld = {
    clock,
    secrets,
    chain,
    stakes: ledger ?? members,
    ...(ledger === undefined || wallets === undefined ? {} : { ledger: ledgerToExtend(ledger, wallets) }),
    events,
    intervalMs,
    mining,
    openBeacons: ports.openBeacons,
    candidatesTaken: () => members.forgetGone(),
    blockSettled: () => broadcast.tell(),
  };
  const open = (): Promise<OpenedEngine> | OpenedEngine => {
    if (doors !== undefined) return { engine: openDoor(doors, tip, world, { sessions, members }) };
    return isFollower ? { engine: new FollowingEngine(kind) } : openEngine(tip, world);
  };
  const { engine, work } = await open();
  events.subscribe({
    onEvent: ({ kind: event }) => {
      if (event === 'transaction') engine.transactionsWait();
    },
  });
  const broadcast: ChainBroadcast = new ChainBroadcast({
    clock,
    intervalMs: broadcastIntervalMs,
    blockIntervalMs: kind === 'lottery' ? intervalMs : 0,
    isBlockDue: () => engine.isBlockDue,
    chainDue: () => events.onEvent({ kind: 'chain-due' }),
  });
  const { time } = ports;
  const isSandbox = hasLedger && (await holdsSandbox(store));
  const sandbox =
    isSandbox && time !== undefined && ledger !== undefined && wallets !== undefined
      ? new Sandbox({ clock, time, chain, ledger, wallets })
      : undefined;
  const { seed } = settings;
  const service = new LocalService({ chain, engine, members, kind, work, wallets, ledger, isSandbox, seed, sandbox });
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
  return { kind, chain, service, events, ledger, authority, isFollower, run };
}

/** A function that makes something when it is called first, and gives the same again after that. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
