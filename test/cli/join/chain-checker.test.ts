import { describe, expect, it } from 'vitest';
import type { EarlyCheckResult } from '../../../src/cli/join/chain-check-result.ts';
import { ChainChecker } from '../../../src/cli/join/chain-checker.ts';
import { limits } from '../../../src/cli/join/limits.ts';
import type { ServerEvent } from '../../../src/cli/join/server-event.ts';
import { type Block, type DrawnBlock, isDrawn } from '../../../src/core/block.ts';
import { buildChain, candidatesWith, hexOf } from '../../core/build-chain.ts';

const chain = buildChain(
  [[5n], [3n, 4n, 5n], [9n, 1n], [2n, 2n, 2n], [7n, 7n]].map((stakes) => candidatesWith(stakes)),
  64,
);

function blockAt(index: number): DrawnBlock {
  const block = chain[index];
  if (block === undefined || !isDrawn(block)) throw new Error(`no block ${index}`);
  return block;
}

function winnerOf(index: number): ServerEvent {
  return { kind: 'winner', address: blockAt(index).Validator };
}

function ticketOf(index: number): ServerEvent {
  const { Ticket, TotalStake } = blockAt(index).Draw;
  return { kind: 'ticket', ticket: BigInt(Ticket), total: BigInt(TotalStake), first: 0n, last: 0n };
}

/** The watcher hears these events and then a chain. */
function verdict(
  watcher: ChainChecker,
  events: readonly ServerEvent[],
  blocks: readonly unknown[],
): EarlyCheckResult | undefined {
  for (const event of events) expect(watcher.onEvent(event)).toBeUndefined();
  for (const block of blocks) expect(watcher.onEvent({ kind: 'block', text: JSON.stringify(block) })).toBeUndefined();
  return watcher.onEvent({ kind: 'chain' });
}

function upTo(index: number): readonly Block[] {
  return chain.slice(0, index + 1);
}

function broken(why: string): object {
  return { kind: 'broken', why: expect.stringContaining(why) };
}

describe('what is said of a chain that was heard', () => {
  it('is that it holds, again and again while it grows, with the winners that were announced', () => {
    const watcher = new ChainChecker();
    expect(verdict(watcher, [], upTo(0))).toEqual({ kind: 'holds', blocks: 1, newest: undefined, winners: 0 });
    expect(verdict(watcher, [winnerOf(1), ticketOf(1)], upTo(1))).toMatchObject({ kind: 'holds', winners: 1 });
    expect(verdict(watcher, [], upTo(1))).toMatchObject({ kind: 'holds', winners: 0 });
    expect(verdict(watcher, [winnerOf(2), winnerOf(3)], upTo(3))).toMatchObject({ kind: 'holds', winners: 2 });
  });

  it('is that it holds for somebody who came when there were blocks already', () => {
    expect(verdict(new ChainChecker(), [winnerOf(4)], upTo(4))).toMatchObject({
      kind: 'holds',
      blocks: 5,
      newest: blockAt(4),
    });
  });

  it('is the block and the rule that it breaks', () => {
    const forged = upTo(3).map((block) => (block.Index === 2 ? { ...block, BPM: 999 } : block));
    expect(verdict(new ChainChecker(), [], forged)).toEqual(broken('block 2 breaks the rule "hash"'));
    expect(verdict(new ChainChecker(), [], [])).toEqual(broken('not even a genesis'));
    expect(verdict(new ChainChecker(), [], [[], null])).toEqual(broken('block 0 breaks the rule "form"'));
    const watcher = new ChainChecker();
    watcher.onEvent({ kind: 'block', text: '{a}' });
    expect(watcher.onEvent({ kind: 'chain' })).toEqual(broken('block 0 breaks the rule "form"'));
    expect(new ChainChecker().onEvent({ kind: 'broken-chain', why: 'it is none' })).toEqual(broken('it is none'));
  });

  it('is that the newest blocks alone cannot be checked, and how to be sent all', () => {
    const watcher = new ChainChecker();
    expect(verdict(watcher, [], upTo(3).slice(2))).toEqual(broken('it begins with block 2, so it cannot be checked'));
    expect(verdict(watcher, [], upTo(3))).toMatchObject({ kind: 'holds', blocks: 4 });
  });

  it('is that a block says something twice, which one reader would take for the one and the next for the other', () => {
    const watcher = new ChainChecker();
    for (const block of upTo(2)) {
      const text = JSON.stringify(block);
      watcher.onEvent({ kind: 'block', text: block.Index === 1 ? text.replace('"BPM"', '"BPM":1,"BPM"') : text });
    }
    expect(watcher.onEvent({ kind: 'chain' })).toEqual(
      broken('block 1 breaks the rule "form": its text is not JSON as a server writes it: no key twice'),
    );
  });

  it('is that it was changed, when it holds and yet is not the chain that was heard before', () => {
    const otherwise = buildChain([candidatesWith([6n]), candidatesWith([3n, 4n, 5n])], 64);
    const watcher = new ChainChecker();
    verdict(watcher, [], upTo(2));
    expect(verdict(watcher, [], otherwise)).toMatchObject(
      broken('changed after it had been sent: block 2, or one before it'),
    );
    expect(verdict(watcher, [], upTo(2))).toMatchObject({ kind: 'holds' });
    const another = buildChain([candidatesWith([6n]), candidatesWith([1n]), candidatesWith([1n])], 32);
    expect(verdict(watcher, [], another)).toEqual(broken('changed after it had been sent'));
  });

  it('is that it has lost blocks', () => {
    const watcher = new ChainChecker();
    verdict(watcher, [], upTo(3));
    expect(verdict(watcher, [], upTo(2))).toEqual(broken('it has 3 blocks, but had 4 before'));
  });
});

describe('what is said of the winners that were announced', () => {
  it('is that another one stands in the block', () => {
    const watcher = new ChainChecker();
    verdict(watcher, [], upTo(0));
    const contradiction: ServerEvent = { kind: 'winner', address: hexOf('somebody else') };
    expect(verdict(watcher, [contradiction], upTo(1))).toEqual(
      broken('block 1 is not the one that was announced: its winner is'),
    );
  });

  it('is that another ticket was announced', () => {
    const contradiction: ServerEvent = { kind: 'ticket', ticket: 0n, total: 12n, first: 0n, last: 0n };
    expect(verdict(new ChainChecker(), [winnerOf(1), contradiction], upTo(1))).toEqual(broken('announced was 0 of 12'));
  });

  it('is that a block is missing, or was never announced', () => {
    const invented = new ChainChecker();
    verdict(invented, [], upTo(1));
    expect(verdict(invented, [winnerOf(2), winnerOf(3), winnerOf(4), winnerOf(5)], upTo(2))).toMatchObject({
      kind: 'broken',
    });
    const silent = new ChainChecker();
    verdict(silent, [winnerOf(1)], upTo(1));
    expect(verdict(silent, [winnerOf(2)], upTo(5))).toEqual(broken('1 winner was announced'));
  });

  it('is nothing bad when the chain is a block ahead of the announcement, which comes', () => {
    const watcher = new ChainChecker();
    verdict(watcher, [winnerOf(1), ticketOf(1)], upTo(1));
    expect(verdict(watcher, [winnerOf(2), ticketOf(2)], upTo(3))).toMatchObject({ kind: 'holds' });
    expect(verdict(watcher, [winnerOf(3), ticketOf(3), winnerOf(4), ticketOf(4)], upTo(4))).toMatchObject({
      kind: 'holds',
    });
  });

  it('is that you were told of a win that the block does not have', () => {
    const { Draw, BPM } = blockAt(2);
    const welcome: ServerEvent = { kind: 'welcome', address: blockAt(2).Validator, stake: BigInt(Draw.Stake) };
    const won: ServerEvent = { kind: 'won', index: 2 };
    const candidate: ServerEvent = { kind: 'candidate', index: 2, bpm: BPM };
    const events = [welcome, candidate, winnerOf(2), won];
    expect(verdict(new ChainChecker(), events, upTo(2))).toMatchObject({ kind: 'holds', winners: 1 });
    const stranger = { ...welcome, stake: 1_000_000n };
    expect(verdict(new ChainChecker(), [stranger, winnerOf(2), won], upTo(2))).toEqual(broken('you staked 1000000'));
    const otherBpm = { ...candidate, bpm: BPM + 1 };
    expect(verdict(new ChainChecker(), [welcome, otherBpm, winnerOf(2), won], upTo(2))).toEqual(broken('you proposed'));
    expect(verdict(new ChainChecker(), [welcome, winnerOf(2), { ...won, index: 7 }], upTo(2))).toEqual(
      broken('you were told that you won block 7'),
    );
  });

  it('is no more than can be kept of them', () => {
    const watcher = new ChainChecker();
    for (let count = 0; count < 2 * limits.announcementsMax; count++) watcher.onEvent(winnerOf(1));
    expect(watcher.unchecked).toBe(limits.announcementsMax);
  });
});
