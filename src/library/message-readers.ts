import { type Block, type DrawnBlock, isDrawn, isGenesis, type SealedBlock } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import type {
  Drawn,
  FairnessAnswer,
  LedgerStatus,
  NewBlocks,
  Participation,
  PoolChange,
  Profile,
  ProfileOf,
  Reorganised,
  Seal,
  SealRound,
  Search,
  Segment,
  SegmentPart,
  Snapshot,
  Status,
  Stopped,
  TicketsAnswer,
  ValidatorHistory,
  ValidatorStats,
} from '../http/api/types.ts';
import { amount, flag, JsonObject, list, listOf, mismatch, number, oneOf, orNull, text } from './json-reader.ts';
import { readDoor, readNetwork } from './peers-readers.ts';

/** Reads the answer of /api/status. Like all readers here, it throws a TypeError when the value is something else. */
export function readStatus(json: unknown, at = 'status'): Status {
  const status = new JsonObject<Status>(json, at);
  return {
    version: status.read('version', text),
    consensus: status.read('consensus', oneOf('lottery', 'work', 'instant')),
    height: status.read('height', number),
    phase: status.read('phase', oneOf('open', 'paused', 'drawing', 'disk-full')),
    intervalMs: status.read('intervalMs', number),
    remainingMs: status.read('remainingMs', number),
    candidates: status.read('candidates', number),
    totalStake: status.read('totalStake', amount),
    validators: status.read('validators', number),
    connections: status.read('connections', number),
    watchers: status.read('watchers', number),
    join: status.read('join', listOf(text)),
    pages: status.read('pages', listOf(text)),
    ...(status.has('sandbox') ? { sandbox: status.read('sandbox', flag) } : {}),
    ...(status.has('seed') ? { seed: status.read('seed', text) } : {}),
    ...(status.has('ledger') ? { ledger: status.read('ledger', readLedgerStatus) } : {}),
    ...(status.has('blocksPerMinute') ? { blocksPerMinute: status.read('blocksPerMinute', number) } : {}),
    ...(status.has('search') ? { search: status.read('search', readSearch) } : {}),
    ...(status.has('seal') ? { seal: status.read('seal', readSeal) } : {}),
    ...(status.has('log') ? { log: status.read('log', readDoor) } : {}),
    ...(status.has('network') ? { network: status.read('network', readNetwork) } : {}),
  };
}

/** Reads the data of the event `snapshot`. */
export function readSnapshot(json: unknown): Snapshot {
  const snapshot = new JsonObject<Snapshot>(json, 'snapshot');
  return {
    status: snapshot.read('status', readStatus),
    segments: snapshot.read('segments', listOf(readSegment)),
    newest: snapshot.read('newest', listOf(readAnyBlock)),
    profiles: snapshot.read('profiles', listOf(readProfileOf)),
  };
}

/** Reads one profile of the answer of /api/profiles. */
export function readProfileOf(json: unknown, at: string): ProfileOf {
  const profile = new JsonObject<ProfileOf>(json, at);
  return { validator: profile.read('validator', text), ...readProfile(profile) };
}

/** Reads the profile that is a part of a larger object. */
function readProfile(object: JsonObject<Profile>): Profile {
  return {
    ...(object.has('order') ? { order: object.read('order', number) } : {}),
    ...(object.has('name') ? { name: object.read('name', text) } : {}),
  };
}

/** Reads the data of the event `pool`. */
export function readPoolChange(json: unknown): PoolChange {
  const change = new JsonObject<PoolChange>(json, 'pool');
  return { status: change.read('status', readStatus), segments: change.read('segments', listOf(readSegment)) };
}

/** Reads the data of the event `drawn`. */
export function readDrawn(json: unknown): Drawn {
  const drawn = new JsonObject<Drawn>(json, 'drawn');
  return { block: drawn.read('block', readDrawnBlock), segments: drawn.read('segments', listOf(readSegment)) };
}

/** Reads the data of the event `blocks`. */
export function readNewBlocks(json: unknown): NewBlocks {
  const blocks = new JsonObject<NewBlocks>(json, 'blocks');
  return {
    status: blocks.read('status', readStatus),
    newest: blocks.read('newest', listOf(readSealedBlock)),
    profiles: blocks.read('profiles', listOf(readProfileOf)),
  };
}

/** Reads the data of the event `reorganised`. */
export function readReorganised(json: unknown): Reorganised {
  const reorganised = new JsonObject<Reorganised>(json, 'reorganised');
  return {
    fork: reorganised.read('fork', number),
    removed: reorganised.read('removed', listOf(readSealedBlock)),
    removedCount: reorganised.read('removedCount', number),
    addedCount: reorganised.read('addedCount', number),
  };
}

/** Reads the data of the event `stopped`. */
export function readStopped(json: unknown): Stopped {
  return { why: new JsonObject<Stopped>(json, 'stopped').read('why', oneOf('asked', 'disk-refused', 'chain-gone')) };
}

/** Reads the answer of /api/validators. */
export function readFairness(json: unknown): FairnessAnswer {
  const fairness = new JsonObject<FairnessAnswer>(json, 'fairness');
  return {
    firstBlock: fairness.read('firstBlock', orNull(number)),
    lastBlock: fairness.read('lastBlock', orNull(number)),
    rounds: fairness.read('rounds', number),
    roundsLeftOut: fairness.read('roundsLeftOut', number),
    validators: fairness.read('validators', listOf(readValidatorStats)),
    validatorsLeftOut: fairness.read('validatorsLeftOut', number),
    pValue: fairness.read('pValue', number),
  };
}

/** Reads the answer of /api/validators/ADDRESS. */
export function readHistory(json: unknown): ValidatorHistory {
  const history = new JsonObject<ValidatorHistory>(json, 'history');
  return {
    validator: history.read('validator', text),
    ...readProfile(history),
    isConnected: history.read('isConnected', flag),
    firstBlock: history.read('firstBlock', orNull(number)),
    parts: history.read('parts', listOf(readPart)),
  };
}

/** Reads the error text of an answer that refuses a request. */
export function readRefusal(json: unknown): string {
  return new JsonObject<{ readonly error: string }>(json, 'refusal').read('error', text);
}

function readSearch(json: unknown, at: string): Search {
  const search = new JsonObject<Search>(json, at);
  return {
    index: search.read('index', number),
    difficulty: search.read('difficulty', amount),
    validator: search.read('validator', text),
    bpm: search.read('bpm', number),
    tried: search.read('tried', number),
    elapsedMs: search.read('elapsedMs', number),
  };
}

/** Reads the answer of /api/seal, and the data of the events `sealed` and `waiting`. */
export function readSeal(json: unknown, at: string): Seal {
  const seal = new JsonObject<Seal>(json, at);
  return {
    index: seal.read('index', number),
    sealed: seal.read('sealed', text),
    root: seal.read('root', text),
    size: seal.read('size', number),
    total: seal.read('total', amount),
    ...(seal.has('transactionRoot') ? { transactionRoot: seal.read('transactionRoot', text) } : {}),
    signature: seal.read('signature', text),
    rounds: seal.read('rounds', listOf(readSealRound)),
  };
}

function readSealRound(json: unknown, at: string): SealRound {
  const round = new JsonObject<SealRound>(json, at);
  return {
    beacon: round.read('beacon', text),
    round: round.read('round', number),
    time: round.read('time', text),
    ...(round.has('signature') ? { signature: round.read('signature', text) } : {}),
    ...(round.has('isLate') ? { isLate: round.read('isLate', isTrue) } : {}),
  };
}

function readLedgerStatus(json: unknown, at: string): LedgerStatus {
  const ledger = new JsonObject<LedgerStatus>(json, at);
  return {
    supply: ledger.read('supply', amount),
    accounts: ledger.read('accounts', number),
    reward: ledger.read('reward', amount),
    waiting: ledger.read('waiting', number),
  };
}

function readSegment(json: unknown, at: string): Segment {
  const segment = new JsonObject<Segment>(json, at);
  const group = {
    stake: segment.read('stake', amount),
    count: segment.read('count', number),
    ...(segment.has('parts') ? { parts: segment.read('parts', listOf(readPartOfSegment)) } : {}),
  };
  if (!segment.has('validator')) return group;
  const own = {
    ...group,
    validator: segment.read('validator', text),
    bpm: segment.read('bpm', number),
    ...readProfile(segment),
  };
  return segment.has('isWinner') ? { ...own, isWinner: segment.read('isWinner', isTrue) } : own;
}

function readPartOfSegment(json: unknown, at: string): SegmentPart {
  const [order, stake] = list(json, at);
  return [number(order, `${at}[0]`), amount(stake, `${at}[1]`)];
}

/** Reads the answer of /api/rounds/INDEX/tickets/ADDRESS. */
export function readTickets(json: unknown): TicketsAnswer {
  const tickets = new JsonObject<TicketsAnswer>(json, 'tickets');
  return {
    validator: tickets.read('validator', text),
    stake: tickets.read('stake', amount),
    firstTicket: tickets.read('firstTicket', amount),
    lastTicket: tickets.read('lastTicket', amount),
    totalStake: tickets.read('totalStake', amount),
  };
}

function readValidatorStats(json: unknown, at: string): ValidatorStats {
  const stats = new JsonObject<ValidatorStats>(json, at);
  return {
    validator: stats.read('validator', text),
    ...readProfile(stats),
    stake: stats.read('stake', amount),
    isConnected: stats.read('isConnected', flag),
    rounds: stats.read('rounds', number),
    wins: stats.read('wins', number),
    expectedWins: stats.read('expectedWins', number),
    low: stats.read('low', number),
    high: stats.read('high', number),
    pValue: stats.read('pValue', number),
  };
}

function readPart(json: unknown, at: string): Participation {
  const part = new JsonObject<Participation>(json, at);
  return {
    index: part.read('index', number),
    stake: part.read('stake', amount),
    totalStake: part.read('totalStake', amount),
    isWinner: part.read('isWinner', flag),
  };
}

/** Reads a block, whose form alone is checked. */
export function readAnyBlock(json: unknown, at: string): Block {
  const parsed = parseBlock(json, new JsonObject<Block>(json, at).read('Index', number));
  return 'why' in parsed ? mismatch(at, `a block: ${parsed.why}`) : parsed.value;
}

function readDrawnBlock(json: unknown, at: string): DrawnBlock {
  const block = readAnyBlock(json, at);
  return isDrawn(block) ? block : mismatch(at, 'a drawn block');
}

function readSealedBlock(json: unknown, at: string): SealedBlock {
  const block = readAnyBlock(json, at);
  return isGenesis(block) ? mismatch(at, 'a block behind the genesis') : block;
}

function isTrue(json: unknown, at: string): true {
  return json === true ? json : mismatch(at, 'true');
}
