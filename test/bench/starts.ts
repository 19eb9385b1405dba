import { generateKeyPairSync, hash, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { limits } from '../../src/consensus/lottery/limits.ts';
import { compare, type Finding, type Group } from './measure.ts';
import { blocks, loadChain, makeChain } from './stored-chain.ts';

/**
 * Reads and parses every block, makes as many hashes of texts as long as those that prove it (link, seed, tickets, leaf, path, block), and asks
 * OpenSSL for the verdict on as many signatures, with the key at hand and the bytes ready.
 */
async function readAndHash(directory: string): Promise<number> {
  const startMs = performance.now();
  const level = new ClassicLevel<string, string>(join(directory, 'chain'));
  await level.open();
  const short = 'x'.repeat(120);
  const long = 'x'.repeat(900);
  const node = 'x'.repeat(180);
  const signed = Buffer.from('x'.repeat(160));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signature = sign(null, signed, privateKey);
  for await (const text of level.values({ gt: 'block/', lt: 'block0', fillCache: false })) {
    const block: unknown = JSON.parse(text);
    if (block === null) throw new Error('a block is null');
    for (const parts of [short, short, short, short, node, node, node]) hash('sha256', JSON.stringify([parts]));
    hash('sha256', JSON.stringify([long]));
    if (!verify(null, signed, publicKey, signature)) throw new Error('OpenSSL changed its mind');
  }
  // The chain of secrets that the next blocks reveal.
  for (let link = 0; link < limits.linksPerChain; link++) hash('sha256', JSON.stringify([short]));
  const milliseconds = performance.now() - startMs;
  await level.close();
  return milliseconds;
}

export const starts: Group = {
  name: 'starts',
  async *run(): AsyncGenerator<Finding> {
    const directory = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
    await makeChain(directory);
    const { ratio, spread, ours } = await compare(
      { ours: () => loadChain(directory), bare: () => readAndHash(directory) },
      5,
    );
    rmSync(directory, { recursive: true });
    yield {
      what: `loading and verifying a chain of ${blocks} blocks`,
      against: 'reading, parsing, hashing and verifying as much',
      ratio,
      spread,
      goal: { bound: 'at most', value: 1.5 },
      note: `${((ours * 1000) / blocks).toFixed(1)} µs a block`,
    };
  },
};
