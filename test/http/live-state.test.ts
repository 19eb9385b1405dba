import { describe, expect, it } from 'vitest';
import { isDrawn } from '../../src/core/block.ts';
import { limits } from '../../src/http/limits.ts';
import { LiveState } from '../../src/http/live-state.ts';
import { buildChain, candidatesWith, frozen } from '../core/build-chain.ts';

const candidates = candidatesWith([10n, 20n, 30n]);
const [first, second] = candidates;
if (first === undefined || second === undefined) throw new Error('no candidates');
const chain = buildChain(Array(12).fill(candidates), 64);

/** A room that has heard the chain up to block `height`. */
function roomAt(height: number): LiveState {
  const room = new LiveState();
  for (const block of chain.slice(0, height + 1)) room.onEvent({ kind: 'loaded', block, text: '' });
  return room;
}

function drawIn(room: LiveState, index: number): void {
  const block = chain[index];
  if (block === undefined || !isDrawn(block)) throw new Error(`no block ${index}`);
  room.onEvent({ kind: 'drawn', round: 1, storedMs: 2, block, text: '', pool: frozen(candidates) });
}

describe('the room', () => {
  it('remembers the newest blocks, the newest first', () => {
    const room = roomAt(10);
    expect(room.height).toBe(10);
    expect(room.newest.map(({ Index }) => Index)).toEqual([10, 9, 8, 7, 6, 5, 4, 3]);
    expect(room.newest).toHaveLength(limits.newestBlocksMax);
  });

  it('fills the pool, loses whoever is slashed, and empties it with the draw', () => {
    const room = roomAt(1);
    room.onEvent({ kind: 'proposed', candidate: first, index: 2 });
    room.onEvent({ kind: 'proposed', candidate: second, index: 2 });
    expect([room.candidates, room.totalStake]).toEqual([2, 30n]);
    room.onEvent({
      kind: 'slashed',
      validator: second.validator,
      stake: 20n,
      invalid: { text: 'x', problem: 'not a number', max: 9 },
    });
    expect([room.candidates, room.totalStake]).toEqual([1, 10n]);
    drawIn(room, 2);
    expect([room.height, room.candidates]).toEqual([2, 0]);
  });

  it('keeps what is proposed while a draw is under way for the round after it', () => {
    const room = roomAt(1);
    room.onEvent({ kind: 'proposed', candidate: first, index: 2 });
    room.onEvent({ kind: 'proposed', candidate: second, index: 3 });
    expect(room.segments().map(({ stake }) => stake)).toEqual(['10']);
    drawIn(room, 2);
    expect(room.segments().map(({ stake }) => stake)).toEqual(['20']);
  });

  it('knows who is connected, by the first digits of their address, too', () => {
    const room = roomAt(1);
    room.onEvent({ kind: 'joined', validator: first.validator, stake: 10n });
    room.onEvent({ kind: 'joined', validator: second.validator, stake: 20n });
    expect(room.beginning(first.validator.slice(0, 8))).toEqual([first.validator]);
    expect(room.beginning('')).toEqual([first.validator, second.validator]);
    expect(room.beginning(`${first.validator}0`)).toEqual([]);
    expect(room.isConnected(first.validator)).toBe(true);
    room.onEvent({ kind: 'left', validator: first.validator, stake: 10n, isInTheDraw: true });
    room.onEvent({
      kind: 'slashed',
      validator: second.validator,
      stake: 20n,
      invalid: { text: 'x', problem: 'not a number', max: 9 },
    });
    expect(room.isConnected(first.validator) || room.isConnected(second.validator)).toBe(false);
  });

  it('knows who came back to their seat', () => {
    const room = roomAt(1);
    room.onEvent({ kind: 'joined', validator: first.validator, stake: 10n });
    room.onEvent({ kind: 'left', validator: first.validator, stake: 10n, isInTheDraw: false });
    room.onEvent({ kind: 'returned', validator: first.validator, stake: 10n });
    expect(room.isConnected(first.validator)).toBe(true);
  });

  it('is empty after a round without candidates', () => {
    const room = roomAt(1);
    room.onEvent({ kind: 'proposed', candidate: first, index: 2 });
    room.onEvent({ kind: 'empty', round: 1 });
    expect(room.segments()).toEqual([]);
  });
});
