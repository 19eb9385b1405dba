import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeLongChain } from './long-chain.ts';
import { type Finding, type Group, quantile } from './measure.ts';

interface Start {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** A start in a process of its own. */
async function start(directory: string, how: 'checkpoint' | 'all'): Promise<Start> {
  const child = fork(new URL('./rooms-child.ts', import.meta.url), [directory, how], {
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`a start of the bench ended with ${code}`)));
    child.once('message', (message) => {
      const [milliseconds, bytes] = Array.isArray(message) ? message.map(Number) : [];
      child.removeAllListeners('exit');
      child.once('exit', () => resolve({ milliseconds: milliseconds ?? Number.NaN, bytes: bytes ?? Number.NaN }));
    });
  });
}

function finding(what: string, against: string, values: readonly number[], most?: number): Finding {
  return {
    what,
    against,
    ratio: quantile(values, 0.5),
    spread: [quantile(values, 0.25), quantile(values, 0.75)],
    ...(most === undefined ? {} : { goal: { bound: 'at most', value: most } as const }),
  };
}

/** A room that has lived for long: its start on the checkpoint, and its memory. */
export function roomsOf(blocks: number): Group {
  return {
    name: 'rooms',
    async *run(): AsyncGenerator<Finding> {
      const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
      await makeLongChain(directory, blocks);
      const starts: Start[] = [];
      for (let run = 0; run < 5; run++) starts.push(await start(directory, 'checkpoint'));
      const all = await start(directory, 'all');
      rmSync(directory, { recursive: true });
      const seconds = starts.map(({ milliseconds }) => milliseconds / 1000);
      yield finding(`a start with ${blocks} blocks on the checkpoint`, 'one second', seconds, 2);
      yield finding('the same when all blocks are verified', 'one second', [all.milliseconds / 1000]);
      const megabytes = starts.map(({ bytes }) => bytes / 1_000_000);
      yield finding('resident memory after it', 'one megabyte', megabytes, 150);
    },
  };
}
