/** A setting of SPEC 5: its name in the environment and in .env, and its default. */
export interface Setting {
  readonly name: string;
  readonly initial: string;
  readonly means: string;
  /** What its option on the command line means without a value; undefined where it needs one. */
  readonly bare?: string;
  /** What other programs set a variable of this name to in the environment, for purposes of their own: it is not meant for us there. */
  readonly foreign?: readonly string[];
  /** A value to show where the default is none. */
  readonly example?: string;
  /** It may be given several times, or with commas, and each counts. */
  readonly isList?: true;
}

/** All of them, in the order in which they are shown. */
export const settings: readonly Setting[] = [
  { name: 'PORT', initial: '9000', means: 'where validators connect; 0 takes any free port' },
  { name: 'HOST', initial: 'localhost', means: 'this machine only; 0.0.0.0 lets others in' },
  { name: 'LOTTERY_INTERVAL_MS', initial: '30000', means: 'a round' },
  { name: 'CHAIN_BROADCAST_INTERVAL_MS', initial: '60000', means: 'the full chain to everybody' },
  {
    name: 'CHAIN_TAIL',
    initial: '0',
    means: 'so many of the newest blocks go to everybody in place of the whole chain; 0 is the whole chain',
  },
  { name: 'DATA_DIR', initial: 'data', means: 'the chain and the master secret' },
  { name: 'MAX_STAKE', initial: '1000000000000000', means: 'the largest balance a validator may enter' },
  { name: 'SLASH_AFTER', initial: '1', means: 'tainted blocks until a validator is slashed' },
  { name: 'MAX_LINES_PER_SECOND', initial: '100', means: 'lines taken from one connection; 0 is no limit' },
  { name: 'MAX_CONNECTIONS', initial: '10000', means: 'more are told to try again later' },
  {
    name: 'MAX_CONNECTIONS_PER_ADDRESS',
    initial: '1000',
    means: 'of these from one other address; 0 is no limit',
  },
  {
    name: 'REJOIN_GRACE_MS',
    initial: 'auto',
    means: 'the seat of a broken connection is kept; auto: 120000, on localhost 0',
  },
  { name: 'CONSENSUS', initial: 'lottery', means: 'how a new chain is made: lottery, work or instant' },
  {
    name: 'LEDGER',
    initial: 'false',
    bare: 'true',
    means: 'a new chain has a ledger: tokens that exist, and in a lottery stakes made of them',
  },
  {
    name: 'DEV',
    initial: 'false',
    bare: 'true',
    // Vite and Vitest set it to this for whatever they run.
    foreign: ['1'],
    means: 'a new chain with a ledger is a sandbox, and says so everywhere',
  },
  {
    name: 'SEED',
    initial: 'none',
    example: 'lesson-1',
    means: 'a new sandbox whose keys, addresses and secrets come from this word, so that it is repeatable',
  },
  {
    name: 'VERIFY_ALL',
    initial: 'false',
    bare: 'true',
    means: 'every stored block is verified at the start, also those that a checkpoint of the directory tells of',
  },
  { name: 'FAUCET_GRANT', initial: '1000', means: 'with a ledger: the tokens that a new wallet gets' },
  { name: 'REWARD', initial: '1000', means: 'a new ledger: the tokens that each block brings into being' },
  {
    name: 'BEACON',
    initial: 'none',
    example: 'http://localhost:9003',
    isList: true,
    means: 'the draws of a new lottery wait for these: drand, or the address of a beacon',
  },
  {
    name: 'DIFFICULTY',
    initial: '1048576',
    means: 'a new chain of work: the hashes that its first block takes on average',
  },
  {
    name: 'WORK_INTERVAL_MS',
    initial: '10000',
    means: 'a new chain of work: the time from block to block that it aims at',
  },
  {
    name: 'MINE',
    initial: 'waiting',
    means: 'a chain of work is searched for while candidates are waiting, or always',
  },
  { name: 'MINERS', initial: 'auto', means: 'threads that search; auto: all cores but one' },
  { name: 'DASHBOARD_PORT', initial: '9001', means: 'the web page, on the same HOST; 0 is none' },
  {
    name: 'PEER_PORT',
    initial: 'none',
    example: '9002',
    means: 'where other nodes connect, on the same HOST; 0 takes any free port',
  },
  {
    name: 'PEER',
    initial: 'none',
    example: 'localhost:9002',
    isList: true,
    means: 'other nodes to begin with: a line of theirs, or HOST:PORT',
  },
  {
    name: 'CHAIN',
    initial: 'none',
    example: 'a1'.repeat(32),
    means: 'the ChainId that the chain of a peer must have',
  },
  {
    name: 'MDNS',
    initial: 'false',
    bare: 'true',
    means: 'nodes of the chain in the local network find each other; with CHAIN, no PEER is needed',
  },
  {
    name: 'LOG',
    initial: 'local',
    example: 'etcd://localhost:2379',
    isList: true,
    means: 'one lottery with several doors: the etcd that makes one of them, as etcd://HOST:PORT',
  },
];

/** Its option on the command line, without the dashes: `port` for PORT. */
export function flagOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** Its property where a program gives it: `lotteryIntervalMs` for LOTTERY_INTERVAL_MS. */
export function propertyOf(name: string): string {
  return name.toLowerCase().replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The default of a setting. */
export function initialOf(name: string): string {
  return settings.find((setting) => setting.name === name)?.initial ?? '';
}

/** Whether a variable of the environment is set to this by another program, for a purpose of its own. */
export function isForeign(name: string, text: string): boolean {
  return settings.find((setting) => setting.name === name)?.foreign?.includes(text) === true;
}

/** A value that a setting may have. */
export function exampleOf(name: string): string {
  return settings.find((setting) => setting.name === name)?.example ?? initialOf(name);
}
