import type { AwaitedRound, SealStatus } from '../consensus/engine.ts';
import type { Seal } from './api/types.ts';

/** What the API says of a sealed pool. */
export function sealReport({ pool, signature, rounds }: SealStatus): Seal {
  const { Index, Sealed, PoolRoot, PoolSize, TotalStake, TransactionRoot } = pool;
  return {
    index: Index,
    sealed: Sealed,
    root: PoolRoot,
    size: PoolSize,
    total: TotalStake,
    ...(TransactionRoot === undefined ? {} : { transactionRoot: TransactionRoot }),
    signature,
    rounds: rounds.map((round) => ({
      beacon: round.name,
      round: round.round,
      time: new Date(round.timeMs).toISOString(),
      ...(round.signature === undefined ? {} : { signature: round.signature }),
      ...(isSilent(round) ? { isLate: true } : {}),
    })),
  };
}

/** The rounds that are awaited beyond their time, in words; undefined where no beacon is silent. */
export function silenceText({ rounds }: SealStatus): string | undefined {
  const silent = rounds.filter(isSilent);
  if (silent.length === 0) return undefined;
  return silent
    .map(({ name, round, timeMs }) => `${name} round ${round} is awaited since ${new Date(timeMs).toISOString()}`)
    .join(', ');
}

function isSilent({ isLate, signature }: AwaitedRound): boolean {
  return isLate && signature === undefined;
}
