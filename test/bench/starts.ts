import { generateKeyPairSync, hash, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { limits } from '../../src/consensus/lottery/limits.ts';
import { LotteryRules } from '../../src/consensus/lottery/lottery-rules.ts';
import { buildBlock } from '../../src/core/build-block.ts';
import { HashChain, isLastLink } from '../../src/core/hash-chain.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { assemble } from '../../src/node/assemble.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { HighWaterMark } from '../../src/storage/high-water-mark.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { keyOf } from '../../src/storage/level-value.ts';
import { candidatesWith, frozen } from '../core/build-chain.ts';
import { openChain } from '../node/open-chain.ts';
import { compare, type Finding, type Group } from './measure.ts';

/** A week of 30-second rounds: each costs a signature to make, and one to verify in every turn of both sides. */
const blocks = 20_000;
const validators = 8;
const silent = { onEvent: () => undefined };

/** Writes a chain as a server would have in a week, without waiting for the disk at every block. */
async function makeChain(directory: string): Promise<void> {
  const first = await LevelStore.open(directory);
  const secrets = SystemSecrets.open(join(directory, 'master-secret'), true);
  const { chain } = await openChain({ clock: new SystemClock(), secrets, store: first }, limits.linksPerChain);
  const { tip } = chain;
  if (!(tip?.seal instanceof LotteryRules)) throw new Error('the lottery was not founded');
  await first.close();
  const pool = frozen(candidatesWith(Array.from({ length: validators }, (_, place) => BigInt(place + 1))));
  const tree = runToEnd(SumTree.grow(pool.leaves));
  const { salt, links: length } = tip.seal;
  const authority = secrets.authority(salt);
  const linksOf = (series: number): HashChain =>
    runToEnd(HashChain.make(salt, series, length, secrets.lastLink(salt, series)));
  const level = new ClassicLevel<string, string>(join(directory, 'chain'));
  let links = linksOf(0);
  let prevHash = tip.hash;
  let batch: { type: 'put'; key: string; value: string }[] = [];
  for (let index = 1; index <= blocks; index++) {
    const next = isLastLink(index, length) ? linksOf(index / length) : undefined;
    const block = buildBlock({
      index,
      timestamp: tip.timestamp,
      prevHash,
      chainId: tip.chainId,
      authority,
      reveal: links.at(index),
      nextCommitment: next?.commitment,
      pool,
      tree,
    });
    links = next ?? links;
    prevHash = block.Hash;
    batch.push({ type: 'put', key: keyOf('block', index), value: JSON.stringify(block) });
    batch.push({ type: 'put', key: keyOf('pool', index), value: '[]' });
    if (index % 1000 === 0 || index === blocks) {
      await level.batch(batch);
      batch = [];
    }
  }
  await level.close();
  new HighWaterMark(join(directory, 'tip')).write({ index: blocks, hash: prevHash });
}

/** What a server does before it listens. */
async function start(directory: string): Promise<number> {
  const startMs = performance.now();
  const store = await LevelStore.open(directory);
  await assemble(
    {
      clock: new SystemClock(),
      secrets: SystemSecrets.open(join(directory, 'master-secret'), false),
      verifySignature: nativeVerifier(),
      store,
      sessionStore: store,
      subscribers: [silent],
      failed: () => undefined,
    },
    { linksPerChain: limits.linksPerChain, intervalMs: 30_000, broadcastIntervalMs: 60_000, rejoinGraceMs: 0 },
  );
  const milliseconds = performance.now() - startMs;
  await store.close();
  return milliseconds;
}

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
      { ours: () => start(directory), bare: () => readAndHash(directory) },
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
