import { type SealedPool, sealedPoolOf } from './beacon.ts';
import type { Statement } from './statement.ts';

/** That an authority has said two things of a block of which only one can be true. */
export interface Contradiction {
  readonly index: number;
  /** What it did, as the end of a sentence that begins with the authority. */
  readonly how: string;
}

/**
 * How two statements of an authority contradict each other (SPEC 5): two blocks of one Index, two pools of one Index, or a pool and a block that
 * differ in what was sealed. Undefined where both can be true. Whether they are signed is not looked at.
 */
export function findContradiction(first: Statement, second: Statement): Contradiction | undefined {
  const index = indexOf(first);
  if (indexOf(second) !== index) return undefined;
  if ('Block' in first && 'Block' in second) {
    const [one, other] = [first.Block.Hash, second.Block.Hash];
    return one === other
      ? undefined
      : { index, how: `signed two blocks ${index}, with the hashes ${one} and ${other}` };
  }
  const differences = differencesOf(poolOf(first), poolOf(second));
  if (differences.length === 0) return undefined;
  const kinds = 'Pool' in first && 'Pool' in second ? 'sealed two pools for' : 'sealed another pool than it drew for';
  return { index, how: `${kinds} block ${index}: ${differences.join('; ')}` };
}

function indexOf(statement: Statement): number {
  return 'Pool' in statement ? statement.Pool.Index : statement.Block.Index;
}

/** Undefined for a block whose pool was not sealed. */
function poolOf(statement: Statement): SealedPool | undefined {
  if ('Pool' in statement) return statement.Pool;
  return 'Draw' in statement.Block ? sealedPoolOf(statement.Block) : undefined;
}

/** Where two seals of one block differ, in words. */
function differencesOf(first: SealedPool | undefined, second: SealedPool | undefined): readonly string[] {
  if (first === undefined || second === undefined) return [];
  const names = ['Sealed', 'PoolRoot', 'PoolSize', 'TotalStake', 'TransactionRoot'] as const;
  return names
    .filter((name) => first[name] !== second[name])
    .map((name) => `${name} is ${shown(first[name])} in one and ${shown(second[name])} in the other`);
}

function shown(value: string | number | undefined): string {
  return value === undefined ? 'missing' : value === '' ? 'empty' : String(value);
}
