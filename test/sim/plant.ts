import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scene } from './faults.ts';
import { type Mutant, mutants } from './mutants.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Hundreds of a server are as long as tens of another scene. */
const seeds: Readonly<Record<Scene, number>> = { server: 300, beacons: 40, network: 40, doors: 300 };

/** A bug that makes the simulation hang is noticed, too. */
const patienceMs = 300_000;

/** `npm run mutants [-- WORDS]`: plants one known bug after the other, or those that are called so, into a copy of the source, and says whether the simulation notices. */
function main(): void {
  const [word = ''] = process.argv.slice(2);
  const chosen = mutants.filter(({ scene = 'server', bug }) => `${scene}: ${bug}`.includes(word));
  const copy = mkdtempSync(join(tmpdir(), 'sortition-mutants-'));
  try {
    for (const part of ['src', 'test', 'dist/core/native-sha256.js', 'package.json'])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    for (const scene of new Set(chosen.map(({ scene = 'server' }) => scene)))
      if (simulate(copy, scene) !== 'clean')
        throw new Error(`the simulation of ${scene} finds something without any planted bug`);
    let caught = 0;
    for (const mutant of chosen) {
      const verdict = tryOut(copy, mutant);
      if (verdict !== 'clean') caught += 1;
      console.log(
        `${verdict === 'clean' ? 'MISSED' : 'caught'}  ${mutant.bug}${verdict === 'clean' ? '' : `\n          ${verdict}`}`,
      );
    }
    console.log(`${caught} of ${chosen.length} planted bugs caught`);
    if (caught < chosen.length) process.exitCode = 1;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function tryOut(copy: string, { scene = 'server', file, from, to }: Mutant): string {
  const path = join(copy, 'src', file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    whole.replace(from, () => to),
  );
  const verdict = simulate(copy, scene);
  writeFileSync(path, whole);
  return verdict;
}

/** What the simulation notices, in a line; 'clean' when nothing. */
function simulate(copy: string, scene: Scene): string {
  const words = ['--import', 'tsx', 'test/sim/main.ts', '--scene', scene, '--seeds', String(seeds[scene])];
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
