#!/usr/bin/env node

// Imported while it runs, so that a system which lets too few files be open for that is told in words: see `ulimit -n`.
const program = await import('./cli/cli.ts').catch((error: unknown) => {
  if (!(error instanceof Error && 'code' in error && error.code === 'EMFILE')) throw error;
  process.stderr.write(
    'sortition: too few files may be open to begin with: raise the limit, for example with ulimit -n 1024.\n',
  );
  return undefined;
});
const { argv, stdin: input, stdout: output, stderr: errors, env: environment } = process;
process.exitCode = await (program?.main(argv.slice(2), { input, output, errors, environment }) ?? 1);
