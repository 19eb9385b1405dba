import type { GenesisLedger } from '../../core/block.ts';
import { buildGenesis } from '../../core/build-block.ts';
import type { GroupSigner } from '../../core/keys.ts';
import type { Clock } from '../clock.ts';
import type { ChainSecrets, Engine, EnginePorts, StoredBlock } from '../engine.ts';
import type { Tip } from '../verifier.ts';
import { InstantEngine } from './instant-engine.ts';

/** The genesis of a new instant chain. */
export function makeInstantGenesis(clock: Clock, secrets: ChainSecrets, ledger?: GenesisLedger): StoredBlock {
  const block = buildGenesis(clock.timestamp(), {
    Version: 2,
    Consensus: { Kind: 'instant' },
    Authority: authorityOf(secrets).key,
    ...(ledger === undefined ? {} : { Ledger: ledger }),
  });
  return { block, text: JSON.stringify(block), body: [] };
}

/** The engine that continues an instant chain; undefined when that was begun with other secrets. */
export function openInstant(tip: Tip, secrets: ChainSecrets, ports: EnginePorts): Engine | undefined {
  const authority = authorityOf(secrets);
  return authority.key === tip.authority ? new InstantEngine({ ...ports, authority }) : undefined;
}

/** Block 0 of an instant chain has no salt: one data directory has one chain, and so one key. */
function authorityOf(secrets: ChainSecrets): GroupSigner {
  return secrets.authority('');
}
