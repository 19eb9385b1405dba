import type { Candidate } from '../../core/pool.ts';
import { limits } from './limits.ts';
import type { Segment } from './types.ts';

interface Group {
  readonly members: Map<string, Candidate>;
  stake: bigint;
}

/**
 * Summarises the tickets of a pool, in drawing order, as a number of segments that a page can show. The cost of adding and removing does not
 * depend on the size of the pool. Up to `limits.segmentsMax` validators have a segment each; of more, the `limits.segmentsNamedMax` largest.
 */
export class TicketBar {
  readonly #groups: readonly Group[] = Array.from({ length: limits.segmentGroups }, () => {
    return { members: new Map(), stake: 0n };
  });
  #size = 0;
  #totalStake = 0n;
  /** The largest stakes first; undefined after one of them was removed, until the segments are needed. */
  #largest: readonly Candidate[] | undefined = [];

  get size(): number {
    return this.#size;
  }

  get totalStake(): bigint {
    return this.#totalStake;
  }

  /** Adds a candidate; the first one of a validator counts. */
  add(candidate: Candidate): void {
    const group = this.#groupOf(candidate.validator);
    if (group.members.has(candidate.validator)) return;
    group.members.set(candidate.validator, candidate);
    group.stake += candidate.stake;
    this.#size += 1;
    this.#totalStake += candidate.stake;
    if (this.#largest !== undefined) this.#largest = withLarger(this.#largest, candidate);
  }

  /** Removes a validator's candidate, if it has one. */
  remove(validator: string): void {
    const group = this.#groupOf(validator);
    const candidate = group.members.get(validator);
    if (candidate === undefined) return;
    group.members.delete(validator);
    group.stake -= candidate.stake;
    this.#size -= 1;
    this.#totalStake -= candidate.stake;
    if (this.#largest?.includes(candidate)) this.#largest = undefined;
  }

  /** The segments. The `winner`, if given, always has its own. */
  segments(winner?: string): readonly Segment[] {
    const isCrowded = this.size > limits.segmentsMax;
    this.#largest ??= this.#findLargest();
    const named = new Set(this.#largest.map(({ validator }) => validator));
    return this.#groups.flatMap(({ members, stake }) => {
      const own = [...(isCrowded ? named : members.keys())].filter((validator) => members.has(validator));
      if (winner !== undefined && members.has(winner) && !own.includes(winner)) own.push(winner);
      return segmentsOf({ members, stake }, own.sort(), winner);
    });
  }

  #findLargest(): readonly Candidate[] {
    let largest: readonly Candidate[] = [];
    for (const { members } of this.#groups) {
      for (const candidate of members.values()) largest = withLarger(largest, candidate);
    }
    return largest;
  }

  /** Groups divide the addresses by their first byte into equal ranges, so they are in drawing order, too. */
  #groupOf(validator: string): Group {
    const firstByte = Number.parseInt(validator.slice(0, 2), 16);
    const group = this.#groups[Math.floor((firstByte / 256) * this.#groups.length)];
    if (group === undefined) throw new RangeError(`${validator} is no address`);
    return group;
  }
}

/** The segments of a closed pool. The winner always has its own. */
export function drawnSegments(candidates: readonly Candidate[], winner: string): readonly Segment[] {
  const bar = new TicketBar();
  for (const candidate of candidates) bar.add(candidate);
  return bar.segments(winner);
}

/** The segments of a group in drawing order: one for each address of `own`, given in that order, and one for the others between two of these. */
function segmentsOf({ members, stake }: Group, own: readonly string[], winner: string | undefined): readonly Segment[] {
  if (members.size === 0) return [];
  if (own.length === 0) return [{ stake: String(stake), count: members.size }];
  const between = Array.from({ length: own.length + 1 }, () => ({ count: 0, stake: 0n }));
  for (const { validator, stake } of members.values()) {
    // When no own segment follows, findIndex returns -1, and at(-1) is the last interval.
    const place = own.findIndex((other) => other >= validator);
    const others = own[place] === validator ? undefined : between.at(place);
    if (others === undefined) continue;
    others.count += 1;
    others.stake += stake;
  }
  return between.flatMap(({ count, stake }, place) => {
    const others = count === 0 ? [] : [{ stake: String(stake), count }];
    const next = members.get(own[place] ?? '');
    return next === undefined ? others : [...others, ownSegment(next, winner)];
  });
}

function ownSegment({ validator, stake, payload }: Candidate, winner: string | undefined): Segment {
  const segment = { stake: String(stake), count: 1, validator, bpm: payload };
  return validator === winner ? { ...segment, isWinner: true } : segment;
}

/** The largest stakes after one more candidate. */
function withLarger(largest: readonly Candidate[], candidate: Candidate): readonly Candidate[] {
  const smallest = largest[limits.segmentsNamedMax - 1];
  if (smallest !== undefined && bySize(smallest, candidate) <= 0) return largest;
  return [...largest, candidate].sort(bySize).slice(0, limits.segmentsNamedMax);
}

/** The larger stake first. Among equal ones the last digits of the address decide, so that the named segments are spread over the strip. */
function bySize(one: Candidate, other: Candidate): number {
  if (one.stake !== other.stake) return one.stake > other.stake ? -1 : 1;
  return one.validator.slice(-16) < other.validator.slice(-16) ? -1 : 1;
}
