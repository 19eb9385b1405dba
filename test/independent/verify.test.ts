import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { blockHash, isDrawn } from '../../src/core/block.ts';
import { runVerb } from '../cli/run-verb.ts';
import { readChain, readExample } from '../core/example.ts';
import { candidatesWith, forgeChain } from '../core/forge.ts';
import { ServerProcess } from '../e2e/server-process.ts';

const script = new URL('./verify.py', import.meta.url).pathname;
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** What the check in Python says to a chain; the first word of a refusal's last part is its rule. */
function verifyInPython(input: string): string {
  const { stdout, stderr } = spawnSync('python3', [script], { input, encoding: 'utf8' });
  return stdout + stderr;
}

const { chain: json, pools } = readExample();
const chain = readChain(json);
const lines = json.map((Block, index) => ({ Block, Pool: index === 0 ? [] : (pools[index - 1] ?? []) }));

function textOf(entries: readonly unknown[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** The chain with a block changed by somebody who knows how to make its hash right again. */
function forged(index: number, change: (block: Record<string, unknown>) => Record<string, unknown>): string {
  return JSON.stringify(
    chain.map((block, place) => {
      const changed = place === index ? Object.assign({}, block, change({ ...block })) : block;
      return place === index && isDrawn(changed) ? { ...changed, Hash: blockHash(changed) } : changed;
    }),
  );
}

describe.skipIf(!hasPython)(
  'a verifier in another language, which shares no code with ours (skipped: no python3)',
  () => {
    it('holds what a real server exports, with and without pools', async () => {
      const server = await ServerProcess.start({ words: ['--lottery-interval-ms', '150'] });
      const clients = [server.connect(), server.connect(), server.connect()];
      for (const [place, client] of clients.entries()) await client.stakes(10 ** (place + 1));
      for (const index of [1, 2, 3]) {
        await Promise.all(clients.map((client) => client.says('72', `Candidate for block ${index}`)));
        await Promise.all(clients.map((client) => client.sees(new RegExp(`(winning validator[^]*){${index}}`))));
      }
      await server.stop();
      const exported = runVerb(['export', server.dataDir]).out;
      const count = JSON.parse(exported).length;
      expect(verifyInPython(exported)).toBe(`${count} blocks hold, and 0 pools\n`);
      const withPools = runVerb(['export', server.dataDir, '--pools']).out;
      expect(verifyInPython(withPools)).toBe(`${count} blocks hold, and ${count - 1} pools\n`);
      expect(verifyInPython(exported.replace(/"BPM":72/, '"BPM":73'))).toBe('block 1 does not hold: hash\n');
      expect(verifyInPython(withPools.replace(/("Pool":\[.*?)"BPM":72/, '$1"BPM":73'))).toMatch(
        /^block 1 does not hold: pool-/,
      );
    });

    it('holds the worked chain, and chains of secrets that end', () => {
      expect(verifyInPython(JSON.stringify(json))).toBe(`${json.length} blocks hold, and 0 pools\n`);
      expect(verifyInPython(textOf(lines))).toBe(`${json.length} blocks hold, and ${pools.length} pools\n`);
      const long = forgeChain(
        Array.from({ length: 7 }, (_, place) => candidatesWith([1n, 2n, 3n].slice(place % 3))),
        3,
      );
      expect(verifyInPython(JSON.stringify(long))).toBe('8 blocks hold, and 0 pools\n');
    });

    it.each([
      ['form', forged(1, () => ({ Validator: 'X' }))],
      ['index', JSON.stringify(json.filter((_, index) => index !== 1))],
      ['prev-hash', forged(2, () => ({ PrevHash: 'a'.repeat(64) }))],
      ['hash', JSON.stringify(chain.map((block, index) => (index === 1 ? { ...block, BPM: 1 } : block)))],
      ['link', forged(1, ({ Draw }) => ({ Draw: Object.assign({}, Draw, { Reveal: 'a'.repeat(64) }) }))],
      ['ticket', forged(1, ({ Draw }) => ({ Draw: Object.assign({}, Draw, { Ticket: '0' }) }))],
      ['path', forged(1, ({ Draw }) => ({ Draw: Object.assign({}, Draw, { PoolSize: 4 }) }))],
      ['path', forged(1, () => ({ BPM: 1 }))],
      ['timestamp', forged(1, () => ({ Timestamp: '2020-01-01T00:00:00.000Z' }))],
      ['next-commitment', forged(1, () => ({ NextCommitment: 'a'.repeat(64) }))],
    ])('finds that the rule "%s" is broken, as ours does', (rule, input) => {
      expect(verifyInPython(input)).toMatch(new RegExp(`^block \\d does not hold: ${rule}\\b`));
      const { fault } = JSON.parse(runVerb(['verify', '-', '--json'], { input }).out);
      expect(fault.rule).toBe(rule);
    });
  },
);
