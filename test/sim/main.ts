import { parseArgs } from 'node:util';
import { allFaults, type Fault, networkFaults, type Plan, planOf, type Scene, scenes } from './faults.ts';
import { foundSeeds } from './found-seeds.ts';
import type { Outcome } from './outcome.ts';
import { simulate } from './run.ts';

const traceLines = 60;

/** A run of another scene takes as long as several of a server: one in so many seeds. */
const seedsPerScene = 10;

/** `npm run sim -- --seeds 1000 [--from 1] [--scene beacons] [--steps 80]`; where no scene is named, a tenth of the seeds is of each other one, too. A failure is made as short as it can be, and repeats exactly. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      scene: { type: 'string' },
      steps: { type: 'string' },
    },
  });
  const from = Number(values.from ?? 1);
  const seeds = Number(values.seeds ?? 1000);
  const scene = sceneOf(values.scene);
  const steps = values.steps === undefined ? undefined : Number(values.steps);
  const totals = new Map<Fault, number>();
  const chains = new Map<string, number>();
  let blocks = 0;
  let transactions = 0;
  let lives = 0;
  const found = foundSeeds.map((plan) => ({ ...planOf(plan.seed), ...plan }));
  const asked = (scene === undefined ? scenes : [scene]).flatMap((each) => {
    const length = scene === undefined && each !== 'server' ? Math.ceil(seeds / seedsPerScene) : seeds;
    return Array.from({ length }, (_, place) => planOf(from + place, each, steps));
  });
  // Where no seed is asked for by its number, those come first that once found something.
  const plans = values.from === undefined && (scene ?? 'server') === 'server' ? [...found, ...asked] : asked;
  for (const [place, plan] of plans.entries()) {
    const outcome = await simulate(plan);
    if (outcome.broken.length > 0) {
      await tell(await shortest(plan, outcome));
      process.exitCode = 1;
      return;
    }
    chains.set(chainOf(plan), (chains.get(chainOf(plan)) ?? 0) + 1);
    blocks += outcome.blocks;
    transactions += outcome.transactions;
    lives += outcome.lives;
    for (const [fault, count] of outcome.faults) totals.set(fault, (totals.get(fault) ?? 0) + count);
    if ((place + 1) % 100 === 0)
      console.log(`${place + 1} seeds, ${lives} server processes, ${blocks} blocks: every promise kept`);
  }
  const kinds = [...chains].map(([kind, count]) => `${kind} ${count}`).join(', ');
  const rows = [...allFaults, ...networkFaults].map((fault) => `  ${fault.padEnd(14)} ${totals.get(fault) ?? 0}`);
  console.log(
    `${plans.length} seeds (${kinds}), ${lives} server processes, ${blocks} blocks, ${transactions} transactions; faults:\n${rows.join('\n')}`,
  );
}

function sceneOf(word: string | undefined): Scene | undefined {
  const scene = scenes.find((each) => each === word);
  if (word !== undefined && scene === undefined) throw new Error(`--scene takes ${scenes.join(' or ')}, not ${word}`);
  return scene;
}

function chainOf({ scene, kind, hasLedger }: Plan): string {
  const chain = hasLedger ? `${kind} with a ledger` : kind;
  return scene === 'server' ? chain : `${scene}: ${chain}`;
}

interface Failure {
  readonly plan: Plan;
  readonly outcome: Outcome;
}

/** Leaves out what the failure does not need: the steps after it, then one fault after the other. */
async function shortest(plan: Plan, outcome: Outcome): Promise<Failure> {
  let best: Failure = { plan: { ...plan, steps: outcome.brokenAt }, outcome };
  for (const fault of plan.faults) {
    const faults = new Set([...best.plan.faults].filter((other) => other !== fault));
    const without = { ...best.plan, faults, steps: plan.steps };
    const shorter = await simulate(without);
    if (shorter.broken.length > 0 && shorter.brokenAt <= best.outcome.brokenAt) {
      best = { plan: { ...without, steps: shorter.brokenAt }, outcome: shorter };
    }
  }
  return best;
}

async function tell({ plan, outcome }: Failure): Promise<void> {
  console.log(outcome.trace.slice(-traceLines).join('\n'));
  console.log(
    `\nSeed ${plan.seed} (${chainOf(plan)}) breaks a promise in step ${outcome.brokenAt} with ${[...plan.faults].join(', ') || 'no faults'}:`,
  );
  for (const words of outcome.broken.slice(0, 10)) console.log(`  ${words}`);
  const { kind, hasLedger } = planOf(plan.seed, plan.scene);
  const isKept = kind !== plan.kind || hasLedger !== plan.hasLedger;
  console.log(`Repeat: npm run sim -- ${isKept ? '--seeds 0' : `--seeds 1 --from ${plan.seed} --scene ${plan.scene}`}`);
}

await main();
