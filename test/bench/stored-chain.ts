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

/** A week of 30-second rounds: each costs a signature to make, and one to verify in every turn of both sides. */
export const blocks = 20_000;
const validators = 8;
const silent = { onEvent: () => undefined };

/** Writes a chain as a server would have in a week, without waiting for the disk at every block. */
export async function makeChain(directory: string): Promise<void> {
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

/** Milliseconds of what a server does before it listens. */
export async function loadChain(directory: string): Promise<number> {
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
    {
      linksPerChain: limits.linksPerChain,
      intervalMs: 30_000,
      broadcastIntervalMs: 60_000,
      rejoinGraceMs: 0,
      // A checkpoint would spare what is measured.
      verifiesAll: true,
    },
  );
  const milliseconds = performance.now() - startMs;
  await store.close();
  return milliseconds;
}
