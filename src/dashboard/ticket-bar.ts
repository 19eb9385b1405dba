import { limits } from '../core/limits.ts';
import type { Candidate } from '../core/pool.ts';
import type { Segment } from './messages.ts';

interface Group {
  count: number;
  stake: bigint;
}

/** Groups that a large pool is shown in, by the first digits of the address: so they stand in drawing order, too. */
const groups = 64;

/**
 * The tickets of a pool in drawing order, as few segments as a page can show. Adding and removing cost the same however
 * large the pool is; up to `limits.segmentsMax` validators have a segment each.
 */
export class TicketBar {
  readonly #candidates = new Map<string, Candidate>();
  readonly #groups: readonly Group[] = Array.from({ length: groups }, () => ({ count: 0, stake: 0n }));
  #totalStake = 0n;

  get size(): number {
    return this.#candidates.size;
  }

  get totalStake(): bigint {
    return this.#totalStake;
  }

  /** Adds a candidate; the first one of a validator counts. */
  add(candidate: Candidate): void {
    if (this.#candidates.has(candidate.validator)) return;
    this.#candidates.set(candidate.validator, candidate);
    this.#change(candidate, 1);
  }

  /** Takes a validator's candidate out again, when there is one. */
  remove(validator: string): void {
    const candidate = this.#candidates.get(validator);
    if (candidate === undefined) return;
    this.#candidates.delete(validator);
    this.#change(candidate, -1);
  }

  segments(): readonly Segment[] {
    if (this.size > limits.segmentsMax) return this.#groups.filter(({ count }) => count > 0).map(groupSegment);
    return [...this.#candidates.keys()].sort().flatMap((address) => {
      const candidate = this.#candidates.get(address);
      return candidate === undefined ? [] : [ownSegment(candidate)];
    });
  }

  #change(candidate: Candidate, sign: 1 | -1): void {
    const group = this.#groups[groupOf(candidate)];
    if (group === undefined) return;
    group.count += sign;
    group.stake += BigInt(sign) * candidate.stake;
    this.#totalStake += BigInt(sign) * candidate.stake;
  }
}

/** The segments of a closed pool, given in drawing order, in which the winner always has its own. */
export function drawnSegments(candidates: readonly Candidate[], winner: string): readonly Segment[] {
  const isGrouped = candidates.length > limits.segmentsMax;
  const segments: Segment[] = [];
  let open: (Group & { key: number }) | undefined;
  const close = (): void => {
    if (open !== undefined) segments.push(groupSegment(open));
    open = undefined;
  };
  for (const candidate of candidates) {
    if (!isGrouped || candidate.validator === winner) {
      close();
      const segment = ownSegment(candidate);
      segments.push(candidate.validator === winner ? { ...segment, isWinner: true } : segment);
      continue;
    }
    const key = groupOf(candidate);
    if (open?.key !== key) close();
    open ??= { key, count: 0, stake: 0n };
    open.count += 1;
    open.stake += candidate.stake;
  }
  close();
  return segments;
}

function groupOf({ validator }: Candidate): number {
  return Number.parseInt(validator.slice(0, 2), 16) >> 2;
}

function groupSegment({ count, stake }: Group): Segment {
  return { stake: String(stake), count };
}

function ownSegment({ validator, stake, bpm }: Candidate): Segment {
  return { stake: String(stake), count: 1, validator, bpm };
}
