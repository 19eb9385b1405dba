import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/consensus/lottery/replicated/log-entry.ts';
import { LogState, type Outcome } from '../../../src/consensus/lottery/replicated/log-state.ts';

const timestamp = '2026-01-01T00:00:00.000Z';
const [ada, ben] = ['aa'.repeat(32), 'bb'.repeat(32)];

const bpm = (validator: string, payload = 72): Change => ({ kind: 'candidate', validator, stake: 10n, payload });

/** A log that is written while it is read. */
class Written {
  readonly state = new LogState();
  #position = 0;

  get position(): number {
    return this.#position;
  }

  /** Written by a door that had read up to `read`. */
  batch(changes: readonly Change[], read = this.#position): readonly Outcome[] {
    this.#position += 1;
    return this.state.apply({
      kind: 'batch',
      position: this.#position,
      door: 'a',
      sequence: this.#position,
      read,
      changes,
    });
  }

  close(index: number): Outcome | undefined {
    this.#position += 1;
    return this.state.apply({
      kind: 'control',
      position: this.#position,
      entry: { kind: 'closed', index, timestamp },
    })[0];
  }

  block(index: number): Outcome | undefined {
    this.#position += 1;
    const text = JSON.stringify({ Index: index });
    return this.state.apply({ kind: 'control', position: this.#position, entry: { kind: 'block', text } })[0];
  }
}

describe('the rounds of a log', () => {
  it('take the first candidate of each validator, and close with the pool that stands there', () => {
    const log = new Written();
    const outcomes = log.batch([bpm(ben), bpm(ada), bpm(ada, 73)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'already']);
    expect(outcomes[1]).toMatchObject({ index: 1, totalTickets: 20n });
    expect(log.close(1)).toMatchObject({ kind: 'closed', closed: { index: 1, timestamp, position: 2 } });
    expect(log.state.closed?.pool?.candidates.map(({ validator }) => validator)).toEqual([ada, ben]);
  });

  it('put what comes between the end of a round and its block into the next one', () => {
    const log = new Written();
    log.batch([bpm(ada)]);
    log.close(1);
    expect(log.batch([bpm(ada)])).toMatchObject([{ kind: 'accepted', index: 2 }]);
    expect(log.block(1)).toMatchObject({ kind: 'block', index: 1, closed: { index: 1 } });
    expect(log.batch([bpm(ben)])).toMatchObject([{ kind: 'accepted', index: 2, totalTickets: 20n }]);
  });

  it('end without a block where no candidate stands there', () => {
    const log = new Written();
    expect(log.close(1)).toEqual({ kind: 'empty' });
    expect([log.state.closed, log.state.index]).toEqual([undefined, 1]);
  });

  it('are closed once, and have one block', () => {
    const log = new Written();
    log.batch([bpm(ada)]);
    log.close(1);
    expect(log.close(1)).toEqual({ kind: 'nothing' });
    log.block(1);
    expect([log.block(1), log.close(1)]).toEqual([{ kind: 'nothing' }, { kind: 'nothing' }]);
    expect(log.state.index).toBe(2);
  });

  it('have no candidate of a validator that was slashed, whatever its other doors knew when they wrote one', () => {
    const log = new Written();
    log.batch([bpm(ada), bpm(ben)]);
    const before = log.position;
    expect(log.batch([{ kind: 'withdrawn', validator: ada }])).toMatchObject([{ kind: 'withdrawn' }]);
    expect(log.batch([bpm(ada)], before)).toEqual([{ kind: 'cut off' }]);
    log.close(1);
    expect(log.state.closed?.pool?.candidates.map(({ validator }) => validator)).toEqual([ben]);
    // Also in the round after it.
    expect(log.batch([bpm(ada)], before)).toEqual([{ kind: 'cut off' }]);
    log.block(1);
    log.batch([bpm(ben)]);
    log.close(2);
    // What a door wrote that has not read for two rounds is not looked at.
    expect(log.batch([bpm(ben)], before)).toEqual([{ kind: 'cut off' }]);
    const seat = { codeHash: 'cc', address: ada, stake: 1n, strikes: 0 };
    expect(log.batch([{ kind: 'seat', seat }], before)).toEqual([{ kind: 'void seat' }]);
    expect(log.batch([{ kind: 'seat', seat }])).toEqual([{ kind: 'nothing' }]);
  });

  it('are known as a whole only behind the second that a shortened log has', () => {
    const log = new Written();
    log.batch([bpm(ada)]);
    expect(log.close(7)).toMatchObject({ kind: 'closed', closed: { index: 7, pool: undefined } });
    log.batch([bpm(ada)]);
    log.block(7);
    expect(log.close(8)).toMatchObject({ kind: 'closed', closed: { index: 8, pool: undefined } });
    log.batch([bpm(ben)]);
    log.block(8);
    expect(log.close(9)).toMatchObject({ kind: 'closed', closed: { index: 9 } });
    expect(log.state.closed?.pool?.candidates).toHaveLength(1);
  });

  it('are paused and resumed for all doors', () => {
    const log = new Written();
    log.batch([{ kind: 'paused' }]);
    expect(log.state.isPaused).toBe(true);
    log.batch([{ kind: 'resumed' }]);
    expect(log.state.isPaused).toBe(false);
  });
});
