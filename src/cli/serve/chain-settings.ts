import type { Node } from '../../node/assemble.ts';
import type { LedgerService } from '../../node/ledger-service.ts';
import type { NewLedger } from '../../node/open-ledger.ts';
import { UsageError } from '../command-error.ts';
import type { Config } from '../config/config.ts';
import { newRewardOf } from '../config/new-chain.ts';

/** Throws a UsageError where a new chain has no draws that could wait for beacons. */
export function refuseBeacons({ beacons, consensus = 'lottery' }: Config): void {
  if (beacons.length === 0 || consensus === 'lottery') return;
  throw new UsageError(
    `BEACON is set and CONSENSUS is ${consensus}, but only draws wait for beacons: leave one of the two out`,
  );
}

/** What helps against a setting that contradicts the chain that is there. */
const otherChainCure = 'leave the setting out, or begin a new chain with another --data-dir';

/** The ledger of a new chain; undefined for none. A seed begins a sandbox. Throws a UsageError for a sandbox without a ledger. */
export function newLedgerOf(config: Config): NewLedger | undefined {
  const { ledger, dev: isSandbox = false, seed } = config;
  const reward = newRewardOf(config);
  if (seed !== undefined) {
    refuseBesideSeed(config);
    return { reward, isSandbox: true };
  }
  if (ledger === true) return { reward, isSandbox };
  if (isSandbox) throw new UsageError('DEV is true, but a sandbox is a chain with a ledger: add --ledger');
  return undefined;
}

/** Anybody who knows a seed knows the secrets that come from it, so what comes from it must say that it is a sandbox. */
function refuseBesideSeed({ ledger, dev, peers }: Config): void {
  const isWith = (what: string): UsageError =>
    new UsageError(`SEED is set and ${what}, but a seed begins a sandbox, with a ledger: leave one of the two out`);
  if (ledger === false) throw isWith('LEDGER is false');
  if (dev === false) throw isWith('DEV is false');
  if (peers.length > 0) throw isWith('PEER names a chain that is there');
}

/** Throws a UsageError where the chain that is there is another one than the settings say. */
export function refuseOtherChain(config: Config, { kind, ledger, service }: Node): void {
  if (config.consensus !== undefined && config.consensus !== kind)
    throw new UsageError(
      `CONSENSUS is ${config.consensus}, but the chain in ${config.dataDir} is of the kind ${kind}: ${otherChainCure}`,
    );
  refuseOtherLedger(config, ledger);
  refuseOtherSandbox(config, service.status().isSandbox);
}

function refuseOtherSandbox({ dev, dataDir }: Config, isSandbox: boolean): void {
  if (dev === undefined || dev === isSandbox) return;
  const is = isSandbox ? 'says that it is a sandbox' : 'does not say that it is a sandbox';
  throw new UsageError(`DEV is ${dev}, but the chain in ${dataDir} ${is}: ${otherChainCure}`);
}

function refuseOtherLedger(config: Config, ledger: LedgerService | undefined): void {
  const { dataDir } = config;
  if (config.ledger !== undefined && config.ledger !== (ledger !== undefined)) {
    const has = ledger === undefined ? 'has no ledger' : 'has a ledger';
    throw new UsageError(`LEDGER is ${config.ledger}, but the chain in ${dataDir} ${has}: ${otherChainCure}`);
  }
  if (config.reward !== undefined && ledger !== undefined && config.reward !== ledger.terms.reward) {
    throw new UsageError(
      `REWARD is ${config.reward}, but a block of the chain in ${dataDir} brings ${ledger.terms.reward} tokens: ${otherChainCure}`,
    );
  }
}
