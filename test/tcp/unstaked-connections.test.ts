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
  readonly watchers: UnstakedConnections;
  readonly people: readonly [Person, Person, Person, Person];
} {
  const watchers = new UnstakedConnections();
  const people = [new Person(), new Person(), new Person(), new Person()] as const;
  for (const [place, person] of people.entries()) watchers.add(person, place % 2 === 0 ? 'even' : 'odd');
  return { watchers, people: [...people] };
}

describe('those without a balance', () => {
  it('make room one after the other, longest first, until nobody is left', () => {
    const { watchers, people } = crowd();
    for (const person of people) {
      expect(person.hasLeft).toBe(false);
      expect(watchers.evictOne()).toBe(true);
      expect(person.hasLeft).toBe(true);
    }
    expect(watchers.evictOne()).toBe(false);
  });

  it('make room within a network, longest first, and no others', () => {
    const { watchers, people } = crowd();
    expect(watchers.evictOne('odd')).toBe(true);
    expect(people.map(({ hasLeft }) => hasLeft)).toEqual([false, true, false, false]);
    expect(watchers.evictOne('odd')).toBe(true);
    expect(watchers.evictOne('odd')).toBe(false);
    expect(watchers.evictOne('elsewhere')).toBe(false);
    expect(people.map(({ hasLeft }) => hasLeft)).toEqual([false, true, false, true]);
  });

  it('make no room when they have just come, nor does anybody who came later', () => {
    const { watchers, people } = crowd();
    people[0].isSettled = false;
    expect(watchers.evictOne()).toBe(false);
    expect(watchers.evictOne('even')).toBe(false);
    people[0].isSettled = true;
    expect(watchers.evictOne()).toBe(true);
  });

  it('are passed over when they have entered one meanwhile, or are gone', () => {
    const { watchers, people } = crowd();
    people[0].hasBalance = true;
    watchers.delete(people[1], 'odd');
    expect(watchers.evictOne()).toBe(true);
    expect(people.map(({ hasLeft }) => hasLeft)).toEqual([false, false, true, false]);
  });
});
