import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/cli/config/config.ts';
import { runCommand } from './cli/run-command.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = readFileSync(new URL('./fixtures/chain-example.json', import.meta.url), 'utf8');

/** Runs the check that the README gives to its readers on a chain. */
function runCheck(chain: readonly unknown[]): { status: number | null; stdout: string; stderr: string } {
  const script = /```python\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  return spawnSync('python3', ['-c', script], { input: JSON.stringify(chain), encoding: 'utf8' });
}

function exampleChain(): readonly Record<string, unknown>[] {
  return JSON.parse(example).chain;
}

const hasPython = spawnSync('python3', ['--version']).status === 0;
const skipped = hasPython ? '' : ' (skipped: no python3)';

describe('the README', () => {
  it.skipIf(!hasPython)(`gives a check in Python that agrees with every draw of the worked chain${skipped}`, () => {
    const { status, stdout } = runCheck(exampleChain());
    expect(status).toBe(0);
    expect(stdout.split('\n')[0]).toBe("block 1: ticket 374 of 400 is one of 350 to 399, cccccccc's");
    expect(stdout.trim().split('\n')).toHaveLength(4);
  });

  it.skipIf(!hasPython)(`gives a check in Python that finds another winner${skipped}`, () => {
    const chain = exampleChain().map((block, index) => (index === 1 ? { ...block, Validator: 'd'.repeat(64) } : block));
    const { status, stderr } = runCheck(chain);
    expect(status).not.toBe(0);
    expect(stderr).toContain('the winner is not in the pool that was sealed');
  });

  it.skipIf(process.platform === 'win32')('gives a forgery that changes block 1 of any chain with a draw', async () => {
    const [, script = ''] = /\$ sed '(.*)' chain\.txt > changed\.txt/.exec(readme) ?? [];
    const chain = exampleChain();
    const text = `Enter token balance:\n${JSON.stringify(chain)}\n`;
    const { stdout } = spawnSync('sed', [script], { input: text, encoding: 'utf8' });
    const changed = chain.map((block, index) => (index === 1 ? { ...block, BPM: Number(`9${block['BPM']}`) } : block));
    expect(stdout).toBe(`Enter token balance:\n${JSON.stringify(changed)}\n`);
    const { code, out } = await runCommand(['verify', '-'], { input: stdout });
    expect(code).toBe(1);
    expect(out).toMatch(/^The chain does not hold: block 1 breaks the rule "hash": /);
  });

  it('lists every setting with its default', () => {
    const printed = readConfig({ words: ['--print-config'], environment: {}, envFile: undefined, version: '0' });
    if (printed.kind !== 'print') throw new Error('no settings were printed');
    const settings = [...printed.text.matchAll(/^([A-Z_]+)=(\S+)/gm)];
    expect(settings).toHaveLength(12);
    for (const [, name, initial] of settings) {
      expect(readme).toMatch(new RegExp(`^\\| \`${name}\` \\| \`?${initial}\`? \\|`, 'm'));
    }
  });
});
