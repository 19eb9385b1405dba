import { spawnSync } from 'node:child_process';
import { LevelStore } from '../../src/storage/level-store.ts';
import { program } from '../program.ts';
import { fill } from '../storage/contract.ts';
import { temporaryDirectory } from '../temporary.ts';

export interface RunOptions {
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
}

/** Runs `sortition <words>` to its end, away from this machine's settings. */
export function runVerb(
  words: readonly string[],
  { input = '', environment = {}, directory = temporaryDirectory() }: RunOptions = {},
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    input,
    cwd: directory,
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

/** A new data directory with the chain of `test/storage/contract.ts` and its pools. */
export async function filledDirectory(): Promise<string> {
  const directory = temporaryDirectory();
  const store = await LevelStore.open(directory);
  await fill(store);
  await store.close();
  return directory;
}
