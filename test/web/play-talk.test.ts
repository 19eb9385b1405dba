import { describe, expect, it } from 'vitest';
import { isPrompt, type PlayNews, PlayTalk } from '../../src/web/play-talk.ts';

const balance = 'Enter token balance:';
const bpm = 'Enter a new BPM:';
const ada = 'ad'.repeat(32);
const bob = 'b0'.repeat(32);

/** Hears messages; returns what is to be shown, and the lines that are sent without being asked for. */
function hear(
  talk: PlayTalk,
  ...messages: readonly string[]
): { readonly news: readonly PlayNews[]; readonly sent: readonly string[] } {
  const news: PlayNews[] = [];
  const sent: string[] = [];
  for (const message of messages) {
    if (isPrompt(message)) {
      const line = talk.prompt(message);
      if (line !== undefined) sent.push(line);
    } else {
      const told = talk.hear(message);
      if (told !== undefined) news.push(told);
    }
  }
  return { news, sent };
}

/** A person with a stake at the prompt for a BPM. */
function seated(...more: readonly string[]): PlayTalk {
  const talk = new PlayTalk(undefined);
  talk.open();
  hear(talk, balance, `You are validator ${ada} with 100 tokens.`, ...more, bpm);
  return talk;
}

describe('the conversation as a page follows it', () => {
  it('begins at the prompt for a balance', () => {
    const talk = new PlayTalk(undefined);
    talk.open();
    expect(talk.stage).toBe('away');
    expect(hear(talk, balance)).toEqual({ news: [], sent: [] });
    expect(talk.stage).toBe('balance');
  });

  it('knows the validator and the stake after the welcome', () => {
    const talk = seated();
    expect([talk.stage, talk.address, talk.stake, talk.comeback]).toEqual(['bpm', ada, '100', undefined]);
  });

  it('knows a candidate, and what it holds so far, until its draw', () => {
    const talk = seated();
    hear(talk, 'Candidate for block 7: BPM 72.', 'The draw is in 21 s; you hold 100 of 300 tickets so far.', bpm);
    expect([talk.candidates, talk.tickets]).toEqual([[{ index: 7, bpm: '72' }], ['100', '300']]);
    const { news } = hear(
      talk,
      `winning validator: ${ada}`,
      'Ticket 3 of 300 was drawn; yours were 0 to 99.',
      'You won block 7.',
      bpm,
    );
    expect([news, talk.candidates, talk.tickets, talk.won.has(7)]).toEqual([[], [], undefined, true]);
  });

  it('keeps the next candidate when the draw of the one before is over', () => {
    const talk = seated();
    hear(talk, 'Candidate for block 7: BPM 72.', 'Draws are paused; you hold 1 of 2 tickets so far.', bpm);
    hear(talk, 'Candidate for block 8: BPM 73.', bpm);
    hear(talk, `winning validator: ${bob}`, 'Ticket 3 of 300 was drawn; yours were 0 to 99.', bpm);
    expect(talk.candidates).toEqual([{ index: 8, bpm: '73' }]);
    talk.passBlock(7);
    expect(talk.candidates).toEqual([{ index: 8, bpm: '73' }]);
    talk.passBlock(8);
    expect(talk.candidates).toEqual([]);
  });

  it('gives a candidate up that is in no draw', () => {
    const talk = seated();
    hear(talk, 'Candidate for block 7: BPM 72.');
    const words = 'Your candidate for block 7 is in no draw, because that server was started anew. Enter it again.';
    expect(hear(talk, words).news).toEqual([{ kind: 'said', words }]);
    expect(talk.candidates).toEqual([]);
  });

  it('shows errors, blocks that were made at once, and whatever it does not know', () => {
    const { news } = hear(
      seated(),
      'Error: "x" is not a token balance.',
      `Block 9 is yours: ${'0'.repeat(64)}.`,
      'The operator says: hello',
      'Pool of block 9 is sealed: 1 candidate, 1 token, root 0123456789abcdef.',
      'The draw waits for quick round 7.',
    );
    expect(news).toEqual([
      { kind: 'error', words: '"x" is not a token balance.' },
      { kind: 'block', index: 9 },
      { kind: 'said', words: 'The operator says: hello' },
    ]);
  });
});

describe('a tab that has lost its connection', () => {
  it.each([
    ['To come back within 120 seconds: rejoin ABCD-EFGH-JKMN', 'rejoin ABCD-EFGH-JKMN'],
    [`Your wallet sort1qq has 900 more. To come back: login ABCD-EFGH`, 'login ABCD-EFGH'],
  ])('takes its seat again by %s', (offer, comeback) => {
    const talk = seated(offer);
    hear(talk, 'Candidate for block 7: BPM 72.');
    expect(talk.close()).toBe(true);
    expect(talk.stage).toBe('away');
    talk.open();
    expect(hear(talk, balance).sent).toEqual([comeback]);
    expect(talk.stage).toBe('away');
    hear(talk, `You are validator ${ada} with 100 tokens.`, offer, bpm);
    expect([talk.stage, talk.comeback, talk.candidates.length]).toEqual(['bpm', comeback, 1]);
  });

  it('asks for a balance where nothing was kept for it', () => {
    const talk = seated();
    talk.close();
    talk.open();
    expect(hear(talk, balance)).toEqual({ news: [], sent: [] });
    expect(talk.stage).toBe('balance');
  });

  it('still waits for the draw of its candidate after it was loaded again', () => {
    const before = seated('To come back within 120 seconds: rejoin ABCD-EFGH-JKMN');
    hear(before, 'Candidate for block 7: BPM 72.', bpm);
    const talk = new PlayTalk(before.seat);
    talk.open();
    expect(hear(talk, balance).sent).toEqual(['rejoin ABCD-EFGH-JKMN']);
    hear(talk, `You are validator ${ada} with 100 tokens.`, bpm);
    expect(talk.candidates).toEqual([{ index: 7, bpm: '72' }]);
  });

  it('begins anew when its seat is gone', () => {
    const talk = new PlayTalk({ comeback: 'rejoin ABCD-EFGH-JKMN' });
    talk.open();
    hear(talk, balance);
    const { news, sent } = hear(
      talk,
      'Error: "rejoin ABCD-EFGH-JKMN" is not the code of a seat that is kept here.',
      balance,
    );
    expect([news.length, sent, talk.stage, talk.comeback]).toEqual([1, [], 'balance', undefined]);
  });

  it('has another validator then, and none of the old candidates', () => {
    const talk = seated();
    hear(talk, 'Candidate for block 7: BPM 72.');
    talk.close();
    talk.open();
    hear(talk, balance, `You are validator ${bob} with 5 tokens.`, bpm);
    expect([talk.address, talk.candidates]).toEqual([bob, []]);
  });

  it('asks for its old wallet, and not for the one that it is offered before it can ask', () => {
    const talk = new PlayTalk({ comeback: 'login OLD-CODE' });
    talk.open();
    const offered = [
      `You are validator ${bob} with 0 tokens.`,
      'Your wallet sort1qq has 0 more. To come back: login NEW-CODE',
    ];
    expect(hear(talk, ...offered, bpm).sent).toEqual(['login OLD-CODE']);
    hear(
      talk,
      `You are validator ${ada} with 0 tokens.`,
      'Your wallet sort1qq has 7 more. To come back: login OLD-CODE',
      bpm,
    );
    expect([talk.address, talk.comeback]).toEqual([ada, 'login OLD-CODE']);
  });

  it('keeps the wallet that it was offered when the old one is gone', () => {
    const talk = new PlayTalk({ comeback: 'login OLD-CODE' });
    talk.open();
    hear(
      talk,
      `You are validator ${bob} with 0 tokens.`,
      'Your wallet sort1qq has 0 more. To come back: login NEW-CODE',
      bpm,
    );
    hear(talk, 'Error: "login OLD-CODE" is not the code of a wallet of this server.', bpm);
    expect([talk.address, talk.comeback, talk.stage]).toEqual([bob, 'login NEW-CODE', 'bpm']);
  });
});

describe('a seat that is over', () => {
  it.each([
    'Slashed: "x" is not a BPM. You lose your stake of 100 tokens.',
    'Goodbye. Your candidate stays in the draw.',
    'Error: another connection has taken your seat over with your rejoin code, so the server closes this one.',
    'Error: the server is full, and whoever has not entered a balance makes room for others. Connect again, and enter one.',
    'The operator of the server closes this connection.',
    'Error: "x" is not a token balance. This was try 3, so the server closes this connection: connect again.',
  ])('does not come back by itself: %s', (words) => {
    const talk = seated('To come back within 120 seconds: rejoin ABCD-EFGH-JKMN');
    expect(hear(talk, words).news).toEqual([{ kind: 'over', words }]);
    expect([talk.stage, talk.comeback, talk.candidates]).toEqual(['over', undefined, []]);
    expect(talk.close()).toBe(false);
    talk.begin();
    talk.open();
    expect(hear(talk, balance).sent).toEqual([]);
  });

  it.each([
    'The server stops now. The chain is stored and goes on when the server is started again.',
    'Error: too many bytes wait for you to read them, so the server closes this connection. Connect again to go on.',
    'Error: the server has all the 10 connections it can take. Try again in a minute.',
  ])('is none where the server can be asked again: %s', (words) => {
    const talk = seated();
    hear(talk, words);
    expect(talk.close()).toBe(true);
  });
});
