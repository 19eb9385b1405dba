import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { isLoopback } from '../../base/host.ts';
import { limits as baseLimits } from '../../base/limits.ts';
import { limits as lotteryLimits } from '../../consensus/lottery/limits.ts';
import type { MiningTime } from '../../consensus/work/work-engine.ts';
import { limits as nodeLimits } from '../../node/limits.ts';
import { limits as platformLimits } from '../../platform/limits.ts';
import { defaultThreads } from '../../platform/mining-threads.ts';
import { UsageError } from '../command-error.ts';
import { limits as cliLimits } from '../limits.ts';
import { type OptionForm, readOptions } from '../options.ts';
import { limits } from './limits.ts';
import type { LogPlace } from './log-place.ts';
import { flagOf, settings } from './setting.ts';
import { SettingReader, type SettingSources } from './setting-reader.ts';

/** The settings of SPEC 5, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly lotteryIntervalMs: number;
  readonly chainBroadcastIntervalMs: number;
  /** How many of the newest blocks are sent in place of the whole chain; 0 is the whole chain. */
  readonly chainTail: number;
  readonly dataDir: string;
  readonly maxStake: bigint;
  readonly slashAfter: number;
  readonly maxLinesPerSecond: number;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  readonly dashboardPort: number;
  /** How the chain is to be made; undefined where that is left to the chain that is there, or to the default for a new one. */
  readonly consensus: 'lottery' | 'work' | 'instant' | undefined;
  /** Whether the chain is to have a ledger; undefined where that is left to the chain that is there, or to the default for a new one. */
  readonly ledger: boolean | undefined;
  /** Whether the chain is to be a sandbox; undefined where that is left to the chain that is there, or to the default for a new one. */
  readonly dev: boolean | undefined;
  /** What the secrets of a new sandbox come from; undefined for secrets that are known to nobody, or where it is left to the chain that is there. */
  readonly seed: string | undefined;
  /** Every stored block is verified at the start. */
  readonly verifyAll: boolean;
  /** How many tokens a new wallet gets; how many each block brings into being, undefined where that is left to the chain or the default. */
  readonly faucetGrant: bigint;
  readonly reward: bigint | undefined;
  /** Of a new chain of work. */
  readonly difficulty: bigint;
  /** The beacons that the draws of a new lottery wait for, or where those of a chain that is there are asked: `drand`, or addresses. */
  readonly beacons: readonly string[];
  readonly workIntervalMs: number;
  /** When the node searches for blocks of work, and with how many threads. */
  readonly mine: MiningTime;
  readonly miners: number;
  /** How long the session of a broken connection is kept, ms; 0 ends it at once. */
  readonly rejoinGraceMs: number;
  /** Where other nodes connect; undefined where none do. */
  readonly peerPort: number | undefined;
  /** Other nodes to begin with, as they are dialled. */
  readonly peers: readonly string[];
  /** The ChainId that the chain of a peer must have; undefined for any. */
  readonly chainId: string | undefined;
  /** Whether nodes in the local network are to be found, and this one there. */
  readonly mdns: boolean;
  /** The log that makes one lottery of several doors; undefined for a lottery of its own. */
  readonly log: LogPlace | undefined;
}

/** Whether the chain of a new directory comes from other nodes: those that are named, or those nearby that have the chain that is named. */
export function takesChainOfPeers({ peers, mdns, chainId }: Pick<Config, 'peers' | 'mdns' | 'chainId'>): boolean {
  return peers.length > 0 || (mdns && chainId !== undefined);
}

/** What the command line asks for; or what is wrong with a setting, in one line. */
export type ConfigResult =
  | { readonly kind: 'serve'; readonly config: Config }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'wrong'; readonly why: string };

export interface ConfigSources extends SettingSources {
  /** The arguments after the command's name. */
  readonly args: readonly string[];
  readonly version: string;
}

/** SPEC 4: a difficulty has as many digits as an amount. */
const difficultyMax = 10n ** BigInt(baseLimits.amountDigitsMax) - 1n;

/** What a faucet has is not granted at once, and a supply stays far below what an amount can hold. */
const ledgerAmountMax = nodeLimits.faucetTokens;

const forms: readonly OptionForm[] = [
  ...settings.map(({ name, initial, bare, example = initial, isList }) => ({
    name: flagOf(name),
    ...(bare === undefined ? { example } : { bare }),
    ...(isList === undefined ? {} : { isList }),
  })),
  { name: 'version' },
  { name: 'print-config' },
];

/**
 * Reads the settings: from the command line, else the environment, else .env, else the default (SPEC 5). Throws a UsageError for an
 * argument that is no setting. A wrong value is returned as a result, wherever it came from.
 */
export function readConfig(sources: ConfigSources): ConfigResult {
  const { positionals, values: flags } = readOptions(sources.args, forms);
  const [word] = positionals;
  if (word !== undefined) {
    throw new UsageError(
      `"${escapeForDisplay(word)}" is not understood: settings are given like --port 9000. See --help`,
    );
  }
  if (flags.has('version')) return { kind: 'print', text: `sortition ${sources.version}\n` };

  const reader = new SettingReader(flags, sources);
  const { portMax } = platformLimits;
  const { countSettingMax } = limits;
  const { intervalMsMin, intervalMsMax } = cliLimits;
  const host = reader.host('HOST');
  const peerPort = reader.wholeIfSet('PEER_PORT', 0, portMax);
  // People who come by way of other nodes are as far away as those who connect themselves.
  const log = reader.log('LOG');
  const isAlone = isLoopback(host) && peerPort === undefined && log === undefined;
  const config: Config = Object.freeze({
    port: reader.whole('PORT', 0, portMax),
    host,
    lotteryIntervalMs: reader.duration('LOTTERY_INTERVAL_MS', intervalMsMin, intervalMsMax),
    chainBroadcastIntervalMs: reader.duration('CHAIN_BROADCAST_INTERVAL_MS', intervalMsMin, intervalMsMax),
    chainTail: reader.whole('CHAIN_TAIL', 0, countSettingMax),
    dataDir: reader.directory('DATA_DIR'),
    maxStake: reader.amount('MAX_STAKE', lotteryLimits.stakeCeiling),
    slashAfter: reader.whole('SLASH_AFTER', 1, countSettingMax),
    maxLinesPerSecond: reader.whole('MAX_LINES_PER_SECOND', 0, countSettingMax),
    maxConnections: reader.whole('MAX_CONNECTIONS', 1, countSettingMax),
    maxConnectionsPerAddress: reader.whole('MAX_CONNECTIONS_PER_ADDRESS', 0, countSettingMax),
    consensus: reader.choiceIfSet('CONSENSUS', ['lottery', 'work', 'instant']),
    ledger: isTrue(reader.choiceIfSet('LEDGER', ['false', 'true'])),
    dev: isTrue(reader.choiceIfSet('DEV', ['false', 'true'])),
    seed: reader.wordIfSet('SEED', limits.seedCharactersMax),
    verifyAll: reader.choice('VERIFY_ALL', ['false', 'true']) === 'true',
    faucetGrant: reader.amount('FAUCET_GRANT', ledgerAmountMax),
    reward: reader.amountIfSet('REWARD', ledgerAmountMax),
    beacons: reader.beacons('BEACON'),
    difficulty: reader.amount('DIFFICULTY', difficultyMax),
    workIntervalMs: reader.duration('WORK_INTERVAL_MS', intervalMsMin, intervalMsMax),
    mine: reader.choice<MiningTime>('MINE', ['waiting', 'always']),
    miners: reader.wholeOrAuto('MINERS', defaultThreads(), limits.minersMax),
    dashboardPort: reader.whole('DASHBOARD_PORT', 0, portMax),
    rejoinGraceMs: reader.grace('REJOIN_GRACE_MS', isAlone ? 0 : nodeLimits.rejoinGraceMs),
    peerPort,
    peers: reader.peers('PEER'),
    chainId: reader.hashIfSet('CHAIN'),
    mdns: isTrue(reader.choiceIfSet('MDNS', ['false', 'true'])) === true,
    log,
  });
  if (reader.fault !== undefined) return { kind: 'wrong', why: reader.fault };
  if (flags.has('print-config')) return { kind: 'print', text: reader.printed() };
  return { kind: 'serve', config };
}

/** Where a program on this machine reaches the page of a server with these settings; port 0 is no page. */
export interface PagePlace {
  readonly host: string;
  readonly port: number;
}

/** The place of the page, for a command that needs no other setting. Returns what is wrong with HOST or DASHBOARD_PORT, in one line. */
export function readPagePlace(sources: SettingSources): PagePlace | { readonly why: string } {
  const reader = new SettingReader(new Map(), sources);
  const [host, port] = [reader.host('HOST'), reader.whole('DASHBOARD_PORT', 0, platformLimits.portMax)];
  if (reader.fault !== undefined) return { why: reader.fault };
  // A server that listens on all addresses is reached by the one of this machine, too.
  return { host: host === '0.0.0.0' || host === '::' ? 'localhost' : host, port };
}

/** DATA_DIR alone, for a command that needs no other setting: a slip in another one must not stop it. Undefined when DATA_DIR is wrong. */
export function readDataDirectory(sources: SettingSources): string | undefined {
  const reader = new SettingReader(new Map(), sources);
  const directory = reader.directory('DATA_DIR');
  return reader.fault === undefined ? directory : undefined;
}

function isTrue(word: 'false' | 'true' | undefined): boolean | undefined {
  return word === undefined ? undefined : word === 'true';
}
