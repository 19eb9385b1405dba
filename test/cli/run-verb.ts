import { spawnSync } from 'node:child_process';
import { program } from '../program.ts';
import { temporaryDirectory } from '../temporary.ts';
import type { Finished, RunOptions } from './run-command.ts';

interface ProcessRunOptions extends Pick<RunOptions, 'environment' | 'directory'> {
  readonly input?: string | Buffer;
}

/** Runs `sortition <words>` to its end in a process of its own, away from this machine's settings. See `runCommand` for a quicker way. */
export function runVerb(
  words: readonly string[],
  { input = '', environment = {}, directory = temporaryDirectory() }: ProcessRunOptions = {},
): Finished {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    input,
    cwd: directory,
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  });
  if (status === null) throw new Error(`ended by ${signal}: ${stderr}`);
  return { code: status, out: stdout, err: stderr };
}
