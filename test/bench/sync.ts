import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/cli/config/config.ts';
import { PeerSide } from '../../src/cli/serve/peer-side.ts';
import { limits } from '../../src/consensus/lottery/limits.ts';
import { assemble, type Node } from '../../src/node/assemble.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../src/platform/system-secrets.ts';
import { LevelStore } from '../../src/storage/level-store.ts';

/** Has an empty node fetch the chain of a peer, verify it and store it, durably. Returns the milliseconds from its first dial to the last block. */
export async function fetchChain(line: string, height: number): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sortition-bench-'));
  const args = ['--peer', line, '--data-dir', dataDir, '--dashboard-port', '0'];
  const command = readConfig({ args, environment: {}, envFile: undefined, version: 'bench' });
  if (command.kind !== 'serve') throw new Error('the settings of the bench are wrong');
  const store = await LevelStore.open(dataDir);
  const clock = new SystemClock();
  const peers = await PeerSide.open({ config: command.config, clock, store, listener: { onSync: () => undefined } });
  const startMs = performance.now();
  await peers.start();
  const node = await assemble(
    {
      clock,
      store,
      secrets: SystemSecrets.open(join(dataDir, 'master-secret'), true),
      verifySignature: nativeVerifier(),
      sessionStore: store,
      upstream: { genesis: () => peers.genesis(new AbortController().signal) },
      subscribers: [],
      failed: () => undefined,
    },
    { linksPerChain: limits.linksPerChain, intervalMs: 30_000, broadcastIntervalMs: 60_000, rejoinGraceMs: 0 },
  );
  const isThere = reached(node, height);
  const running = peers.run(node);
  await Promise.race([isThere, running]);
  const milliseconds = performance.now() - startMs;
  await peers.stop();
  await running;
  await store.close();
  rmSync(dataDir, { recursive: true });
  return milliseconds;
}

/** Resolves when a node has so many blocks behind its genesis. */
async function reached({ chain, events }: Node, height: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (chain.height >= height) resolve();
    };
    events.subscribe({ onEvent: look });
    look();
  });
}
