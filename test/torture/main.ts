import { fileURLToPath } from 'node:url';
import { runEnclosed } from './enclosure.ts';

/** `npm run torture`: has test/torture/torture-child.ts do the work, and leaves nothing of it behind, also after Ctrl-C. */
async function main(): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  const child = fileURLToPath(new URL('torture-child.ts', import.meta.url));
  const command = [process.execPath, ...process.execArgv, child, ...process.argv.slice(2)];
  process.exitCode = await runEnclosed(command, stopping.signal);
}

await main();
