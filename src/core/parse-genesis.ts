import { isBeaconName } from './beacon.ts';
import type {
  Beacon,
  Genesis,
  GenesisBlock,
  GenesisLedger,
  InstantGenesis,
  LotteryConsensus,
  LotteryGenesis,
  WorkConsensus,
  WorkGenesis,
} from './block.ts';
import { isHash } from './hash.ts';
import { accepted, isAmount, isAmountOrZero, isHex, isWhole, type Parsed, parseRecord } from './json-record.ts';
import { hexDigits } from './limits.ts';
import { isTimestamp } from './timestamp.ts';

/** Parses the genesis block. Only keys and formats are checked: no hash is computed. */
export function parseGenesisBlock(json: unknown): Parsed<GenesisBlock> {
  const parsed = parseRecord('the genesis', json, {
    all: ['Index', 'Timestamp', 'BPM', 'Hash', 'PrevHash', 'Validator', 'Genesis'],
  });
  if ('why' in parsed) return parsed;
  const { Index, Timestamp, BPM, Hash, PrevHash, Validator } = parsed.value;
  if (Index !== 0) return { why: 'Index of the genesis must be 0' };
  if (!isTimestamp(Timestamp)) return { why: `Timestamp ${accepted.timestamp}` };
  if (BPM !== 0) return { why: 'BPM of the genesis must be 0' };
  if (!isHash(Hash)) return { why: `Hash ${accepted.hex(64)}` };
  if (PrevHash !== '') return { why: 'PrevHash of the genesis must be empty' };
  if (Validator !== '') return { why: 'Validator of the genesis must be empty' };

  const genesis = parseGenesis(parsed.value['Genesis']);
  if ('why' in genesis) return genesis;
  return { value: { Index: 0, Timestamp, BPM: 0, Hash, PrevHash: '', Validator: '', Genesis: genesis.value } };
}

/**
 * True for the genesis of a chain of version 1, which was never released. Such a chain is not broken: a program that meets one says so in one
 * line and stops (SPEC 4).
 */
export function isUnreleased(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || !('Genesis' in json)) return false;
  const { Genesis } = json;
  return typeof Genesis === 'object' && Genesis !== null && 'Version' in Genesis && Genesis.Version === 1;
}

/** The message about such a chain, to be appended to its name. */
export const unreleasedWords = 'was begun by an unreleased version of sortition, and can be neither read nor continued';

function parseGenesis(json: unknown): Parsed<Genesis> {
  switch (kindOf(json)) {
    case 'lottery':
      return parseLotteryGenesis(json);
    case 'work':
      return parseWorkGenesis(json);
    case 'instant':
      return parseInstantGenesis(json);
    default: {
      const parsed = parseRecord('Genesis', json, {
        all: ['Version', 'Consensus', 'Authority', 'Beacons', 'Ledger'],
        optional: ['Authority', 'Beacons', 'Ledger'],
      });
      return 'why' in parsed ? parsed : { why: 'Kind of Consensus must be "lottery", "work" or "instant"' };
    }
  }
}

/** The Kind that a genesis says, of which nothing else is known yet. */
function kindOf(json: unknown): unknown {
  if (typeof json !== 'object' || json === null || !('Consensus' in json)) return undefined;
  const { Consensus } = json;
  return typeof Consensus === 'object' && Consensus !== null && 'Kind' in Consensus ? Consensus.Kind : undefined;
}

function parseLotteryGenesis(json: unknown): Parsed<LotteryGenesis> {
  const parsed = parseRecord('Genesis of a lottery', json, {
    all: ['Version', 'Consensus', 'Authority', 'Beacons', 'Ledger'],
    optional: ['Beacons', 'Ledger'],
  });
  if ('why' in parsed) return parsed;
  const { Version, Consensus, Authority } = parsed.value;
  if (Version !== 2) return { why: versionWords };
  const consensus = parseLottery(Consensus);
  if ('why' in consensus) return consensus;
  if (!isHash(Authority)) return { why: `Authority ${accepted.hex(64)}` };
  const beacons = parseBeaconsOf(parsed.value);
  if ('why' in beacons) return beacons;
  const ledger = parseLedgerOf(parsed.value);
  if ('why' in ledger) return ledger;
  return { value: { Version, Consensus: consensus.value, Authority, ...beacons.value, ...ledger.value } };
}

function parseWorkGenesis(json: unknown): Parsed<WorkGenesis> {
  const parsed = parseRecord('Genesis of a chain of work', json, {
    all: ['Version', 'Consensus', 'Ledger'],
    optional: ['Ledger'],
  });
  if ('why' in parsed) return parsed;
  const { Version, Consensus } = parsed.value;
  if (Version !== 2) return { why: versionWords };
  const consensus = parseWork(Consensus);
  if ('why' in consensus) return consensus;
  const ledger = parseLedgerOf(parsed.value);
  if ('why' in ledger) return ledger;
  return { value: { Version, Consensus: consensus.value, ...ledger.value } };
}

function parseInstantGenesis(json: unknown): Parsed<InstantGenesis> {
  const parsed = parseRecord('Genesis of an instant chain', json, {
    all: ['Version', 'Consensus', 'Authority', 'Ledger'],
    optional: ['Ledger'],
  });
  if ('why' in parsed) return parsed;
  const { Version, Consensus, Authority } = parsed.value;
  if (Version !== 2) return { why: versionWords };
  const consensus = parseRecord('Consensus of an instant chain', Consensus, { all: ['Kind'] });
  if ('why' in consensus) return consensus;
  if (!isHash(Authority)) return { why: `Authority ${accepted.hex(64)}` };
  const ledger = parseLedgerOf(parsed.value);
  if ('why' in ledger) return ledger;
  return { value: { Version, Consensus: { Kind: 'instant' }, Authority, ...ledger.value } };
}

const versionWords = 'Version must be 2';

function parseLottery(json: unknown): Parsed<LotteryConsensus> {
  const parsed = parseRecord('Consensus of a lottery', json, { all: ['Kind', 'Salt', 'Commitment', 'Links'] });
  if ('why' in parsed) return parsed;
  const { Salt, Commitment, Links } = parsed.value;
  if (!isHash(Salt)) return { why: `Salt ${accepted.hex(64)}` };
  if (!isHash(Commitment)) return { why: `Commitment ${accepted.hex(64)}` };
  if (!isWhole(Links, 1)) return { why: `Links ${accepted.whole(1)}` };
  return { value: { Kind: 'lottery', Salt, Commitment, Links } };
}

function parseWork(json: unknown): Parsed<WorkConsensus> {
  const parsed = parseRecord('Consensus of a chain of work', json, { all: ['Kind', 'Difficulty', 'IntervalMs'] });
  if ('why' in parsed) return parsed;
  const { Difficulty, IntervalMs } = parsed.value;
  if (!isAmount(Difficulty)) return { why: `Difficulty ${accepted.amount}` };
  if (!isWhole(IntervalMs, 1)) return { why: `IntervalMs ${accepted.whole(1)}` };
  return { value: { Kind: 'work', Difficulty, IntervalMs } };
}

function parseBeaconsOf(genesis: Readonly<Record<string, unknown>>): Parsed<Pick<LotteryGenesis, 'Beacons'>> {
  if (!('Beacons' in genesis)) return { value: {} };
  const json = genesis['Beacons'];
  if (!Array.isArray(json) || json.length === 0) return { why: 'Beacons must be an array of at least one beacon' };
  const Beacons: Beacon[] = [];
  for (const entry of json) {
    const beacon = parseBeacon(entry);
    if ('why' in beacon) return beacon;
    const { Name, ChainHash } = beacon.value;
    if (Beacons.some((other) => other.Name === Name)) return { why: `two Beacons have the Name ${Name}` };
    if (Beacons.some((other) => other.ChainHash === ChainHash))
      return { why: `two Beacons have the ChainHash ${ChainHash}` };
    Beacons.push(beacon.value);
  }
  return { value: { Beacons } };
}

function parseBeacon(json: unknown): Parsed<Beacon> {
  const parsed = parseRecord('a beacon', json, { all: ['Name', 'ChainHash', 'PublicKey', 'GenesisTime', 'Period'] });
  if ('why' in parsed) return parsed;
  const { Name, ChainHash, PublicKey, GenesisTime, Period } = parsed.value;
  if (!isBeaconName(Name)) return { why: 'Name of a beacon must be 1 to 32 of a-z, 0-9 and -' };
  if (!isHash(ChainHash)) return { why: `ChainHash ${accepted.hex(64)}` };
  if (!isHex(PublicKey, hexDigits.beaconKey)) return { why: `PublicKey ${accepted.hex(hexDigits.beaconKey)}` };
  if (!isWhole(GenesisTime, 0)) return { why: `GenesisTime ${accepted.whole(0)}` };
  if (!isWhole(Period, 1)) return { why: `Period ${accepted.whole(1)}` };
  return { value: { Name, ChainHash, PublicKey, GenesisTime, Period } };
}

function parseLedgerOf(genesis: Readonly<Record<string, unknown>>): Parsed<{ readonly Ledger?: GenesisLedger }> {
  if (!('Ledger' in genesis)) return { value: {} };
  const ledger = parseLedger(genesis['Ledger']);
  return 'why' in ledger ? ledger : { value: { Ledger: ledger.value } };
}

function parseLedger(json: unknown): Parsed<GenesisLedger> {
  const parsed = parseRecord('Ledger of the genesis', json, { all: ['Reward', 'MinFee', 'Unbonding', 'Accounts'] });
  if ('why' in parsed) return parsed;
  const { Reward, MinFee, Unbonding, Accounts } = parsed.value;
  if (!isAmountOrZero(Reward)) return { why: `Reward ${accepted.amountOrZero}` };
  if (!isAmountOrZero(MinFee)) return { why: `MinFee ${accepted.amountOrZero}` };
  if (!isWhole(Unbonding, 0)) return { why: `Unbonding ${accepted.whole(0)}` };
  const accounts = parseAccounts(Accounts);
  if ('why' in accounts) return accounts;
  return { value: { Reward, MinFee, Unbonding, Accounts: accounts.value } };
}

function parseAccounts(json: unknown): Parsed<GenesisLedger['Accounts']> {
  if (!Array.isArray(json)) return { why: 'Accounts must be an array' };
  const accounts: [string, string, string][] = [];
  const keys = new Set<string>();
  for (const entry of json) {
    if (!Array.isArray(entry) || entry.length !== 3)
      return { why: 'an account of the genesis must be an array of its key, its balance and its bonded tokens' };
    const [key, balance, bonded]: readonly unknown[] = entry;
    if (!isHash(key)) return { why: `the key of an account ${accepted.hex(64)}` };
    if (!isAmountOrZero(balance)) return { why: `the balance of an account ${accepted.amountOrZero}` };
    if (!isAmountOrZero(bonded)) return { why: `the bonded tokens of an account ${accepted.amountOrZero}` };
    if (keys.has(key)) return { why: `two accounts have the key ${key}` };
    keys.add(key);
    accounts.push([key, balance, bonded]);
  }
  return { value: accounts };
}
