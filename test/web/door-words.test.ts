import { expect, it } from 'vitest';
import { doorWords } from '../../src/web/door-words.ts';

it('says which of several doors draws', () => {
  const log = { term: 7, waiting: 0, failovers: 0 };
  expect(doorWords({ ...log, leader: 'a1', isLeader: true })).toContain('the one that draws now');
  expect(doorWords({ ...log, leader: 'b2', isLeader: false })).toContain('Door b2 draws now, for all of them.');
  expect(doorWords({ ...log, isLeader: false })).toContain('no candidate is lost');
});
