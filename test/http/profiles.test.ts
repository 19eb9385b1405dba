import { describe, expect, it } from 'vitest';
import type { Segment } from '../../src/http/api/types.ts';
import { limits } from '../../src/http/limits.ts';
import { Profiles } from '../../src/http/profiles.ts';
import { committed, hexOf } from '../core/build-chain.ts';
import { chain, pools } from '../storage/contract.ts';

const [ada, bob, eve] = [hexOf('ada'), hexOf('bob'), hexOf('eve')];
const [genesis, first] = chain;
if (genesis === undefined || first === undefined) throw new Error('no chain');

function joins(profiles: Profiles, ...validators: readonly string[]): void {
  for (const validator of validators) profiles.onEvent({ kind: 'joined', validator, stake: 1n });
}

describe('the profiles of validators', () => {
  it('have the order in which they came, which leaving and coming back does not change', () => {
    const profiles = new Profiles();
    joins(profiles, ada, bob);
    profiles.onEvent({ kind: 'left', validator: ada, stake: 1n, isInTheDraw: false });
    profiles.onEvent({ kind: 'returned', validator: ada, stake: 1n });
    joins(profiles, eve);
    expect([ada, bob, eve].map((one) => profiles.of(one))).toEqual([{ order: 0 }, { order: 1 }, { order: 2 }]);
    expect(profiles.of(hexOf('nobody'))).toEqual({});
  });

  it('begin with the winners of the chain, in its order', () => {
    const profiles = new Profiles();
    profiles.onEvent({ kind: 'loaded', block: genesis, text: '' });
    profiles.onEvent(committed(first, pools[0] ?? []));
    joins(profiles, ada);
    expect(profiles.of(first.Validator)).toEqual({ order: 0 });
    expect(profiles.of(ada)).toEqual({ order: 1 });
  });

  it('have the last name that the validator wanted, and keep it when it comes back', () => {
    const profiles = new Profiles();
    joins(profiles, ada);
    for (const name of ['Eve', 'Ada']) profiles.onEvent({ kind: 'named', validator: ada, name });
    profiles.onEvent({ kind: 'returned', validator: ada, stake: 1n });
    expect(profiles.of(ada)).toEqual({ order: 0, name: 'Ada' });
  });

  it('are told of those that are known, each once', () => {
    const profiles = new Profiles();
    joins(profiles, ada, bob);
    expect(profiles.all([bob, eve, bob])).toEqual([{ validator: bob, order: 1 }]);
  });

  it('are put into the segments of a strip that have a validator', () => {
    const profiles = new Profiles();
    joins(profiles, ada);
    const group: Segment = { stake: '5', count: 2 };
    const own: Segment = { stake: '1', count: 1, validator: ada, bpm: 7 };
    expect(profiles.withProfiles([group, own])).toEqual([group, { ...own, order: 0 }]);
  });

  it('are forgotten when too many came after', () => {
    const profiles = new Profiles();
    joins(profiles, ada, bob, ...Array.from({ length: limits.profilesMax - 2 }, (_, place) => `${place}`));
    expect(profiles.of(ada)).toEqual({ order: 0 });
    joins(profiles, eve);
    expect(profiles.of(ada)).toEqual({});
    expect(profiles.of(bob)).toEqual({ order: 1 });
    expect(profiles.of(eve)).toEqual({ order: limits.profilesMax });
  });
});
