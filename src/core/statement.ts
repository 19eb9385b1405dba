import { poolText, type SealedPool } from './beacon.ts';
import type { DrawnBlock, GenesisBlock, InstantBlock } from './block.ts';
import { authorityText, blockHash } from './block-hash.ts';
import { isHash } from './hash.ts';
import { accepted, isAmountOrZero, isWhole, type Parsed, parseRecord } from './json-record.ts';
import { isSignature, type VerifySignature } from './keys.ts';
import { hexDigits } from './limits.ts';
import { type BlockForm, formOf, parseSealedBlock } from './parse-block.ts';
import { isTimestamp } from './timestamp.ts';

/** Something that the authority of a chain has signed: a pool that it sealed, or a block. */
export type Statement = PoolStatement | BlockStatement;

export interface PoolStatement {
  readonly Pool: SealedPool;
  readonly Signature: string;
}

export interface BlockStatement {
  readonly Block: DrawnBlock | InstantBlock;
}

/** The key that signs what is said of a chain; undefined for a chain of work, whose blocks are not signed. */
export function authorityOf({ Genesis }: GenesisBlock): string | undefined {
  return 'Authority' in Genesis ? Genesis.Authority : undefined;
}

/** Whether the authority has signed it. Nothing else of it is judged: also what breaks other rules was said. */
export function isSignedBy(
  genesis: GenesisBlock,
  authority: string,
  statement: Statement,
  verifySignature: VerifySignature,
): boolean {
  if ('Pool' in statement)
    return verifySignature(authority, poolText(genesis.Hash, statement.Pool), statement.Signature);
  const { Block } = statement;
  return (
    blockHash(Block) === Block.Hash &&
    verifySignature(authority, authorityText(genesis.Hash, Block.Index, Block.Hash), Block.Signature)
  );
}

/** Parses a statement on the chain of this genesis. Only keys and formats are checked. */
export function parseStatement(json: unknown, { Genesis }: GenesisBlock): Parsed<Statement> {
  const form = formOf(Genesis);
  if (typeof json === 'object' && json !== null && 'Block' in json) return parseBlockStatement(json, form);
  const parsed = parseRecord('a statement', json, { all: ['Pool', 'Signature'] });
  if ('why' in parsed) return parsed;
  if (form.beacons === 0) return { why: 'a pool was sealed, but the draws of this chain wait for no beacon' };
  const pool = parseSealedPool(parsed.value['Pool'], form);
  if ('why' in pool) return pool;
  const { Signature } = parsed.value;
  if (!isSignature(Signature)) return { why: `Signature of a pool ${accepted.hex(hexDigits.signature)}` };
  return { value: { Pool: pool.value, Signature } };
}

function parseBlockStatement(json: unknown, form: BlockForm): Parsed<BlockStatement> {
  const parsed = parseRecord('a statement', json, { all: ['Block'] });
  if ('why' in parsed) return parsed;
  const block = parseSealedBlock(parsed.value['Block'], form);
  if ('why' in block) return block;
  if ('Work' in block.value) return { why: 'nobody signs the blocks of a chain of work' };
  return { value: { Block: block.value } };
}

/** Parses what a seal says of a pool, in the form that its chain asks for. */
function parseSealedPool(json: unknown, { hasLedger }: BlockForm): Parsed<SealedPool> {
  const keys = ['Index', 'Sealed', 'PoolRoot', 'PoolSize', 'TotalStake', ...(hasLedger ? ['TransactionRoot'] : [])];
  const parsed = parseRecord('a sealed pool', json, { all: keys });
  if ('why' in parsed) return parsed;
  const { Index, Sealed, PoolRoot, PoolSize, TotalStake, TransactionRoot } = parsed.value;
  if (!isWhole(Index, 1)) return { why: `Index ${accepted.whole(1)}` };
  if (!isTimestamp(Sealed)) return { why: `Sealed ${accepted.timestamp}` };
  if (!isHash(PoolRoot)) return { why: `PoolRoot ${accepted.hex(64)}` };
  if (!isWhole(PoolSize, 1)) return { why: `PoolSize ${accepted.whole(1)}` };
  if (!isAmountOrZero(TotalStake)) return { why: `TotalStake ${accepted.amount}` };
  const pool = { Index, Sealed, PoolRoot, PoolSize, TotalStake };
  if (!hasLedger) return { value: pool };
  if (TransactionRoot !== '' && !isHash(TransactionRoot))
    return { why: `TransactionRoot ${accepted.hex(64)}, or empty where there are no transactions` };
  return { value: { ...pool, TransactionRoot } };
}
