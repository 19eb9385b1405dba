import type { BodyBeside } from '../../consensus/verifier.ts';

/** A block with what lies beside it, as they were read. Nothing of them is checked yet. */
export interface ChainEntry {
  /** The JSON value; undefined when its text is not the one text that a block has. */
  readonly block: unknown;
  /** Empty where the source has nothing beside this block, a PoolDamage where the stored pool cannot be read. */
  body(): Promise<BodyBeside | PoolDamage>;
}

/** Why a pool that was stored cannot be read: one printable line. */
export interface PoolDamage {
  readonly damage: string;
}

/** True for a pool that was stored and cannot be read. */
export function isDamage(body: BodyBeside | PoolDamage): body is PoolDamage {
  return 'damage' in body;
}

/** An entry of an export: a block, or a block with what lies beside it and nothing else. */
export function entryOf(json: unknown): ChainEntry {
  if (typeof json !== 'object' || json === null || !('Block' in json)) return { block: json, body: async () => ({}) };
  const body = besideIn(json);
  // A pool under another name would pass for a missing one.
  const isWhole = /^Block(?:,Pool|,Transactions(?:,Candidates)?)?(?:,Seal)?$/.test(Object.keys(json).join());
  return { block: isWhole ? json.Block : undefined, body: async () => body };
}

/** What lies beside the block of a line: its pool, or what its ledger is judged by; and the signature of the sealed pool where there is one. */
function besideIn(line: object): BodyBeside {
  return 'Seal' in line ? { ...unsealedIn(line), Seal: line.Seal } : unsealedIn(line);
}

function unsealedIn(line: object): BodyBeside {
  if ('Pool' in line) return bodyOf(line.Pool);
  if (!('Transactions' in line)) return { why: 'its line has a Block, but no Pool' };
  const { Transactions } = line;
  return 'Candidates' in line ? { Transactions, Candidates: line.Candidates } : { Transactions };
}

/** What the ledger of a block is judged by, from the JSON value that is stored of it. */
export function signedBodyOf(json: unknown): BodyBeside {
  const isWhole =
    typeof json === 'object' && json !== null && /^Transactions(?:,Candidates)?$/.test(Object.keys(json).join());
  return isWhole ? besideIn(json) : { why: 'what lies beside it is not JSON as a server writes it' };
}

/** What lies beside a block whose pool is this value; undefined when its text is not the one text that a pool has. */
export function bodyOf(json: unknown): BodyBeside {
  return json === undefined ? { why: 'its pool is not JSON as a server writes it' } : { Candidates: json };
}
