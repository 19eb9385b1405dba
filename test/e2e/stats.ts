import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';

/** What the console's stats say of something, by its name; `place` is where the number stands. */
export async function counted(
  server: ServerProcess,
  name: string,
  place: 'behind' | 'before' = 'behind',
): Promise<number> {
  const from = server.out.length;
  server.type('stats');
  for (;;) {
    const printed = server.out.slice(from);
    const pattern = place === 'behind' ? `\\b${name} +(\\d+)` : `\\b(\\d+) ${name}`;
    const [, count] = new RegExp(pattern).exec(printed) ?? [];
    if (count !== undefined && printed.includes(' resident; ')) return Number(count);
    if (server.child.exitCode !== null) throw new Error(`ended without stats: ${server.err}`);
    await delay(10);
  }
}

/** Asks the console until it has counted so many. */
export async function counts(server: ServerProcess, name: string, count: number): Promise<void> {
  while ((await counted(server, name)) < count) await delay(50);
}
