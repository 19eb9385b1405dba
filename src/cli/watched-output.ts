import type { CommandIo } from './command.ts';
import { UnwritableError } from './command-error.ts';
import { exitCodes } from './exit-codes.ts';

/**
 * Lets the reader of the output end early, as `head` does: that is no error. Where the output cannot be written for another reason, such as a
 * full disk, one line says so, and the exit code is 5 whatever the command finds out, since its result is lost.
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
