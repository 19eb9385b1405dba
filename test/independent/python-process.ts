import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '../temporary.ts';

const script = fileURLToPath(new URL('./verify.py', import.meta.url));
const many = fileURLToPath(new URL('./verify-many.py', import.meta.url));
const signatures = fileURLToPath(new URL('./signatures.py', import.meta.url));

export const hasPython: boolean = spawnSync('python3', ['--version']).status === 0;

/** What the check in Python says to a chain; the first word of a refusal's last part is its rule. */
export function verifyInPython(input: string | Buffer): string {
  const { stdout, stderr } = spawnSync('python3', [script], { input, encoding: 'utf8' });
  return stdout + stderr;
}

/** What it says to each of many, in one process. */
export function verifyAllInPython(inputs: readonly (string | Buffer)[]): readonly string[] {
  const input = inputs.map((one) => `${Buffer.from(one).toString('base64')}\n`).join('');
  const { stdout, stderr } = spawnSync('python3', [many, script], { input, encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => String(JSON.parse(line)));
}

/** What it says to the proof of an account. */
export function verifyProofInPython(proof: unknown): string {
  return verifyFileInPython('--proof', JSON.stringify(proof));
}

/** What it says to an evidence file with this text. */
export function verifyEvidenceInPython(text: string): string {
  return verifyFileInPython('--evidence', text);
}

function verifyFileInPython(option: string, text: string): string {
  const file = join(temporaryDirectory(), 'file.json');
  writeFileSync(file, text);
  const { stdout, stderr } = spawnSync('python3', [script, option, file], { encoding: 'utf8' });
  return stdout + stderr;
}

/** Whether each of these signatures holds there. */
export function verifySignaturesInPython(
  cases: readonly { readonly key: string; readonly message: string; readonly signature: string }[],
): readonly unknown[] {
  const input = JSON.stringify(cases.map(({ key, message, signature }) => [key, message, signature]));
  const { stdout, stderr } = spawnSync('python3', [signatures], { input, encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  return [JSON.parse(stdout)].flat();
}
