import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { Pool } from '../../src/core/pool.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { HighWaterMark } from '../../src/storage/high-water-mark.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { hexOf } from '../core/build-chain.ts';
import { openChain } from '../node/open-chain.ts';
import { shortSeries } from './short-series.ts';

/** Fills an empty data directory with a chain of `blocks` draws (about 1.1 KB each) that a server can go on with. */
export async function writeLongChain(dataDir: string, blocks: number): Promise<void> {
  const store = new MemoryStore();
  const secrets = SystemSecrets.open(join(dataDir, 'master-secret'), true);
  const { chain, extend } = await openChain({ clock: new SystemClock(), secrets, store }, shortSeries);
  const pool = new Pool();
  for (let place = 0; place < 8; place++) pool.add({ validator: hexOf(place), stake: 10n, payload: place });
  const frozen = pool.freeze();
  for (let block = 0; block < blocks; block++) await extend(frozen);

  const level = new ClassicLevel<string, string>(join(dataDir, 'chain'));
  let index = 0;
  for await (const batch of store.blocks()) {
    const puts = batch.map((value) => ({ type: 'put' as const, key: keyOf(index++), value }));
    await level.batch(puts);
  }
  await level.close();
  new HighWaterMark(join(dataDir, 'tip')).write({ index: blocks, hash: chain.tip?.hash ?? '' });
}

function keyOf(index: number): string {
  return `block/${String(index).padStart(12, '0')}`;
}
