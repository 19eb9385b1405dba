import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { isGenesis } from '../../src/core/block.ts';
import { signedBlock } from '../../src/core/build-block.ts';
import { parseExact } from '../../src/core/exact-json.ts';
import { parseGenesisBlock } from '../../src/core/parse-genesis.ts';
import { assemble, type Node } from '../../src/node/assemble.ts';
import { checkpointText } from '../../src/node/checkpoint.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { HighWaterMark } from '../../src/storage/high-water-mark.ts';
import { LevelStore } from '../../src/storage/level-store.ts';
import { keyOf } from '../../src/storage/level-value.ts';
import { hexOf } from '../core/build-chain.ts';

const silent = { onEvent: () => undefined };

/** What a server does before it listens. An empty directory gets an instant chain. */
export async function openRoom(directory: string, verifiesAll = false): Promise<{ node: Node; store: LevelStore }> {
  const store = await LevelStore.open(directory);
  const node = await assemble(
    {
      clock: new SystemClock(),
      secrets: SystemSecrets.open(join(directory, 'master-secret'), store.height < 0),
      verifySignature: nativeVerifier(),
      store,
      sessionStore: store,
      subscribers: [silent],
      failed: () => undefined,
    },
    {
      newChain: { kind: 'instant' },
      verifiesAll,
      linksPerChain: 1,
      intervalMs: 30_000,
      broadcastIntervalMs: 60_000,
      rejoinGraceMs: 0,
    },
  );
  return { node, store };
}

/** Writes an instant chain as a server would have in a long life, with its checkpoint, without waiting for the disk at every block. */
export async function makeLongChain(directory: string, blocks: number): Promise<void> {
  const { store } = await openRoom(directory);
  const parsed = parseGenesisBlock(parseExact((await store.block(0)) ?? ''));
  await store.close();
  if ('why' in parsed || !isGenesis(parsed.value)) throw new Error('the chain was not founded');
  const { Hash: chainId, Timestamp } = parsed.value;
  // Block 0 of an instant chain has no salt.
  const authority = SystemSecrets.open(join(directory, 'master-secret'), false).authority('');
  const level = new ClassicLevel<string, string>(join(directory, 'chain'));
  await level.open();
  let prevHash = chainId;
  let batch = level.batch();
  for (let index = 1; index <= blocks; index++) {
    const content = { Index: index, Timestamp, BPM: 72, PrevHash: prevHash, Validator: hexOf(index % 100) };
    const block = signedBlock(content, chainId, authority);
    prevHash = block.Hash;
    batch.put(keyOf('block', index), JSON.stringify(block));
    batch.put(keyOf('pool', index), '[]');
    if (index % 1000 === 0 || index === blocks) {
      await batch.write();
      batch = level.batch();
    }
  }
  await batch.close();
  await level.put('checkpoint/chain', checkpointText({ index: blocks, hash: prevHash, weight: BigInt(blocks) }));
  await level.close();
  new HighWaterMark(join(directory, 'tip')).write({ index: blocks, hash: prevHash });
}
