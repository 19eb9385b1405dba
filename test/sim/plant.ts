import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Mutant, mutants } from './mutants.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const seeds = 300;

/** A bug that makes the simulation hang is noticed, too. */
const patienceMs = 120_000;

/** `npm run mutants`: plants one known bug after the other into a copy of the source, and says whether the simulation notices. */
function main(): void {
  const copy = mkdtempSync(join(tmpdir(), 'sortition-mutants-'));
  try {
    for (const part of [
      'src',
      'test/sim',
      'test/ledger/naive-ledger.ts',
      'test/node/branch-miner.ts',
      'test/core/build-chain.ts',
      'dist/core/native-sha256.js',
      'package.json',
    ])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    if (simulate(copy) !== 'clean') throw new Error('the simulation finds something without any planted bug');
    let caught = 0;
    for (const mutant of mutants) {
      const verdict = tryOut(copy, mutant);
      if (verdict !== 'clean') caught += 1;
      console.log(
        `${verdict === 'clean' ? 'MISSED' : 'caught'}  ${mutant.bug}${verdict === 'clean' ? '' : `\n          ${verdict}`}`,
      );
    }
    console.log(`${caught} of ${mutants.length} planted bugs caught`);
    if (caught < mutants.length) process.exitCode = 1;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function tryOut(copy: string, { file, from, to }: Mutant): string {
  const path = join(copy, 'src', file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    whole.replace(from, () => to),
  );
  const verdict = simulate(copy);
  writeFileSync(path, whole);
  return verdict;
}

/** What the simulation notices, in a line; 'clean' when nothing. */
function simulate(copy: string): string {
  const words = ['--import', 'tsx', 'test/sim/main.ts', '--seeds', String(seeds)];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: copy,
    encoding: 'utf8',
    timeout: patienceMs,
  });
  if (status === 0) return 'clean';
  if (status === null) return 'it never ends';
  const [, broken] = /breaks a promise [^\n]*:\n\s*([^\n]*)/.exec(stdout) ?? [];
  const [thrown] = /^\w*Error: [^\n]*/m.exec(stderr) ?? [];
  return (broken ?? thrown ?? 'it fails').slice(0, 140);
}

main();
