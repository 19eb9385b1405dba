import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { quantile } from '../bench/measure.ts';
import { chiSquare, Ledger } from './ledger.ts';
import { annoy, nuisances } from './nuisances.ts';
import { Player } from './player.ts';
import { SoakedServer } from './server.ts';

const roundMs = 200;
const stakes = [1n, 2n, 4n, 8n];
/** Fair draws are further off than this once in a thousand soaks. */
const chanceMin = 0.001;

/** `npm run soak -- --seconds 60 --players 200`: a whole crowd against the real process, and one table of what came of it. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, players: { type: 'string' } } });
  const seconds = Number(values.seconds ?? 60);
  const size = Number(values.players ?? 200);
  if (!(seconds > 0) || !(size >= stakes.length)) {
    console.error(`Usage: npm run soak -- [--seconds 60] [--players 200], at least ${stakes.length} players`);
    return 2;
  }
  const words = ['--lottery-interval-ms', String(roundMs), '--chain-broadcast-interval-ms', '5000'];
  const server = await SoakedServer.start(words);
  const ledger = new Ledger();
  const first = new Map<number, number>();
  const spreadMs: number[] = [];
  const players: Player[] = [];
  for (let place = 0; place < size; place++) {
    players.push(
      new Player({
        port: server.port,
        stake: stakes[place % stakes.length] ?? 1n,
        ledger,
        // Some at once, some up to the last millisecond of the round and beyond it.
        pauseMs: () => Math.random() * roundMs * 1.05,
        hear: (_, nowMs) => {
          const draw = players[place]?.heard.length ?? 0;
          const firstMs = first.get(draw);
          if (firstMs === undefined) first.set(draw, nowMs);
          else spreadMs.push(nowMs - firstMs);
        },
      }),
    );
  }
  await delay(500);
  const resident = [server.residentMB];
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs && !server.hasEnded) {
    for (const kind of Object.keys(nuisances)) annoy(server.port, kind, 10_000);
    players[0]?.ask();
    resident.push(server.residentMB);
    await delay(250);
  }
  for (const player of players) player.rest();
  await delay(1000);
  const stats = await server.stats();
  resident.push(server.residentMB);
  const [witness, ...others] = players.map(({ heard }) => heard.join());
  const deafened = others.filter((heard) => witness === undefined || !isTheEndOf(heard, witness)).length;
  const gone = players.filter(({ isConnected }) => !isConnected).length;
  for (const player of players) player.leave();
  const exitCode = await server.stop();

  const fairness = ledger.fairness();
  const { value, degrees, chance } = chiSquare(fairness);
  const wrong = ledger.wrongTotals();
  const answersMs = players[0]?.answersMs ?? [];
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['rounds', `${ledger.draws} drawn in ${seconds} s, one every ${roundMs} ms`, ledger.draws > 0],
    ['players', `${size}, of whom ${gone} lost their connection`, gone === 0],
    ['winners', `heard by everybody once and in the same order, but for ${deafened}`, deafened === 0],
    [
      'candidates',
      `${ledger.candidates}, each in exactly one draw, but for those of ${wrong.length} blocks`,
      wrong.length === 0,
    ],
    [
      'wins',
      fairness.map(({ stake, won, expected }) => `stake ${stake}: ${won} (${expected.toFixed(1)} expected)`).join(', '),
      true,
    ],
    [
      '',
      `chi-square ${value.toFixed(2)} with ${degrees} degrees: so far off in ${(chance * 100).toFixed(0)} % of all fair lotteries`,
      chance > chanceMin,
    ],
    ['answers', spread(answersMs), answersMs.length > 0],
    ['announced', `from the first player to each other: ${spread(spreadMs)}`, true],
    [
      'resident',
      `${resident[0]?.toFixed(0)} MB at the start, ${Math.max(...resident).toFixed(0)} MB at most, ${resident.at(-1)?.toFixed(0)} MB at the end`,
      true,
    ],
    ...[...stats].map(([label, text]) => [label, text, !/\bfault [1-9]/.test(text)] as const),
    ['exit code', String(exitCode), exitCode === 0],
  ];
  for (const [label, text, isGood] of rows) console.log(`  ${label.padEnd(11)} ${isGood ? '' : 'WRONG: '}${text}`);
  return rows.every(([, , isGood]) => isGood) ? 0 : 1;
}

/** Those who came a little later heard less, but from then on the same. */
function isTheEndOf(heard: string, all: string): boolean {
  return (heard.length > 0 && all.endsWith(heard)) || heard.endsWith(all);
}

function spread(milliseconds: readonly number[]): string {
  const [median, most, longest] = [0.5, 0.99, 1].map((share) => quantile(milliseconds, share).toFixed(1));
  return `${median} ms (median), ${most} ms (99 %), ${longest} ms (once)`;
}

process.exit(await main());
