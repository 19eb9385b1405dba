import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { UsageError } from '../../cli/command-error.ts';
import { type Config, readConfig } from '../../cli/config/config.ts';
import { propertyOf, settings } from '../../cli/config/setting.ts';
import { nearestOf } from '../../cli/nearest.ts';
import { readVersion } from '../../cli/version.ts';

/** A time: milliseconds, or a text such as `5s`, `2m` or `500ms`. */
export type Time = number | string;

/** The settings of a node, as those of the server (docs/operations.md has their table), each with its default where it is left out. */
export interface Settings {
  /** Where validators connect. 0 takes any free port, and so does leaving it out. */
  readonly port?: number;
  /** Who may connect: `localhost`, or `0.0.0.0` for other machines, too. */
  readonly host?: string;
  /** A round. */
  readonly lotteryIntervalMs?: Time;
  /** From one broadcast of the whole chain to the next. */
  readonly chainBroadcastIntervalMs?: Time;
  /** Where the chain and its secrets are kept. Where it is left out they are in memory, and end with the node. */
  readonly dataDir?: string;
  /** The largest balance that a validator may enter. */
  readonly maxStake?: number | bigint;
  /** Tainted blocks until a validator is slashed. */
  readonly slashAfter?: number;
  /** Lines that are taken from one connection; 0 is no limit. */
  readonly maxLinesPerSecond?: number;
  /** Connections at once. */
  readonly maxConnections?: number;
  /** Of these from one other address; 0 is no limit. */
  readonly maxConnectionsPerAddress?: number;
  /** How long the seat of a broken connection is kept, or `auto`. */
  readonly rejoinGraceMs?: Time;
  /** How a new chain is made. */
  readonly consensus?: 'lottery' | 'work' | 'instant';
  /** Whether a new chain has a ledger. */
  readonly ledger?: boolean;
  /** Whether a new chain with a ledger is a sandbox. */
  readonly dev?: boolean;
  /** What the keys, addresses and secrets of a new sandbox come from. */
  readonly seed?: string;
  /** Tokens that a new wallet gets. */
  readonly faucetGrant?: number | bigint;
  /** Tokens that each block of a new ledger brings into being. */
  readonly reward?: number | bigint;
  /** The beacons that the draws of a new lottery wait for: `drand`, or addresses. */
  readonly beacon?: string | readonly string[];
  /** Hashes that the first block of a new chain of work takes on average. */
  readonly difficulty?: number | bigint;
  /** The time from block to block that a new chain of work aims at. */
  readonly workIntervalMs?: Time;
  /** When a chain of work is searched for. */
  readonly mine?: 'waiting' | 'always';
  /** Threads that search, or `auto`. */
  readonly miners?: number | 'auto';
  /** Where the page and the API are. 0 takes any free port, and so does leaving it out. */
  readonly dashboardPort?: number;
  /** Where other nodes connect. */
  readonly peerPort?: number;
  /** Other nodes to begin with. */
  readonly peer?: string | readonly string[];
  /** The ChainId that the chain of a peer must have. */
  readonly chain?: string;
  /** Whether nodes of the chain in the local network are to find each other. */
  readonly mdns?: boolean;
}

/** What a program gives where it says nothing of a setting. */
const initial: Settings = { port: 0, dashboardPort: 0 };

/** The settings of SPEC 5 from their properties. Throws a UsageError that names the property, what came, and what is accepted. */
export function readSettings(given: Settings): Config {
  const names = new Map(settings.map(({ name }) => [propertyOf(name), name]));
  const texts = new Map<string, string>();
  for (const [property, value] of Object.entries({ ...initial, ...given })) {
    if (value === undefined) continue;
    const name = names.get(property);
    if (name === undefined) throw noSetting(property, [...names.keys()]);
    // Lists are written with commas, as they are in the environment.
    texts.set(name, String(value));
  }
  const read = readConfig({ args: [], environment: {}, envFile: undefined, given: texts, version: readVersion() });
  if (read.kind === 'wrong') throw new UsageError(read.why);
  if (read.kind === 'print') throw new Error('nothing asked for a text');
  const { config } = read;
  if (given.dataDir === undefined && (config.peerPort !== undefined || config.peers.length > 0 || config.mdns))
    throw new UsageError(
      'peerPort, peer and mdns need a dataDir: a node is known to its peers by a key that is kept there',
    );
  return config;
}

function noSetting(property: string, known: readonly string[]): UsageError {
  const lower = nearestOf(
    property,
    known.map((name) => name.toLowerCase()),
  );
  const nearest = known.find((name) => name.toLowerCase() === lower);
  const advice = nearest === undefined ? `the settings are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return new UsageError(`"${escapeForDisplay(property)}" is no setting: ${advice}`);
}
