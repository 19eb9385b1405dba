import { spawnSync } from 'node:child_process';
import { temporaryDirectory } from '../temporary.ts';

/** The built program. */
export const programPath: string = new URL('../../dist/main.js', import.meta.url).pathname;

export interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the real program with these words to its end, without a terminal, away from this machine's settings. */
export function sortition(...words: readonly string[]): Ended {
  const options = { encoding: 'utf8', cwd: temporaryDirectory(), env: { PATH: process.env['PATH'] } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [programPath, ...words], options);
  return { status, out: stdout, err: stderr };
}
