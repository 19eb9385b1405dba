import { expect, it } from 'vitest';
import { limits } from '../../../src/consensus/work/limits.ts';
import { MinedCandidates } from '../../../src/consensus/work/mined-candidates.ts';
import { hexOf } from '../../core/build-chain.ts';

function keeper() {
  const kept = new Map<string, string>();
  return {
    kept,
    minedTexts: async () => [...kept],
    keepMined: (hash: string, text: string) => void kept.set(hash, text),
    forgetMined: (hash: string) => void kept.delete(hash),
  };
}

const candidate = (payload: number) => ({ validator: hexOf(payload), payload, stake: 0n, number: payload });

it('gives candidates back after a restart, in the order of their blocks and before all that come then', async () => {
  const disk = keeper();
  const mined = await MinedCandidates.open(disk);
  mined.add(8, 'second', candidate(2));
  mined.add(7, 'first', candidate(1));
  mined.add(9, 'third', candidate(3));
  mined.forget('third');
  const again = await MinedCandidates.open(disk);
  expect(again.find('first')).toEqual({ validator: hexOf(1), payload: 1, stake: 0n, number: -2 });
  expect(again.find('second')).toEqual({ validator: hexOf(2), payload: 2, stake: 0n, number: -1 });
  expect(again.find('third')).toBeUndefined();
});

it('keeps nothing of a validator that is withdrawn, and no more than its bound', async () => {
  const disk = keeper();
  const mined = await MinedCandidates.open(disk);
  for (let index = 1; index <= limits.storedCandidatesMax + 1; index++) mined.add(index, `${index}`, candidate(index));
  expect(disk.kept.size).toBe(limits.storedCandidatesMax);
  expect(mined.find('1')).toBeUndefined();
  mined.withdraw(hexOf(2));
  expect([mined.find('2'), disk.kept.has('2'), disk.kept.has('3')]).toEqual([undefined, false, true]);
});

it('passes over what is kept and is no candidate', async () => {
  const disk = keeper();
  for (const text of ['', '7', '{}', '{"Index":0,"Validator":"a","BPM":1}', '{"Index":1,"Validator":7,"BPM":1}'])
    disk.kept.set(`h${text}`, text);
  const mined = await MinedCandidates.open(disk);
  for (const hash of disk.kept.keys()) expect(mined.find(hash)).toBeUndefined();
});
