import { describe, expect, it } from 'vitest';
import { limits } from '../../src/http/limits.ts';
import { LiveState } from '../../src/http/live-state.ts';
import { buildChain, candidatesWith, committed } from '../core/build-chain.ts';

const candidates = candidatesWith([10n, 20n, 30n]);
const [first, second] = candidates;
if (first === undefined || second === undefined) throw new Error('no candidates');
const chain = buildChain(Array(12).fill(candidates), 64);

/** The state after the chain up to block `height`. */
function stateAt(height: number): LiveState {
  const state = new LiveState();
  for (const block of chain.slice(0, height + 1)) state.onEvent({ kind: 'loaded', block, text: '' });
  return state;
}

function drawIn(state: LiveState, index: number): void {
  state.onEvent(committed(chain[index], candidates));
}

describe('the live state', () => {
  it('remembers the newest blocks, the newest first', () => {
    const state = stateAt(10);
    expect(state.height).toBe(10);
    expect(state.newest.map(({ Index }) => Index)).toEqual([10, 9, 8, 7, 6, 5, 4, 3]);
    expect(state.newest).toHaveLength(limits.newestBlocksMax);
  });

  it('fills the pool, loses whoever is slashed, and empties it with the draw', () => {
    const state = stateAt(1);
    state.onEvent({ kind: 'proposed', candidate: first, index: 2 });
    state.onEvent({ kind: 'proposed', candidate: second, index: 2 });
    expect([state.candidates, state.totalStake]).toEqual([2, 30n]);
    state.onEvent({
      kind: 'slashed',
      validator: second.validator,
      stake: 20n,
      invalid: { text: 'x', problem: 'not a number', max: 9 },
    });
    expect([state.candidates, state.totalStake]).toEqual([1, 10n]);
    drawIn(state, 2);
    expect([state.height, state.candidates]).toEqual([2, 0]);
  });

  it('keeps what is proposed while a draw is under way for the round after it', () => {
    const state = stateAt(1);
    state.onEvent({ kind: 'proposed', candidate: first, index: 2 });
    state.onEvent({ kind: 'proposed', candidate: second, index: 3 });
    expect(state.segments().map(({ stake }) => stake)).toEqual(['10']);
    drawIn(state, 2);
    expect(state.segments().map(({ stake }) => stake)).toEqual(['20']);
  });

  it('knows who is connected, by the first digits of their address, too', () => {
    const state = stateAt(1);
    state.onEvent({ kind: 'joined', validator: first.validator, stake: 10n });
    state.onEvent({ kind: 'joined', validator: second.validator, stake: 20n });
    expect(state.validatorsWith(first.validator.slice(0, 8))).toEqual([first.validator]);
    expect(state.validatorsWith('')).toEqual([first.validator, second.validator]);
    expect(state.validatorsWith(`${first.validator}0`)).toEqual([]);
    expect(state.isConnected(first.validator)).toBe(true);
    state.onEvent({ kind: 'left', validator: first.validator, stake: 10n, isInTheDraw: true });
    state.onEvent({
      kind: 'slashed',
      validator: second.validator,
      stake: 20n,
      invalid: { text: 'x', problem: 'not a number', max: 9 },
    });
    expect(state.isConnected(first.validator) || state.isConnected(second.validator)).toBe(false);
  });

  it('knows which validators resumed their session', () => {
    const state = stateAt(1);
    state.onEvent({ kind: 'joined', validator: first.validator, stake: 10n });
    state.onEvent({ kind: 'left', validator: first.validator, stake: 10n, isInTheDraw: false });
    state.onEvent({ kind: 'returned', validator: first.validator, stake: 10n });
    expect(state.isConnected(first.validator)).toBe(true);
  });

  it('is empty after a round without candidates', () => {
    const state = stateAt(1);
    state.onEvent({ kind: 'proposed', candidate: first, index: 2 });
    state.onEvent({ kind: 'empty', round: 1 });
    expect(state.segments()).toEqual([]);
  });
});
