import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assemble } from '../../../src/node/assemble.ts';
import { nativeVerifier } from '../../../src/platform/ed25519.ts';
import { SystemClock } from '../../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../../src/platform/system-secrets.ts';
import { LevelStore } from '../../../src/storage/level-store.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runVerb } from '../run-verb.ts';

/** A data directory with the genesis of an instant chain. */
async function instantDirectory(): Promise<string> {
  const directory = temporaryDirectory();
  const store = await LevelStore.open(directory);
  await assemble(
    {
      clock: new SystemClock(),
      secrets: SystemSecrets.open(join(directory, 'master-secret'), true),
      verifySignature: nativeVerifier(),
      store,
      sessionStore: store,
      subscribers: [],
      failed: (error) => {
        throw error;
      },
    },
    { newChain: { kind: 'instant' }, linksPerChain: 4, intervalMs: 1000, broadcastIntervalMs: 1000, rejoinGraceMs: 0 },
  );
  await store.close();
  return directory;
}

describe('a setting that contradicts an existing chain', () => {
  it('is refused as wrong usage, in words that name both', async () => {
    const directory = await instantDirectory();
    const { code, err } = runVerb(['serve', '--consensus', 'lottery', '--port', '0', '--data-dir', directory]);
    expect([code, err]).toEqual([
      2,
      `sortition: CONSENSUS is lottery, but the chain in ${directory} is of the kind instant: leave the setting out, or begin a new chain with another --data-dir.\n`,
    ]);
  });
});
