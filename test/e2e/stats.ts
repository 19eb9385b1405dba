import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';

/** Between two questions, so that the answers are not all that the server is busy with. */
const pauseMs = 20;

/** What the console's stats say of something, by its name; `place` is where the number stands. */
export async function counted(
  server: ServerProcess,
  name: string,
  place: 'behind' | 'before' = 'behind',
): Promise<number> {
  const printed = await stats(server);
  const pattern = place === 'behind' ? `\\b${name} +(\\d+)` : `\\b(\\d+) ${name}`;
  const [, count] = new RegExp(pattern).exec(printed) ?? [];
  if (count === undefined) throw new Error(`the stats do not say ${name}: ${printed}`);
  return Number(count);
}

/** Asks the console until it has counted so many. What a connection ended with is counted after both sides are closed. */
export async function counts(server: ServerProcess, name: string, count: number): Promise<void> {
  while ((await counted(server, name)) < count) await delay(pauseMs);
}

/** Asks the console until it counts no more than so many. */
export async function falls(server: ServerProcess, name: string, count: number): Promise<void> {
  while ((await counted(server, name)) > count) await delay(pauseMs);
}

/** How long the server has been up by its own clock, in whole seconds; of the stats that were printed last. */
export function upSeconds(server: ServerProcess): number {
  const [, minutes = '0', seconds = '0'] = /[\s\S]*\bup +(?:(\d+) min )?(\d+) s;/.exec(server.out) ?? [];
  return 60 * Number(minutes) + Number(seconds);
}

async function stats(server: ServerProcess): Promise<string> {
  const from = server.out.length;
  server.type('stats');
  const [printed] = await server.prints(/\bup [\s\S]* resident; /, from);
  return printed;
}
