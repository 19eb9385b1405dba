import type { Clock } from '../consensus/clock.ts';
import type { ChainSecrets, Engine, EnginePorts, StoredBlock } from '../consensus/engine.ts';
import { LotteryEngine } from '../consensus/lottery/lottery-engine.ts';
import { LotteryProposer } from '../consensus/lottery/lottery-proposer.ts';
import type { Tip } from '../consensus/verifier.ts';
import type { WorkStart } from '../consensus/work/make-genesis.ts';
import type { NonceSearch } from '../consensus/work/search/nonce-search.ts';
import type { MiningTime, WorkEngine } from '../consensus/work/work-engine.ts';
import type { GenesisLedger } from '../core/block.ts';
import type { EventHub } from './event-hub.ts';
import { ChainError } from './ports.ts';

/** What a node searches for blocks of work with, and when. */
export interface Mining {
  readonly nonces: NonceSearch;
  readonly mine: MiningTime;
}

export interface EngineWorld extends Omit<EnginePorts, 'listener'> {
  readonly events: EventHub;
  readonly secrets: ChainSecrets;
  /** The round of a lottery. */
  readonly intervalMs: number;
  readonly mining: Mining | undefined;
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

/** How a chain that is founded begins, where that is no lottery. */
export type NewChain = WorkStart | { readonly kind: 'instant' };

/** The genesis of a new chain: a lottery whose series of secrets have `linksPerChain` links, or what `newChain` says, with a ledger where that is given. */
export async function makeGenesis(
  ports: { readonly clock: Clock; readonly secrets: ChainSecrets },
  newChain: NewChain | undefined,
  linksPerChain: number,
  ledger?: GenesisLedger,
): Promise<StoredBlock> {
  const { clock, secrets } = ports;
  switch (newChain?.kind) {
    case undefined:
      return LotteryProposer.makeGenesis(ports, linksPerChain, ledger);
    case 'work':
      return (await import('../consensus/work/make-genesis.ts')).makeWorkGenesis(clock.timestamp(), newChain, ledger);
    case 'instant':
      return (await import('../consensus/instant/open-instant.ts')).makeInstantGenesis(clock, secrets, ledger);
  }
}

/** Loaded only where there is such a chain. */
async function openInstantChain(tip: Tip, { events, secrets, ...world }: EngineWorld): Promise<OpenedEngine> {
  const { openInstant } = await import('../consensus/instant/open-instant.ts');
  const engine = openInstant(tip, secrets, { ...world, listener: events });
  if (engine !== undefined) return { engine };
  throw new ChainError(
    'the master secret is not the one that this chain was begun with, so its next block cannot be signed',
  );
}

async function openLottery(tip: Tip, world: EngineWorld): Promise<OpenedEngine> {
  if (tip.form.beacons > 0) {
    throw new ChainError(
      'the draws of this chain wait for beacons, and this version cannot ask beacons for their rounds: it can be verified and shown, but not continued',
    );
  }
  const proposer = await LotteryProposer.open(world, tip);
  if (proposer === undefined) {
    throw new ChainError(
      'the master secret is not the one that this chain was begun with, so its next draw can be neither revealed nor signed',
    );
  }
  return { engine: new LotteryEngine({ ...world, listener: world.events, proposer }) };
}

/** Loaded only where there is such a chain. */
async function openWork(tip: Tip, { mining, events, secrets, ...world }: EngineWorld): Promise<OpenedEngine> {
  if (mining === undefined) throw new Error('a chain of work needs something that searches');
  const work = await import('../consensus/work/work-engine.ts');
  const miner = secrets.miner(tip.chainId).key;
  const engine = new work.WorkEngine({ ...world, ...mining, listener: events, miner });
  events.subscribe({
    onEvent: ({ kind }) => {
      if (kind === 'committed') engine.tipMoved();
    },
  });
  return { engine, work: engine };
}
