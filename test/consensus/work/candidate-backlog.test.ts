import { describe, expect, it } from 'vitest';
import { CandidateBacklog } from '../../../src/consensus/work/candidate-backlog.ts';
import { limits } from '../../../src/consensus/work/limits.ts';
import { hexOf } from '../../core/build-chain.ts';

function candidate(validator: string | number, payload = 0) {
  return { validator: hexOf(validator), payload, stake: 0n };
}

describe('the candidates that wait for their blocks', () => {
  it('come in the order in which they were accepted, with a number each', () => {
    const backlog = new CandidateBacklog();
    expect(backlog.oldest).toBeUndefined();
    const [first, second] = [backlog.add(candidate('a', 1)), backlog.add(candidate('a', 2))];
    expect([first?.number, second?.number]).toEqual([0, 1]);
    expect(backlog.oldest).toBe(first);
    if (first !== undefined) backlog.remove(first);
    expect(backlog.oldest).toBe(second);
    expect([...backlog.candidates()]).toEqual([second]);
  });

  it('are so many of a validator and no more, until one of them is in a block', () => {
    const backlog = new CandidateBacklog();
    for (let count = 0; count < limits.backlogPerValidatorMax; count++)
      expect(backlog.add(candidate('a'))).toBeDefined();
    expect(backlog.add(candidate('a'))).toBeUndefined();
    expect(backlog.add(candidate('b'))).toBeDefined();
    const { oldest } = backlog;
    if (oldest !== undefined) backlog.remove(oldest);
    expect(backlog.add(candidate('a'))).toBeDefined();
  });

  it('are so many in all and no more', () => {
    const backlog = new CandidateBacklog();
    for (let count = 0; count < limits.backlogMax; count++) expect(backlog.add(candidate(count))).toBeDefined();
    expect(backlog.add(candidate('other'))).toBeUndefined();
    expect(backlog.size).toBe(limits.backlogMax);
  });

  it('wait again in their old place when they come back, once, and also where there is no room for others', () => {
    const backlog = new CandidateBacklog();
    const [first, second, third] = ['a', 'b', 'a'].map((validator) => backlog.add(candidate(validator)));
    if (first === undefined || second === undefined || third === undefined) throw new Error('there is room');
    for (const taken of [first, second]) backlog.remove(taken);
    backlog.putBack(second);
    backlog.putBack(first);
    backlog.putBack(first);
    expect([...backlog.candidates()]).toEqual([first, second, third]);
    backlog.remove(first);
    for (let count = 1; count < limits.backlogPerValidatorMax; count++) backlog.add(candidate('a'));
    backlog.putBack(first);
    expect(backlog.oldest).toBe(first);
    expect(backlog.add(candidate('a'))).toBeUndefined();
  });

  it('go with their validator', () => {
    const backlog = new CandidateBacklog();
    const slashed = backlog.add(candidate('a'));
    for (const validator of ['b', 'a', 'b']) backlog.add(candidate(validator));
    backlog.withdraw(hexOf('a'));
    expect(backlog.has(hexOf('a'))).toBe(false);
    expect([...backlog.candidates()].map(({ validator }) => validator)).toEqual([hexOf('b'), hexOf('b')]);
    // It may have been on its way into a block.
    if (slashed !== undefined) backlog.remove(slashed);
    expect(backlog.size).toBe(2);
    expect(backlog.has(hexOf('b'))).toBe(true);
  });
});
