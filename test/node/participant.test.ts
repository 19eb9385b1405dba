import { beforeEach, describe, expect, it } from 'vitest';
import type { Proposal } from '../../src/consensus/engine.ts';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import {
  type LotteryService,
  Participant,
  type ParticipantChannel,
  type ParticipantRules,
} from '../../src/node/participant.ts';
import type { InvalidPayload } from '../../src/node/ports.ts';
import { buildChain, candidatesWith, frozen, hexOf } from '../core/build-chain.ts';
import { readDrawn } from '../core/example.ts';

const address = hexOf('me');
const network = '192.0.2.1';
const outlook = { remainingMs: 12_000, tickets: 100n, totalTickets: 350n };

/** A lottery that records what it is asked, and answers as a test wants it. */
class RecordedLottery implements LotteryService {
  readonly calls: string[] = [];
  proposal: Proposal = { kind: 'accepted', index: 7, round: 0, outlook };
  code: string | undefined;
  resumed: ReturnType<LotteryService['resumeSession']> = { kind: 'unknown' };
  takeOver: () => void = () => undefined;
  strikes = 0;
  stored: Promise<void> | undefined;

  rename(of: string, name: string): void {
    this.calls.push(`rename ${of} ${name}`);
  }

  join(stake: bigint): string {
    this.calls.push(`join ${stake}`);
    return address;
  }

  openSession(_validator: string, takenOver: () => void): string | undefined {
    this.takeOver = takenOver;
    return this.code;
  }

  resumeSession(code: string, from: string, takenOver: () => void): ReturnType<LotteryService['resumeSession']> {
    this.calls.push(`resume ${code} from ${from}`);
    this.takeOver = takenOver;
    return this.resumed;
  }

  propose(validator: string, payload: number): Proposal {
    this.calls.push(`propose ${payload} of ${validator}`);
    return this.proposal;
  }

  addStrike(validator: string): number {
    this.calls.push(`strike ${validator}`);
    this.strikes += 1;
    return this.strikes;
  }

  sessionsSynced(): Promise<void> | undefined {
    this.calls.push('store');
    return this.stored;
  }

  slash(validator: string, { text }: InvalidPayload): void {
    this.calls.push(`slash ${validator} for ${text}`);
  }

  leave(validator: string): void {
    this.calls.push(`leave ${validator}`);
  }
}

let lottery: RecordedLottery;
let takeovers: number;

function begin(changes: Partial<ParticipantRules> = {}): Participant {
  const channel: ParticipantChannel = {
    network,
    takenOver: () => {
      takeovers += 1;
    },
  };
  return new Participant(lottery, { stakeMax: 1000n, slashAfter: 1, ...changes }, channel);
}

/** A participant with a stake, and nothing of how it got it among the calls. */
function beginWithStake(changes: Partial<ParticipantRules> = {}): Participant {
  const participant = begin(changes);
  participant.enterBalance('100');
  lottery.calls.length = 0;
  return participant;
}

beforeEach(() => {
  lottery = new RecordedLottery();
  takeovers = 0;
});

describe('a name', () => {
  it.each(['A', "Ada L. <b>O'C\\", '12345678901234567890'])('of %j is told to the lottery', (text) => {
    const participant = beginWithStake();
    expect(participant.rename(text)).toEqual({ kind: 'named', address, name: text });
    expect(lottery.calls).toEqual([`rename ${address} ${text}`]);
  });

  it.each(['', '123456789012345678901', 'Ad\u0007a', 'Jos\u00e9', 'Ada\n'])(
    'of %j is none, which costs nothing',
    (text) => {
      const participant = beginWithStake();
      expect(participant.rename(text)).toEqual({ kind: 'invalid', text, max: 20 });
      expect(lottery.calls).toEqual([]);
    },
  );

  it('belongs to a validator: not to somebody without a stake, or who has left', () => {
    expect(begin().rename('Ada')).toEqual({ kind: 'no validator' });
    const participant = beginWithStake();
    participant.leave();
    expect(participant.rename('Ada')).toEqual({ kind: 'no validator' });
    expect(lottery.calls).toEqual([`leave ${address}`]);
  });
});

describe('a balance', () => {
  it.each([
    ['1', 1n],
    ['1000', 1000n],
    ['0001000', 1000n],
  ])('of %s makes a validator with that stake', (text, stake) => {
    const participant = begin();
    expect(participant.address).toBeUndefined();
    expect(participant.enterBalance(text)).toEqual({ kind: 'joined', address, stake, code: undefined });
    expect(participant.address).toBe(address);
    expect(lottery.calls).toEqual([`join ${stake}`]);
  });

  it.each([
    ['0', 'too small'],
    ['1001', 'too large'],
    ['9'.repeat(400), 'too large'],
    ['', 'not a number'],
    ['-1', 'not a number'],
    ['+1', 'not a number'],
    ['1.0', 'not a number'],
    ['1e2', 'not a number'],
    ['\u0661', 'not a number'],
  ] as const)('of %j is %s, and the result says what came and what is accepted', (text, problem) => {
    const participant = begin();
    expect(participant.enterBalance(text)).toEqual({
      kind: 'invalid',
      invalid: { text, problem, max: 1000n },
      attemptsLeft: 2,
    });
    expect(participant.address).toBeUndefined();
    expect(lottery.calls).toEqual([]);
  });

  it('comes with the code of a session where sessions are kept', () => {
    lottery.code = 'ABCD-EFGH-JKMN';
    expect(begin().enterBalance('5')).toMatchObject({ code: 'ABCD-EFGH-JKMN' });
  });

  it('may be wrong three times, wrong codes included', () => {
    const participant = begin();
    expect(participant.enterBalance('x')).toMatchObject({ attemptsLeft: 2 });
    expect(participant.resume('x')).toEqual({ kind: 'unknown', attemptsLeft: 1 });
    lottery.resumed = { kind: 'too many' };
    expect(participant.resume('x')).toEqual({ kind: 'too many', attemptsLeft: 0 });
    expect(participant.enterBalance('x')).toMatchObject({ attemptsLeft: 0 });
  });

  it('cannot be entered twice', () => {
    const participant = beginWithStake();
    expect(() => participant.enterBalance('100')).toThrow('has a stake already');
    expect(() => participant.resume('x')).toThrow('has a stake already');
    expect(lottery.calls).toEqual([]);
  });
});

describe('the code of a session', () => {
  it('gives address and stake back, and is told where it comes from', () => {
    lottery.resumed = { kind: 'resumed', address, stake: 7n };
    const participant = begin();
    expect(participant.resume('abcd')).toEqual({ kind: 'resumed', address, stake: 7n });
    expect(participant.address).toBe(address);
    expect(lottery.calls).toEqual([`resume abcd from ${network}`]);
    expect(participant.enterPayload('x')).toMatchObject({ kind: 'slashed', stake: 7n });
  });

  it.each(['joined', 'resumed'])('takes the validator away from a participant that has %s', (how) => {
    lottery.resumed = { kind: 'resumed', address, stake: 7n };
    const participant = begin();
    if (how === 'joined') participant.enterBalance('7');
    else participant.resume('abcd');
    lottery.calls.length = 0;
    lottery.takeOver();
    expect(takeovers).toBe(1);
    expect(participant.address).toBeUndefined();
    participant.leave();
    expect(() => participant.enterPayload('72')).toThrow('only a validator');
    expect(() => participant.enterBalance('7')).toThrow('has left');
    expect(lottery.calls).toEqual([]);
  });

  it('does not reach a participant that was released', () => {
    const participant = beginWithStake();
    participant.release();
    lottery.takeOver();
    expect(takeovers).toBe(0);
    expect(participant.address).toBe(address);
  });
});

describe('a payload', () => {
  it.each([0, 72, 2_147_483_647])('of %i becomes a candidate, and the result says how it stands', (payload) => {
    const participant = beginWithStake();
    expect(participant.enterPayload(String(payload))).toEqual({ kind: 'accepted', index: 7, payload, outlook });
    expect(lottery.calls).toEqual([`propose ${payload} of ${address}`]);
  });

  it('is the second one of its round, or finds no room, at no cost', () => {
    const participant = beginWithStake();
    lottery.proposal = { kind: 'already', index: 7, round: 0 };
    expect(participant.enterPayload('72')).toEqual({ kind: 'already', index: 7 });
    lottery.proposal = { kind: 'full' };
    expect(participant.enterPayload('73')).toEqual({ kind: 'full', payload: 73 });
    expect(lottery.strikes).toBe(0);
  });

  it.each([
    ['2147483648', 'too large'],
    ['-1', 'not a number'],
    ['1.5', 'not a number'],
    ['', 'not a number'],
    ['\x1b[A', 'not a number'],
  ] as const)('of %j is %s: the stake is lost, and the result says what came and what is accepted', (text, problem) => {
    const participant = beginWithStake();
    expect(participant.enterPayload(text)).toEqual({
      kind: 'slashed',
      invalid: { text, problem, max: 2_147_483_647 },
      stake: 100n,
      stored: undefined,
    });
    expect(lottery.calls).toEqual([`strike ${address}`, `slash ${address} for ${text}`, 'store']);
  });

  it('cannot be entered without a stake, after leaving, or after a slash', () => {
    expect(() => begin().enterPayload('72')).toThrow('only a validator');
    const left = beginWithStake();
    left.leave();
    expect(() => left.enterPayload('72')).toThrow('only a validator');
    const slashed = beginWithStake();
    slashed.enterPayload('x');
    expect(() => slashed.enterPayload('72')).toThrow('only a validator');
  });
});

describe('strikes', () => {
  it('are counted down to the one that costs the stake', () => {
    const participant = beginWithStake({ slashAfter: 3 });
    expect(participant.enterPayload('a')).toMatchObject({ kind: 'strike', strikesLeft: 2, invalid: { text: 'a' } });
    expect(participant.enterPayload('72')).toMatchObject({ kind: 'accepted' });
    expect(participant.enterPayload('b')).toMatchObject({ kind: 'strike', strikesLeft: 1, invalid: { text: 'b' } });
    expect(participant.enterPayload('c')).toMatchObject({ kind: 'slashed', invalid: { text: 'c' } });
  });

  it('count for a validator that comes back', () => {
    lottery.strikes = 2;
    lottery.resumed = { kind: 'resumed', address, stake: 100n };
    const participant = begin({ slashAfter: 3 });
    participant.resume('abcd');
    expect(participant.enterPayload('x')).toMatchObject({ kind: 'slashed' });
  });

  it.each([2, 1])('come with what has to be stored before they are told, with SLASH_AFTER=%i', (slashAfter) => {
    const stored = Promise.resolve();
    lottery.stored = stored;
    const result = beginWithStake({ slashAfter }).enterPayload('x');
    expect('stored' in result && result.stored).toBe(stored);
    // Only what was counted before is stored by it.
    expect(lottery.calls.at(-1)).toBe('store');
  });
});

describe('leaving', () => {
  it('is told to the lottery once, and the address stays for what is announced afterwards', () => {
    const participant = beginWithStake();
    participant.leave();
    participant.leave();
    expect(lottery.calls).toEqual([`leave ${address}`]);
    expect(participant.address).toBe(address);
  });

  it('is not told without a stake, or after a slash', () => {
    begin().leave();
    const slashed = beginWithStake();
    slashed.enterPayload('x');
    lottery.calls.length = 0;
    slashed.leave();
    expect(lottery.calls).toEqual([]);
  });
});

describe('the awaited round', () => {
  it.each(['accepted', 'already'] as const)('is the open one after a payload that is %s, until it ends', (kind) => {
    const participant = beginWithStake();
    expect(participant.awaitedRound).toBeUndefined();
    lottery.proposal = { kind, index: 7, round: 5, outlook };
    participant.enterPayload('72');
    participant.endRound(4);
    expect(participant.awaitedRound).toBe(5);
    participant.endRound(5);
    expect(participant.awaitedRound).toBeUndefined();
  });

  it('is none after a payload without room', () => {
    const participant = beginWithStake();
    lottery.proposal = { kind: 'full' };
    participant.enterPayload('72');
    expect(participant.awaitedRound).toBeUndefined();
  });
});

describe('the result of a draw', () => {
  const candidates = candidatesWith([5n, 7n]);
  const [block] = readDrawn(buildChain([candidates], 4));
  if (block === undefined) throw new Error('no block');
  const receipts = new TicketReceipts(frozen(candidates).candidates);
  const { Validator: winner, Draw } = block;
  const everyone = { winner, index: 1, ticket: Draw.Ticket, totalStake: '12' };

  const resultFor = (validator: string): unknown => {
    lottery.resumed = { kind: 'resumed', address: validator, stake: 1n };
    const participant = begin();
    participant.resume('abcd');
    return participant.resultOf(block, receipts);
  };

  it('names winner and ticket to a participant without a stake or without a candidate', () => {
    const expected = { ...everyone, tickets: undefined, isWinner: false };
    expect(begin().resultOf(block, receipts)).toEqual(expected);
    expect(resultFor(hexOf('did not propose'))).toEqual(expected);
  });

  it.each(candidates)('has the own tickets of $validator, and says whether it won', ({ validator }) => {
    expect(resultFor(validator)).toEqual({
      ...everyone,
      tickets: receipts.of(validator)?.tickets,
      isWinner: validator === winner,
    });
  });
});
