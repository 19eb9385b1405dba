#!/usr/bin/env node

const { argv, stdin: input, stdout: output, stderr: errors, env: environment } = process;
// Imported while it runs, so that a system which lets too few files be open for that is told in words: see `ulimit -n`.
process.exitCode = await import('./cli/cli.ts')
  .then(({ main }) => main(argv.slice(2), { input, output, errors, environment }))
  .catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EMFILE')) throw error;
    errors.write('sortition: too few files may be open: raise the limit, for example with ulimit -n 1024.\n');
    return 1;
  });
