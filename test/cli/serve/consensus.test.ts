import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assemble, type NodeSettings } from '../../../src/node/assemble.ts';
import { AdjustableClock } from '../../../src/platform/adjustable-clock.ts';
import { nativeVerifier } from '../../../src/platform/ed25519.ts';
import { ServerWallets } from '../../../src/platform/server-wallets.ts';
import { SystemClock } from '../../../src/platform/system-clock.ts';
import { SystemSecrets } from '../../../src/platform/system-secrets.ts';
import { LevelStore } from '../../../src/storage/level-store.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runVerb } from '../run-verb.ts';

/** A data directory with the genesis of such a chain. */
async function directoryWith(chain: Partial<NodeSettings>): Promise<string> {
  const directory = temporaryDirectory();
  const clock = new AdjustableClock(new SystemClock());
  const store = await LevelStore.open(directory);
  await assemble(
    {
      clock,
      time: clock,
      secrets: SystemSecrets.open(join(directory, 'master-secret'), true),
      verifySignature: nativeVerifier(),
      store,
      sessionStore: store,
      wallets: () => ServerWallets.open(join(directory, 'wallet-secret'), true),
      subscribers: [],
      failed: (error) => {
        throw error;
      },
    },
    { ...chain, linksPerChain: 4, intervalMs: 1000, broadcastIntervalMs: 1000, rejoinGraceMs: 0 },
  );
  await store.close();
  return directory;
}

describe('a setting that contradicts an existing chain', () => {
  it('is refused as wrong usage, in words that name both', async () => {
    const directory = await directoryWith({ newChain: { kind: 'instant' } });
    const { code, err } = runVerb(['serve', '--consensus', 'lottery', '--port', '0', '--data-dir', directory]);
    expect([code, err]).toEqual([
      2,
      `sortition: CONSENSUS is lottery, but the chain in ${directory} is of the kind instant: leave the setting out, or begin a new chain with another --data-dir.\n`,
    ]);
  });

  it('is refused of the ledger, too', async () => {
    const cure = 'leave the setting out, or begin a new chain with another --data-dir.\n';
    const withLedger = await directoryWith({ newLedger: { reward: 7n } });
    const serve = (directory: string, ...flags: readonly string[]) => {
      const { code, err } = runVerb([
        'serve',
        ...flags,
        '--port',
        '0',
        '--dashboard-port',
        '0',
        '--data-dir',
        directory,
      ]);
      return [code, err];
    };
    expect(serve(withLedger, '--ledger=false')).toEqual([
      2,
      `sortition: LEDGER is false, but the chain in ${withLedger} has a ledger: ${cure}`,
    ]);
    expect(serve(withLedger, '--ledger', '--reward', '8')).toEqual([
      2,
      `sortition: REWARD is 8, but a block of the chain in ${withLedger} brings 7 tokens: ${cure}`,
    ]);
    expect(serve(withLedger, '--dev')).toEqual([
      2,
      `sortition: DEV is true, but the chain in ${withLedger} does not say that it is a sandbox: ${cure}`,
    ]);
    const sandbox = await directoryWith({ newLedger: { reward: 7n, isSandbox: true } });
    expect(serve(sandbox, '--dev=false')).toEqual([
      2,
      `sortition: DEV is false, but the chain in ${sandbox} says that it is a sandbox: ${cure}`,
    ]);
    expect(serve(temporaryDirectory(), '--dev')).toEqual([
      2,
      'sortition: DEV is true, but a sandbox is a chain with a ledger: add --ledger.\n',
    ]);
    const without = await directoryWith({});
    expect(serve(without, '--ledger')).toEqual([
      2,
      `sortition: LEDGER is true, but the chain in ${without} has no ledger: ${cure}`,
    ]);
  });
});
