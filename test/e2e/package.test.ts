import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../temporary.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a project does with the package. */
const program = `
import { connect, draw, verifyChain } from 'sortition';
import { nativeVerifier, type RunningNode, start } from 'sortition/node';
import { SeededSecrets, SettableClock } from 'sortition/testing';

const clock = new SettableClock();
await using node: RunningNode = await start({ clock, secrets: new SeededSecrets('package'), lotteryIntervalMs: '30s', linksPerChain: 10 });
const page = await (await fetch(node.url)).text();
const seat = await connect(node.url).join(100);
await seat.propose(72);
await clock.pass(30_000);
const blocks: unknown[] = [];
for await (const block of node.client.blocks()) blocks.push(block);
const { fault } = await verifyChain(blocks, { verifySignature: nativeVerifier() });
const { winner } = draw('seed', [{ name: 'Ada', stake: 1n }]);
console.log(JSON.stringify({ blocks: blocks.length, fault: fault ?? null, winner: winner.name, page: page.length > 0 }));
`;

/** An empty project with the package in it. Of the packages around it, it has those that the package says it needs. */
async function projectWithPackage(): Promise<string> {
  const project = temporaryDirectory(afterAll);
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], {
    cwd: root,
  });
  const [{ filename }]: [{ readonly filename: string }] = JSON.parse(stdout);
  const installed = join(project, 'node_modules', 'sortition');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(project, filename), '-C', installed, '--strip-components', '1']);
  const { dependencies }: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  );
  // With those that TypeScript needs to know the types of Node.
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types']) {
    const place = join(project, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), place);
  }
  writeFileSync(join(project, 'package.json'), '{"name":"empty","type":"module"}');
  return project;
}

describe('the package', () => {
  let project = '';
  beforeAll(async () => {
    project = await projectWithPackage();
  });

  it('works in an empty project: its types, its three entries, its page and its command', async () => {
    writeFileSync(join(project, 'main.ts'), program);
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = [
      '--strict',
      '--target',
      'es2023',
      '--module',
      'nodenext',
      '--types',
      'node',
      '--skipLibCheck',
      'main.ts',
    ];
    await run(process.execPath, [tsc, ...options], { cwd: project });
    const { stdout } = await run(process.execPath, ['main.js'], { cwd: project });
    expect(JSON.parse(stdout)).toEqual({ blocks: 2, fault: null, winner: 'Ada', page: true });
    const installed = join(project, 'node_modules', 'sortition');
    const version = await run(process.execPath, [join(installed, 'dist', 'main.js'), '--version'], { cwd: project });
    expect(version.stdout).toMatch(/^sortition \d+\.\d+\.\d+\n$/);
  });

  it('holds what it needs to run, and no sources, tests or maps', () => {
    const installed = join(project, 'node_modules', 'sortition');
    expect(readdirSync(installed).sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist',
      'examples',
      'package.json',
      'public',
    ]);
    const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => /\.(?:map|tsbuildinfo)$/.test(name))).toEqual([]);
    expect(statSync(join(project, readdirSync(project).find((name) => name.endsWith('.tgz')) ?? '')).size).toBeLessThan(
      1_500_000,
    );
  });
});
