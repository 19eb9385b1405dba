import type { Candidate } from '../../core/pool.ts';
import { limits } from './limits.ts';
import type { Segment, SegmentPart } from './types.ts';

interface Group {
  readonly members: Map<string, Candidate>;
  stake: bigint;
}

/** The candidates between two segments of single validators. */
interface Between {
  count: number;
  stake: bigint;
  readonly members: Candidate[];
}

/** How many validators had come before one. */
type OrderOf = (validator: string) => number;

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

  /** The segments. The `winner`, if given, always has its own. `orderOf` says what the parts of groups are coloured by. */
  segments(winner?: string, orderOf: OrderOf = orderByAddress): readonly Segment[] {
    const partOrder = this.size > limits.segmentPartsMax ? undefined : orderOf;
    const isCrowded = this.size > limits.segmentsMax;
    this.#largest ??= this.#findLargest();
    const named = new Set(this.#largest.map(({ validator }) => validator));
    return this.#groups.flatMap(({ members, stake }) => {
      const own = [...(isCrowded ? named : members.keys())].filter((validator) => members.has(validator));
      if (winner !== undefined && members.has(winner) && !own.includes(winner)) own.push(winner);
      return segmentsOf({ members, stake }, own.sort(), winner, partOrder);
    });
  }

  /** The candidates whose address begins with `prefix`, in drawing order, each with its first ticket. */
  find(prefix: string): readonly PlacedCandidate[] {
    const own = this.#groupOf(prefix);
    const before = this.#groups.slice(0, this.#groups.indexOf(own)).reduce((sum, { stake }) => sum + stake, 0n);
    return placed([...own.members.values()].sort(byAddress), prefix, before);
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
export function drawnSegments(
  candidates: readonly Candidate[],
  winner: string,
  orderOf: OrderOf = orderByAddress,
): readonly Segment[] {
  const bar = new TicketBar();
  for (const candidate of candidates) bar.add(candidate);
  return bar.segments(winner, orderOf);
}

/** A candidate, and the first of its tickets. */
export interface PlacedCandidate {
  readonly candidate: Candidate;
  readonly firstTicket: bigint;
}

/** Those of the candidates, given in drawing order, whose address begins with `prefix`. `before` is how many tickets there are before them. */
export function placed(candidates: readonly Candidate[], prefix: string, before = 0n): readonly PlacedCandidate[] {
  const found: PlacedCandidate[] = [];
  let firstTicket = before;
  for (const candidate of candidates) {
    if (candidate.validator.startsWith(prefix)) found.push({ candidate, firstTicket });
    firstTicket += candidate.stake;
  }
  return found;
}

/** Where the order of joining is not known, the last digits of an address give a number that is as good for a colour. */
export function orderByAddress(validator: string): number {
  return Number.parseInt(validator.slice(-8), 16);
}

/** The segments of a group in drawing order: one for each address of `own`, given in that order, and one for the others between two of these. */
function segmentsOf(
  { members, stake }: Group,
  own: readonly string[],
  winner: string | undefined,
  orderOf: OrderOf | undefined,
): readonly Segment[] {
  if (members.size === 0) return [];
  if (own.length === 0 && orderOf === undefined) return [{ stake: String(stake), count: members.size }];
  const between = Array.from({ length: own.length + 1 }, (): Between => ({ count: 0, stake: 0n, members: [] }));
  for (const member of members.values()) {
    const { validator, stake } = member;
    // When no own segment follows, findIndex returns -1, and at(-1) is the last interval.
    const place = own.findIndex((other) => other >= validator);
    const others = own[place] === validator ? undefined : between.at(place);
    if (others === undefined) continue;
    others.count += 1;
    others.stake += stake;
    if (orderOf !== undefined) others.members.push(member);
  }
  return between.flatMap(({ count, stake, members: some }, place) => {
    const group = { stake: String(stake), count };
    const others = count === 0 ? [] : [orderOf === undefined ? group : { ...group, parts: partsOf(some, orderOf) }];
    const next = members.get(own[place] ?? '');
    return next === undefined ? others : [...others, ownSegment(next, winner)];
  });
}

function partsOf(members: readonly Candidate[], orderOf: OrderOf): readonly SegmentPart[] {
  return [...members].sort(byAddress).map(({ validator, stake }) => [orderOf(validator), String(stake)]);
}

function byAddress(one: Candidate, other: Candidate): number {
  return one.validator < other.validator ? -1 : 1;
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
