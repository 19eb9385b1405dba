import { describe, expect, it } from 'vitest';
import { Download } from '../../../src/node/sync/download.ts';
import { limits } from '../../../src/node/sync/limits.ts';
import type { BlockLines } from '../../../src/node/sync/stored-lines.ts';
import { Dice } from '../../sim/dice.ts';

const { rangeBlocks, rangesMax, downloadBytesMax, requestsPerSecondMax } = limits;

function lines(index: number, by: string, bytes = 0): BlockLines {
  return { block: String(index), beside: by.padEnd(bytes) };
}

/** Gives a peer's blocks, from one to another. */
function give(download: Download, peer: string, first: number, last: number): void {
  for (let index = first; index <= last; index++) expect(download.received(peer, lines(index, peer))).toBe(true);
}

describe('a download', () => {
  it('asks a peer no more often than that allows, at 10,000 blocks a second', () => {
    expect(10_000 / rangeBlocks).toBeLessThanOrEqual(requestsPerSecondMax);
  });

  it('asks several peers for ranges that follow each other, each for one at a time', () => {
    const download = new Download(1);
    expect(download.assign('a', 10_000)).toEqual({ first: 1, last: rangeBlocks });
    expect(download.assign('b', 10_000)).toEqual({ first: rangeBlocks + 1, last: 2 * rangeBlocks });
    expect(download.assign('a', 10_000)).toBeUndefined();
  });

  it('asks no peer for what it does not have', () => {
    const download = new Download(5);
    expect(download.assign('a', 4)).toBeUndefined();
    expect(download.assign('a', 5)).toEqual({ first: 5, last: 5 });
    expect(download.assign('b', 5)).toBeUndefined();
    expect(download.assign('c', 7)).toEqual({ first: 6, last: 7 });
  });

  it('begins no range further ahead than the bound', () => {
    const download = new Download(1);
    for (let count = 0; count < rangesMax; count++) expect(download.assign(`p${count}`, 1e6)).toBeDefined();
    expect(download.assign('late', 1e6)).toBeUndefined();
    give(download, 'p0', 1, rangeBlocks);
    download.advance(rangeBlocks);
    expect(download.assign('late', 1e6)).toEqual({
      first: rangesMax * rangeBlocks + 1,
      last: (rangesMax + 1) * rangeBlocks,
    });
  });

  it('gives blocks in order only, and only those that came', () => {
    const download = new Download(1);
    download.assign('a', 10_000);
    download.assign('b', 10_000);
    give(download, 'b', rangeBlocks + 1, rangeBlocks + 3);
    expect(download.next(10)).toEqual([]);
    give(download, 'a', 1, 2);
    expect(download.next(10).map((block) => block.lines.block)).toEqual(['1', '2']);
    download.advance(1);
    expect(download.next(10).map((block) => block.lines.block)).toEqual(['2']);
  });

  it('asks another peer for what is missing when one stops in between', () => {
    const download = new Download(1);
    download.assign('a', 10_000);
    give(download, 'a', 1, 100);
    expect(download.ended('a')).toBe(rangeBlocks - 100);
    expect(download.assign('b', 10_000)).toEqual({ first: 101, last: rangeBlocks });
    expect(download.next(10)[0]?.peer).toBe('a');
  });

  it('says that nothing is missing when an answer ends where it should', () => {
    const download = new Download(1);
    download.assign('a', 3);
    give(download, 'a', 1, 3);
    expect(download.received('a', lines(4, 'a'))).toBe(false);
    expect(download.ended('a')).toBe(0);
  });

  it('uses nothing of a peer that lied, and asks for what stands behind that again', () => {
    const download = new Download(1);
    download.assign('a', 10_000);
    give(download, 'a', 1, 10);
    download.ended('a');
    download.assign('b', 10_000);
    give(download, 'b', 11, 12);
    download.discard('a');
    expect(download.next(10)).toEqual([]);
    expect(download.received('b', lines(13, 'b'))).toBe(false);
    expect(download.assign('c', 10_000)).toEqual({ first: 1, last: rangeBlocks });
  });

  it('makes peers wait when too much waits, but never the one whose blocks are next', () => {
    const download = new Download(1);
    download.assign('a', 10_000);
    download.assign('b', 10_000);
    download.received('b', lines(rangeBlocks + 1, 'b', downloadBytesMax));
    expect(download.hasRoom('b')).toBe(false);
    expect(download.hasRoom('a')).toBe(true);
    give(download, 'a', 1, rangeBlocks);
    download.advance(rangeBlocks);
    expect(download.hasRoom('b')).toBe(true);
    download.advance(1);
    expect(download.hasRoom('b')).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'gives every block once and in order, whoever stops, and without those who lie (seed %i)',
    (seed) => {
      const dice = new Dice(seed);
      const height = 3000 + dice.roll(1000);
      const download = new Download(1);
      const peers = Array.from({ length: 1 + dice.roll(20) }, (_, place) => `p${place}`);
      const liars = new Set(peers.filter((_, place) => place > 0 && dice.once(3)));
      const asked = new Map<string, { next: number; last: number }>();
      const taken: number[] = [];
      for (let turn = 0; taken.length < height; turn++) {
        expect(turn).toBeLessThan(100_000);
        const peer = dice.pick(peers);
        const range = asked.get(peer);
        if (range === undefined) {
          const given = download.assign(peer, height);
          if (given !== undefined) asked.set(peer, { next: given.first, last: given.last });
        } else if (dice.once(50)) {
          download.ended(peer);
          asked.delete(peer);
        } else {
          const isTaken = download.received(peer, lines(range.next, liars.has(peer) ? 'lie' : 'true'));
          range.next += 1;
          if (!isTaken || range.next > range.last) {
            download.ended(peer);
            asked.delete(peer);
          }
        }
        for (const { peer: by, lines: came } of download.next(1 + dice.roll(100))) {
          if (came.beside === 'lie') {
            download.discard(by);
            asked.delete(by);
            break;
          }
          expect(Number(came.block)).toBe(taken.length + 1);
          taken.push(Number(came.block));
          download.advance(1);
        }
      }
    },
  );
});
