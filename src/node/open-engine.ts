import type { Clock } from '../consensus/clock.ts';
import type { BeaconSource, ChainSecrets, Engine, EnginePorts, StoredBlock } from '../consensus/engine.ts';
import { LotteryEngine } from '../consensus/lottery/lottery-engine.ts';
import { LotteryProposer } from '../consensus/lottery/lottery-proposer.ts';
import { LotteryRules } from '../consensus/lottery/lottery-rules.ts';
import type { Tip } from '../consensus/verifier.ts';
import type { WorkStart } from '../consensus/work/make-genesis.ts';
import type { NonceSearch } from '../consensus/work/search/nonce-search.ts';
import type { MiningTime, WorkEngine } from '../consensus/work/work-engine.ts';
import type { Beacon, GenesisLedger } from '../core/block.ts';
import type { Signer } from '../core/keys.ts';
import type { DoorPorts, Doors } from './doors.ts';
import type { EventHub } from './event-hub.ts';
import { ChainError } from './ports.ts';

/** What a node searches for blocks of work with, and when. */
export interface Mining {
  readonly nonces: NonceSearch;
  readonly mine: MiningTime;
}

/** Makes what asks the beacons of a chain for their rounds. */
export type OpenBeacons = (beacons: readonly Beacon[]) => Promise<BeaconSource>;

export interface EngineWorld extends Omit<EnginePorts, 'listener' | 'beacons'> {
  readonly events: EventHub;
  readonly secrets: ChainSecrets;
  /** The round of a lottery. */
  readonly intervalMs: number;
  readonly mining: Mining | undefined;
  /** Called where the draws of the chain wait for beacons. */
  readonly openBeacons?: OpenBeacons | undefined;
}

/** An engine, and what people may ask of it besides proposing. */
export interface OpenedEngine {
  readonly engine: Engine;
  /** The same engine, where it searches for blocks. */
  readonly work?: WorkEngine;
}

/** Opens the engine for a chain of the kind that its genesis says. Throws a ChainError when this node cannot make that chain longer. */
export async function openEngine(tip: Tip, world: EngineWorld): Promise<OpenedEngine> {
  switch (tip.form.kind) {
    case 'lottery':
      return openLottery(tip, world);
    case 'work':
      return openWork(tip, world);
    case 'instant':
      return openInstantChain(tip, world);
  }
}

/** Opens the engine of one of several doors. Throws a ChainError for a chain that can have one door only. */
export function openDoor(
  doors: Doors,
  { form, ledger }: Tip,
  { openBeacons: _, mining: __, events, ledger: ___, ...world }: EngineWorld,
  people: Pick<DoorPorts, 'sessions' | 'members'>,
): Engine {
  if (form.kind !== 'lottery' || ledger !== undefined || form.beacons > 0) {
    throw new ChainError('only a lottery without a ledger and without beacons can have several doors: leave LOG out');
  }
  return doors.engine({
    ...world,
    ...people,
    listener: events,
    openProposer: (tip) => LotteryProposer.open(world, tip),
  });
}

/** Who signs the blocks of a chain, where that is the holder of these secrets; undefined otherwise, and where blocks need no signature. */
export function authorityOf({ authority, seal }: Tip, secrets: ChainSecrets): Signer | undefined {
  if (authority === undefined) return undefined;
  // Block 0 of an instant chain has no salt.
  const signer = secrets.authority(seal instanceof LotteryRules ? seal.salt : '');
  return signer.key === authority ? signer : undefined;
}

/** How a chain that is founded begins, where that is no lottery. */
export type NewChain = WorkStart | { readonly kind: 'instant' };

/** The genesis of a new chain: a lottery whose series of secrets have `linksPerChain` links, or what `newChain` says, with a ledger and, for a lottery, beacons where they are given. */
export async function makeGenesis(
  ports: { readonly clock: Clock; readonly secrets: ChainSecrets },
  newChain: NewChain | undefined,
  linksPerChain: number,
  ledger?: GenesisLedger,
  beacons?: readonly Beacon[],
): Promise<StoredBlock> {
  const { clock, secrets } = ports;
  switch (newChain?.kind) {
    case undefined:
      return LotteryProposer.makeGenesis(ports, linksPerChain, ledger, beacons);
    case 'work':
      return (await import('../consensus/work/make-genesis.ts')).makeWorkGenesis(clock.timestamp(), newChain, ledger);
    case 'instant':
      return (await import('../consensus/instant/open-instant.ts')).makeInstantGenesis(clock, secrets, ledger);
  }
}

/** Loaded only where there is such a chain. */
async function openInstantChain(
  tip: Tip,
  { events, secrets, openBeacons: _, ...world }: EngineWorld,
): Promise<OpenedEngine> {
  const { openInstant } = await import('../consensus/instant/open-instant.ts');
  const engine = openInstant(tip, secrets, { ...world, listener: events });
  if (engine !== undefined) return { engine };
  throw new ChainError(
    'the master secret is not the one that this chain was begun with, so its next block cannot be signed; to follow the chain of another, name a node of it with --peer',
  );
}

async function openLottery(tip: Tip, { openBeacons, ...world }: EngineWorld): Promise<OpenedEngine> {
  const proposer = await LotteryProposer.open(world, tip);
  if (proposer === undefined) {
    throw new ChainError(
      'the master secret is not the one that this chain was begun with, so its next draw can be neither revealed nor signed; to follow the chain of another, name a node of it with --peer',
    );
  }
  if (proposer.beacons.length > 0 && openBeacons === undefined) {
    throw new ChainError('the draws of this chain wait for beacons, and nothing here asks beacons for their rounds');
  }
  const beacons = proposer.beacons.length === 0 ? undefined : await openBeacons?.(proposer.beacons);
  return { engine: new LotteryEngine({ ...world, listener: world.events, proposer, beacons }) };
}

/** Loaded only where there is such a chain. */
async function openWork(
  tip: Tip,
  { mining, events, secrets, openBeacons: _, ...world }: EngineWorld,
): Promise<OpenedEngine> {
  if (mining === undefined) throw new Error('a chain of work needs something that searches');
  const work = await import('../consensus/work/work-engine.ts');
  const miner = secrets.miner(tip.chainId).key;
  const { MinedCandidates } = await import('../consensus/work/mined-candidates.ts');
  const mined = await MinedCandidates.open(world.chain);
  const engine = new work.WorkEngine({ ...world, ...mining, listener: events, miner, mined });
  events.subscribe({
    onEvent: (event) => {
      if (event.kind === 'committed') engine.blockCommitted(event.block);
      if (event.kind !== 'reorganised') return;
      // What the operator of a sandbox takes back is not wanted again.
      if (event.added === 0) engine.tipMoved();
      else engine.blocksRemoved(event.removed.map(({ block }) => block));
    },
  });
  return { engine, work: engine };
}
