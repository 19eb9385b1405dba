import type { CommandIo } from './command.ts';
import { UnwritableError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Lets whoever reads the output end early, as `head` does: that is no fault of anybody. Where it cannot be written for another reason, such
 * as a full disk, that is said in one line, and the exit code is 5 whatever the verb finds out: nobody can read it.
 */
export function watchOutput({ output, errors }: CommandIo): void {
  output.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') return;
    if (process.listeners('exit').includes(endUnwritable)) return;
    errors.write(`sortition: ${new UnwritableError('standard output', error.message).message}.\n`);
    process.on('exit', endUnwritable);
  });
}

function endUnwritable(): void {
  process.exitCode = exitCodes.unwritable;
}
