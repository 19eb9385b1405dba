import { describe, expect, it } from 'vitest';
import { type UnstakedConnection, UnstakedConnections } from '../../src/tcp/unstaked-connections.ts';

class Person implements UnstakedConnection {
  isSettled = true;
  hasBalance = false;
  hasLeft = false;

  evict(): boolean {
    if (this.hasBalance || this.hasLeft) return false;
    this.hasLeft = true;
    return true;
  }
}

function crowd(): {
  readonly unstaked: UnstakedConnections;
  readonly people: readonly [Person, Person, Person, Person];
} {
  const unstaked = new UnstakedConnections();
  const people = [new Person(), new Person(), new Person(), new Person()] as const;
  for (const [place, person] of people.entries()) unstaked.add(person, place % 2 === 0 ? 'even' : 'odd');
  return { unstaked, people: [...people] };
}

describe('connections without a balance', () => {
  it('are evicted one after the other, longest first, until none is left', () => {
    const { unstaked, people } = crowd();
    for (const person of people) {
      expect(person.hasLeft).toBe(false);
      expect(unstaked.evictOne()).toBe(true);
      expect(person.hasLeft).toBe(true);
    }
    expect(unstaked.evictOne()).toBe(false);
  });

  it('are evicted within a subnet, longest first, and no others', () => {
    const { unstaked, people } = crowd();
    expect(unstaked.evictOne('odd')).toBe(true);
    expect(people.map(({ hasLeft }) => hasLeft)).toEqual([false, true, false, false]);
    expect(unstaked.evictOne('odd')).toBe(true);
    expect(unstaked.evictOne('odd')).toBe(false);
    expect(unstaked.evictOne('elsewhere')).toBe(false);
    expect(people.map(({ hasLeft }) => hasLeft)).toEqual([false, true, false, true]);
  });

  it('are not evicted when they have just come, nor are those that came later', () => {
    const { unstaked, people } = crowd();
    people[0].isSettled = false;
    expect(unstaked.evictOne()).toBe(false);
    expect(unstaked.evictOne('even')).toBe(false);
    people[0].isSettled = true;
    expect(unstaked.evictOne()).toBe(true);
  });

  it('are skipped when they have entered one meanwhile, or are gone', () => {
    const { unstaked, people } = crowd();
    people[0].hasBalance = true;
    unstaked.delete(people[1], 'odd');
    expect(unstaked.evictOne()).toBe(true);
    expect(people.map(({ hasLeft }) => hasLeft)).toEqual([false, false, true, false]);
  });
});
