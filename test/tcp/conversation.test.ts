import { beforeEach, describe, expect, it } from 'vitest';
import type { Proposal } from '../../src/consensus/engine.ts';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import type { LotteryService } from '../../src/node/participant.ts';
import type { InvalidPayload } from '../../src/node/ports.ts';
import { Conversation, type ConversationRules } from '../../src/tcp/conversation.ts';
import { buildChain, candidatesWith, frozen, hexOf } from '../core/build-chain.ts';
import { readDrawn } from '../core/example.ts';

const address = hexOf('me');
const stakeMax = 1000n;

/** A lottery that records what it is asked. */
class Notebook implements LotteryService {
  readonly notes: string[] = [];
  answer: Proposal = {
    kind: 'accepted',
    round: 0,
    index: 7,
    outlook: { remainingMs: 12_000.5, tickets: 100n, totalTickets: 350n },
  };
  code: string | undefined;
  claim: ReturnType<LotteryService['resumeSession']> = { kind: 'unknown' };
  takeOver: () => void = () => undefined;
  strikes = 0;
  synced: Promise<void> | undefined;

  rename(of: string, name: string): void {
    this.notes.push(`rename ${of} ${name}`);
  }

  join(stake: bigint): string {
    this.notes.push(`join ${stake}`);
    return address;
  }

  openSession(validator: string, takenOver: () => void): string | undefined {
    this.takeOver = takenOver;
    return validator === address ? this.code : undefined;
  }

  resumeSession(code: string, network: string, takenOver: () => void): ReturnType<LotteryService['resumeSession']> {
    this.notes.push(`rejoin ${code} from ${network}`);
    this.takeOver = takenOver;
    return this.claim;
  }

  propose(validator: string, bpm: number): Proposal {
    this.notes.push(`propose ${validator === address} ${bpm}`);
    return this.answer;
  }

  addStrike(validator: string): number {
    if (validator === address) this.strikes += 1;
    return this.strikes;
  }

  sessionsSynced(): Promise<void> | undefined {
    return this.synced;
  }

  slash(validator: string, { text }: InvalidPayload): void {
    this.notes.push(`slash ${validator === address} ${text}`);
  }

  leave(validator: string): void {
    this.notes.push(`leave ${validator === address}`);
  }
}

let lottery: Notebook;
let session: Conversation;
let takeovers = 0;

const rules = { stakeMax, slashAfter: 1, rejoinGraceMs: 0 };

function begin(changes: Partial<ConversationRules> = {}): Conversation {
  const takenOver = (): void => {
    takeovers += 1;
  };
  return new Conversation(lottery, { ...rules, ...changes }, { network: '192.0.2.1', takenOver: takenOver });
}

beforeEach(() => {
  lottery = new Notebook();
  takeovers = 0;
  session = begin();
});

describe('a person without a stake', () => {
  it.each([
    ['1', 1n],
    ['1000', 1000n],
    ['000999', 999n],
  ])('becomes a validator with the balance %s', (line, stake) => {
    expect(session.receive(line)).toEqual({
      text: `You are validator ${address} with ${stake} tokens.\n\nEnter a new BPM:`,
    });
    expect(lottery.notes).toEqual([`join ${stake}`]);
  });

  it.each([
    ['0', 'is too small'],
    ['1001', 'is too large'],
    ['-5', 'is not a token balance'],
    ['1.5', 'is not a token balance'],
    ['1e3', 'is not a token balance'],
    ['abc', 'is not a token balance'],
    ['1_0', 'is not a token balance'],
  ])('reads why %s is no balance, what is accepted, and an example', (line, why) => {
    expect(session.receive(line).text).toBe(
      `Error: "${line}" ${why}. Enter a whole number from 1 to 1000, digits only, for example 100.\nEnter token balance:`,
    );
    expect(lottery.notes).toEqual([]);
  });

  it('may enter four hundred digits, which are too large and shown cut', () => {
    const { text } = session.receive('9'.repeat(400));
    expect(text).toContain(`"${'9'.repeat(61)}..." is too large`);
  });

  it('is disconnected after the third wrong balance, with one error a line and no prompt after the last', () => {
    const replies = ['a', 'b', 'c'].map((line) => session.receive(line));
    expect(replies.map(({ closeReason }) => closeReason)).toEqual([undefined, undefined, 'no-balance']);
    expect(replies.map(({ text }) => text.match(/Error: /g)?.length)).toEqual([1, 1, 1]);
    expect(replies[2]?.text).toMatch(/\n$/);
  });

  it('has as many tries as before after empty lines and arrow keys', () => {
    for (const line of ['a', '', '\x1b[A', 'b', '', '\x1b']) expect(session.receive(line).closeReason).toBeUndefined();
    expect(session.receive('c').closeReason).toBe('no-balance');
  });
});

describe('a command', () => {
  const graceful = { rejoinGraceMs: 119_001 };

  it.each(['quit', 'exit', 'QUIT', 'Exit', 'qUiT'])(
    'to leave, %s, says goodbye in one line at both prompts',
    (line) => {
      expect(begin().receive(line)).toEqual({ text: 'Goodbye.\n', closeReason: 'quit' });
      session.receive('100');
      expect(session.receive(line)).toEqual({ text: 'Goodbye.\n', closeReason: 'quit' });
      expect(lottery.notes).toEqual(['join 100']);
    },
  );

  it('to leave says that a candidate stays in the draw, and until when its session can be resumed', () => {
    const listener = begin(graceful);
    expect(begin(graceful).receive('quit').text).toBe('Goodbye.\n');
    listener.receive('100');
    listener.receive('72');
    expect(listener.receive('quit').text).toBe(
      'Goodbye. Your candidate stays in the draw. Your rejoin code works for 120 seconds from now.\n',
    );
    listener.endRound(0);
    expect(listener.receive('quit').text).toBe('Goodbye. Your rejoin code works for 120 seconds from now.\n');
  });

  it.each(['help', '?', 'HELP', 'Help'])(
    'for help, %s, says the rules in six lines, the last of which says how to leave',
    (line) => {
      for (const [settings, prompt] of [
        [{}, 'Enter token balance:'],
        [{ slashAfter: 3 }, '\nEnter a new BPM:'],
        [graceful, '\nEnter a new BPM:'],
      ] as const) {
        const listener = begin(settings);
        if (prompt !== 'Enter token balance:') listener.receive('100');
        const { text, closeReason } = listener.receive(line);
        expect(closeReason).toBeUndefined();
        expect(text.endsWith(`\n${prompt}`)).toBe(true);
        const lines = text.slice(0, -prompt.length - 1).split('\n');
        expect(lines.length).toBeLessThanOrEqual(6);
        expect(lines.at(-1)).toMatch(/^To leave, type quit or exit/);
        expect(text).toContain('from 1 to 1000,');
        expect(text).toContain('from 0 to 2147483647,');
        expect(text.includes('number 3')).toBe('slashAfter' in settings);
        expect(text.includes('rejoin CODE')).toBe('rejoinGraceMs' in settings);
      }
      expect(lottery.strikes).toBe(0);
    },
  );

  it('costs none of the three tries at a balance', () => {
    for (const line of ['help', 'a', '?', 'b', 'HELP']) expect(session.receive(line).closeReason).toBeUndefined();
    expect(session.receive('c').closeReason).toBe('no-balance');
  });

  it.each(['quit now', 'quit.', 'help me', '??', 'exits', 'q', 'bye'])(
    'is the whole line: %j is none, and a tainted block says how to leave',
    (line) => {
      session.receive('100');
      const { text, closeReason } = session.receive(line);
      expect(closeReason).toBe('slashed');
      expect(text).toContain('To leave at no cost, type quit.');
    },
  );
});

describe('a validator', () => {
  beforeEach(() => {
    session.receive('100');
    lottery.notes.length = 0;
  });

  it.each([0, 72, 2_147_483_647])('proposes the BPM %i', (bpm) => {
    expect(session.receive(String(bpm)).text).toBe(
      `Candidate for block 7: BPM ${bpm}.\nThe draw is in 13 s; you hold 100 of 350 tickets so far.\n\nEnter a new BPM:`,
    );
    expect(lottery.notes).toEqual([`propose true ${bpm}`]);
  });

  it.each([
    [0, 'The draw is in 0 s'],
    [0.001, 'The draw is in 1 s'],
    [1000, 'The draw is in 1 s'],
    [1000.001, 'The draw is in 2 s'],
    [undefined, 'Draws are paused'],
  ])('is told when its draw is, in whole seconds, rounded up: %s ms', (remainingMs, when) => {
    lottery.answer = { kind: 'accepted', index: 7, round: 0, outlook: { remainingMs, tickets: 1n, totalTickets: 1n } };
    expect(session.receive('72').text).toBe(
      `Candidate for block 7: BPM 72.\n${when}; you hold 1 of 1 tickets so far.\n\nEnter a new BPM:`,
    );
  });

  it('is told when it has a candidate already', () => {
    lottery.answer = { kind: 'already', index: 7, round: 0 };
    expect(session.receive('72').text).toBe(
      'Already in the draw for block 7: one candidate a round.\n\nEnter a new BPM:',
    );
  });

  it('is told when the round is full', () => {
    lottery.answer = { kind: 'full' };
    expect(session.receive('72').text).toMatch(/^Error: .*BPM 72 is not in it.*\n\nEnter a new BPM:$/);
  });

  it.each(['2147483648', '-1', '1.5', 'abc', '0x48', '72 73', '\xef\xbc\x97'])('is slashed for %j', (line) => {
    const reply = session.receive(line);
    expect(reply.closeReason).toBe('slashed');
    expect(reply.text).toMatch(
      /^Slashed: "[ -~]+" is (?:not a BPM|too large for a BPM)\. .* from 0 to 2147483647.*example 72\. .*\n$/,
    );
    expect(reply.text.match(/\n/g)).toHaveLength(1);
    expect(lottery.notes).toEqual([`slash true ${line}`]);
  });

  it('is not slashed for an empty line or an editing key', () => {
    expect(session.receive('').text).toBe('\nEnter a new BPM:');
    expect(session.receive('7\x1b[D2').text).toMatch(
      /^Error: "7\\x1b\[D2" has an arrow .* editing keys do not work in nc.*\n\nEnter a new BPM:$/,
    );
    expect(lottery.notes).toEqual([]);
  });

  it('leaves once, and not after it was slashed', () => {
    session.leave();
    session.leave();
    expect(lottery.notes).toEqual(['leave true']);
    const other = begin();
    other.receive('100');
    other.receive('x');
    lottery.notes.length = 0;
    other.leave();
    expect(lottery.notes).toEqual([]);
  });
});

describe('a resumable session', () => {
  const rejoinGraceMs = 90_000;

  it('is offered with its code to a new validator, before the prompt', () => {
    lottery.code = 'ABCD-EFGH-JKMN';
    expect(begin({ rejoinGraceMs }).receive('100').text).toBe(
      `You are validator ${address} with 100 tokens.\nTo come back within 90 seconds: rejoin ABCD-EFGH-JKMN\n\nEnter a new BPM:`,
    );
  });

  it.each([
    ['rejoin abcd', 'abcd'],
    ['REJOIN  abcd', 'abcd'],
    ['Rejoin\tab cd', 'ab cd'],
  ])('is given back to "%s", and the code is said again', (line, code) => {
    lottery.claim = { kind: 'resumed', address, stake: 7n };
    const back = begin({ rejoinGraceMs });
    expect(back.receive(line).text).toBe(
      `You are validator ${address} with 7 tokens.\nTo come back within 90 seconds: rejoin ${code}\n\nEnter a new BPM:`,
    );
    expect(back.receive('72').text).toContain('Candidate for block 7');
    expect(lottery.notes).toEqual([`rejoin ${code} from 192.0.2.1`, 'propose true 72']);
  });

  it('is not given to a wrong code, which is an attempt like a wrong balance', () => {
    const guesser = begin({ rejoinGraceMs });
    expect(guesser.receive('rejoin x\x07').text).toMatch(
      /^Error: "rejoin x\\x07" is not the code of a seat that is kept here\. .*\nEnter token balance:$/,
    );
    lottery.claim = { kind: 'too many' };
    expect(guesser.receive('rejoin y').text).toMatch(
      /^Error: too many wrong codes came from your network address\. .*\n/,
    );
    expect(guesser.receive('rejoin z').closeReason).toBe('no-balance');
  });

  it('is not asked for where none are kept, nor by what is no code', () => {
    expect(session.receive('rejoin abcd').text).toContain('is not a token balance');
    expect(begin({ rejoinGraceMs }).receive('rejoin').text).toContain('is not a token balance');
    expect(lottery.notes).toEqual([]);
  });

  it('that another connection has taken over is left to it', () => {
    const first = begin({ rejoinGraceMs });
    first.receive('100');
    lottery.notes.length = 0;
    lottery.takeOver();
    expect(takeovers).toBe(1);
    first.leave();
    expect(lottery.notes).toEqual([]);
    expect(first.address).toBeUndefined();
  });
});

describe('the round whose result a person waits for', () => {
  it.each(['accepted', 'already'] as const)(
    'is that of their candidate (%s), and not the one that is just being drawn',
    (kind) => {
      session.receive('100');
      expect(session.awaitedRound).toBeUndefined();
      const outlook = { remainingMs: 0, tickets: 1n, totalTickets: 1n };
      lottery.answer = { kind, index: 7, round: 5, outlook };
      session.receive('72');
      session.endRound(4);
      expect(session.awaitedRound).toBe(5);
      session.endRound(5);
      expect(session.awaitedRound).toBeUndefined();
    },
  );

  it('is none when the round had no room for their candidate', () => {
    session.receive('100');
    lottery.answer = { kind: 'full' };
    session.receive('72');
    expect(session.awaitedRound).toBeUndefined();
  });
});

describe('with SLASH_AFTER=3', () => {
  it('a validator is warned twice and slashed at the third tainted block', () => {
    session = begin({ slashAfter: 3 });
    session.receive('not a balance');
    session.receive('100');
    const replies = ['a', '72', 'b', '73', 'c'].map((line) => session.receive(line));
    expect(replies.map(({ closeReason }) => closeReason)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'slashed',
    ]);
    expect(replies[0]?.text).toMatch(
      /^Error: "a" is not a BPM.* To leave at no cost, type quit\. After 2 more you lose your stake\.\n\nEnter a new BPM:$/,
    );
    expect(replies[2]?.text).toMatch(
      /^Error: "b".* The next tainted block costs you your stake\.\n\nEnter a new BPM:$/,
    );
  });

  it('a validator that comes back is as near to it as before', () => {
    lottery.strikes = 2;
    lottery.claim = { kind: 'resumed', address, stake: 100n };
    session = begin({ slashAfter: 3, rejoinGraceMs: 1000 });
    session.receive('rejoin abcd');
    expect(session.receive('a').closeReason).toBe('slashed');
  });
});

describe('an announcement', () => {
  const candidates = candidatesWith([5n, 7n]);
  const [block] = readDrawn(buildChain([candidates], 4));
  if (block === undefined) throw new Error('no block');
  const receipts = new TicketReceipts(frozen(candidates).candidates);
  const winner = block.Validator;
  const loser = candidates.find(({ validator }) => validator !== winner)?.validator ?? '';

  /** What a person with this address hears; undefined is a person without a stake. */
  const heardBy = (who: string | undefined): string => {
    const listener = new Conversation({ ...emptyLottery, join: () => who ?? '' }, rules, {
      network: '',
      takenOver: () => undefined,
    });
    if (who !== undefined) listener.receive('5');
    return listener.announce(block, receipts);
  };
  const emptyLottery: LotteryService = {
    join: () => '',
    openSession: () => undefined,
    resumeSession: () => ({ kind: 'unknown' }),
    addStrike: () => 1,
    sessionsSynced: () => undefined,
    propose: () => ({ kind: 'full' }),
    rename: () => undefined,
    slash: () => undefined,
    leave: () => undefined,
  };

  it('names the winner to everybody, and ends in the prompt', () => {
    expect(heardBy(undefined)).toBe(`\nwinning validator: ${winner}\nEnter token balance:`);
    expect(heardBy(hexOf('joined, did not propose'))).toBe(`\nwinning validator: ${winner}\n\nEnter a new BPM:`);
  });

  it('tells those in the pool their tickets', () => {
    const tickets = receipts.of(loser)?.tickets;
    expect(heardBy(loser)).toBe(
      `\nwinning validator: ${winner}\nTicket ${block.Draw.Ticket} of 12 was drawn; yours were ${tickets?.first} to ${tickets?.last}.\n\nEnter a new BPM:`,
    );
  });

  it('tells the winner last', () => {
    expect(heardBy(winner)).toMatch(/^\nwinning validator: .*\nTicket .*\nYou won block 1\.\n\nEnter a new BPM:$/);
  });
});
