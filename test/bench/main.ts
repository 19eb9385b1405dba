import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { announcements } from './announcements.ts';
import { chains } from './chains.ts';
import { draws } from './draws.ts';
import { instant } from './instant.ts';
import { ledger } from './ledger.ts';
import { lines } from './lines.ts';
import { type Finding, type Group, isReached } from './measure.ts';
import { memory } from './memory.ts';
import { mining } from './mining.ts';
import { nuisances } from './nuisances.ts';
import { peers } from './peers.ts';
import { preparation } from './preparation.ts';
import { redis } from './redis.ts';
import { roomsOf } from './rooms.ts';
import { rounds } from './rounds.ts';
import { starts } from './starts.ts';
import { store } from './store.ts';
import { watchers } from './watchers.ts';

/** `npm run bench`, `npm run bench -- lines --json`, `npm run bench -- rooms --blocks 100000`: ratios against bare baselines measured in the same run. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, blocks: { type: 'string', default: '1000000' } },
    allowPositionals: true,
  });
  const rooms = roomsOf(Number(values.blocks));
  const groups: readonly Group[] = [
    draws,
    rounds,
    lines,
    memory,
    starts,
    watchers,
    announcements,
    chains,
    mining,
    instant,
    ledger,
    peers,
    nuisances,
    redis,
    preparation,
    store,
    rooms,
  ];
  const unknown = positionals.find((name) => !groups.some((group) => group.name === name));
  if (unknown !== undefined) {
    console.error(`There is no group ${JSON.stringify(unknown)}: ${groups.map(({ name }) => name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const findings: (Finding & { readonly group: string })[] = [];
  if (!values.json) console.log(`${machine}\nours : bare, median [quartiles]`);
  for (const group of groups) {
    if (positionals.length > 0 && !positionals.includes(group.name)) continue;
    if (!values.json) console.log(`\n${group.name}`);
    for await (const finding of group.run()) {
      findings.push({ group: group.name, ...finding });
      if (!values.json) console.log(row(finding));
    }
  }
  if (values.json) console.log(JSON.stringify({ machine, findings }, null, 2));
}

function row(finding: Finding): string {
  const { what, against, ratio, spread, goal, note } = finding;
  const verdict = goal === undefined ? '' : `${isReached(finding) ? 'ok' : 'MISSED'}, goal ${goal.bound} ${goal.value}`;
  const [low, high] = spread;
  const figures = `${short(ratio)} [${short(low)}–${short(high)}]`;
  return `  ${what}\n    ${figures.padEnd(24)} ${verdict.padEnd(28)} against ${against}${note === undefined ? '' : ` (${note})`}`;
}

function short(ratio: number): string {
  return Number(ratio.toPrecision(3)).toString();
}

await main();
