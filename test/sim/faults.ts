import type { ChainKind } from '../../src/consensus/engine.ts';
import { Dice } from './dice.ts';

/** All that may go wrong in a simulated lottery. Each seed has some of it. */
export const allFaults = [
  /** What people type is cut into packets anywhere, or several lines come in one. */
  'pieces',
  /** People close their side like a piped nc. */
  'half-close',
  /** Connections break. */
  'reset',
  /** People who come back with their code, whether their connection is broken or not. */
  'comeback',
  /** People who never read. */
  'deaf',
  /** People who read a little at a time. */
  'slow',
  /** A thousand lines at once. */
  'flood',
  /** Lines that are no numbers, control bytes, lines without end; validators are slashed for it. */
  'garbage',
  /** The same line again and again. */
  'duplicates',
  /** The disk takes its time, now and then longer than a round. */
  'disk-slow',
  /** The disk has no room for some seconds. */
  'disk-full',
  /** The disk refuses once, whether the block is stored or not; the server ends. */
  'disk-failure',
  /** The process dies: any time, or before, while or after a block is stored. */
  'crash',
  /** Another branch of a chain of work comes, which may be heavier. */
  'fork',
  /** Somebody sets the wall clock. */
  'wall-jump',
  /** The process is suspended for up to two minutes. */
  'stall',
] as const;

/** All that may go wrong in a simulated network. */
export const networkFaults = [
  /** A text takes up to half a second to a peer. */
  'latency',
  /** Announcements are lost. */
  'loss',
  /** The network falls apart for a while. */
  'partition',
  /** Nodes are killed, and come back with what they have stored. */
  'churn',
  /** Up to a third of all peers do harm. */
  'hostile',
] as const;

export type Fault = (typeof allFaults)[number] | (typeof networkFaults)[number];

/** What is simulated: a server with its people, one whose draws wait for beacons, a network of nodes, or several doors of one lottery. */
export const scenes = ['server', 'beacons', 'network', 'doors'] as const;

export type Scene = (typeof scenes)[number];

/** How many steps a run of a scene has: enough for several processes, and short enough for hundreds of seeds. */
const usualSteps: Readonly<Record<Scene, number>> = { server: 80, beacons: 30, network: 40, doors: 60 };

/** One run: everything in it follows from these. */
export interface Plan {
  readonly scene: Scene;
  readonly seed: number;
  readonly faults: ReadonlySet<Fault>;
  /** How the chain is made. */
  readonly kind: ChainKind;
  readonly hasLedger: boolean;
  /** How many times everybody may do something. */
  readonly steps: number;
}

/** The plan of a seed: about half of all faults, a third of all chains of each kind, and a ledger in a third of them. */
export function planOf(seed: number, scene: Scene = 'server', steps: number = usualSteps[scene]): Plan {
  const dice = new Dice(~seed);
  const faults = new Set(allFaults.filter((fault) => fault !== 'fork' && dice.once(2)));
  const kind = dice.once(3) ? 'instant' : dice.once(2) ? 'work' : 'lottery';
  const hasLedger = dice.once(3);
  // What came later is rolled for later: seeds that found something stay what they were.
  if (dice.once(2)) faults.add('fork');
  if (scene === 'network') return networkPlan(seed, steps, dice);
  return { scene, seed, steps, faults, kind: scene === 'server' ? kind : 'lottery', hasLedger };
}

/** Half of all networks make their chain by work, because only there it forks, and half of them have a ledger. */
function networkPlan(seed: number, steps: number, dice: Dice): Plan {
  const faults = new Set(networkFaults.filter(() => !dice.once(3)));
  const kind = dice.pick(['work', 'work', 'lottery', 'instant'] as const);
  return { scene: 'network', seed, steps, faults, kind, hasLedger: dice.once(2) };
}
