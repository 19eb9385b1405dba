import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { withThousands } from '../../../base/formatting.ts';
import { runToEnd } from '../../../base/run-to-end.ts';
import { drawTicket } from '../../../core/draw.ts';
import { taggedHash } from '../../../core/hash.ts';
import { type FrozenPool, Pool } from '../../../core/pool.ts';
import { SumTree } from '../../../core/sum-tree.ts';
import type { Attack, Measure } from './attack.ts';
import { candidateNamed } from './chain-builder.ts';

const validators = 10;
const totals = [100_000, 1_000_000, 10_000_000] as const;
const largest = 1_000_000_000_000_000;
const oneMb = 1_000_000;
/** As often as the engine needs to have compiled both. */
const warmUps = 20;

/** A list with one entry for each token: type a large number, and the server is gone. */
export const list: Attack = {
  name: 'list',
  title: 'one list entry for each token: type a large balance',
  flaw: 'The simplest lottery puts a name into a list once for each token and picks an entry at random. It is fair, and easy to understand. But the list is as long as all stakes together, it is built anew in every round, and a stranger decides how long: one person who types a balance of 1,000,000,000,000,000 ends the server.',
  cure: 'Nobody needs the list. The tokens are numbered in thought only: a sum tree knows how many lie left and right of each of its nodes, and walks from the ticket to its holder in as many steps as the tree has levels. Cost and memory depend on the number of validators, never on their stakes.',
  run() {
    // The first run of any code is slower: what is compared must have run before.
    for (let time = 0; time < warmUps; time++) [buildList, buildTree].map((build) => build(totals[0]));
    const flawed = totals.map((total) => ({ total, ...measured(() => buildList(total)) }));
    const bytesPerToken = (flawed.at(-1)?.bytes ?? 0) / (totals.at(-1) ?? 1);
    const foretold = `${withThousands(Math.round((bytesPerToken * largest) / 1e12))} TB`;
    return {
      flawed: [...flawed.map(rowOf), { what: `${withThousands(largest)} tokens, by calculation`, value: foretold }],
      ours: [...totals, largest].map((total) => rowOf({ total, ...measured(() => buildTree(total)) })),
    };
  },
};

interface Cost {
  readonly bytes: number;
  readonly milliseconds: number;
}

function rowOf({ total, bytes, milliseconds }: Cost & { readonly total: number }): Measure {
  const memory = bytes < 0.1 * oneMb ? 'below 0.1 MB' : `${(bytes / oneMb).toFixed(1)} MB`;
  return { what: `${withThousands(total)} tokens`, value: `${memory}, ${milliseconds.toFixed(1)} ms` };
}

/** One list entry for each token of ten validators. */
function buildList(total: number): readonly string[] {
  const entries: string[] = [];
  for (let token = 0; token < total; token++) entries.push(names[token % validators] ?? '');
  return entries;
}

function buildTree(total: number): { readonly frozen: FrozenPool; readonly tree: SumTree; readonly winner: number } {
  const pool = new Pool();
  for (const name of names) pool.add(candidateNamed(name, BigInt(total / validators)));
  const frozen = pool.freeze();
  const tree = runToEnd(SumTree.grow(frozen.leaves));
  return { frozen, tree, winner: tree.leafOf(drawTicket(taggedHash('seed', 'lab', 'list'), tree.root.sum)) };
}

const names: readonly string[] = Array.from({ length: validators }, (_, place) => `validator ${place}`);

/** The memory that a thing holds, and the time that making it takes. */
function measured(make: () => unknown): Cost {
  const collect = garbageCollection();
  collect();
  const before = process.memoryUsage().heapUsed;
  const beginMs = performance.now();
  const made = make();
  const milliseconds = performance.now() - beginMs;
  collect();
  const bytes = Math.max(0, process.memoryUsage().heapUsed - before);
  // Used once more, so that it is still there when the memory is read.
  if (made === undefined) throw new Error('nothing was made');
  return { bytes, milliseconds };
}

/** Makes the engine tidy up, so that only what is held counts; nothing where it cannot be asked to. */
function garbageCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  return typeof collect === 'function' ? () => collect() : () => undefined;
}
