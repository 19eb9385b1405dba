import type { LotteryService } from '../../src/node/participant.ts';
import { Conversation } from '../../src/tcp/conversation.ts';
import { LineDecoder, lineTooLong } from '../../src/tcp/line-decoder.ts';
import { compare, type Finding, type Group, timed } from './measure.ts';
import { BenchServer, type ServerKind } from './server.ts';
import { Talkers } from './talkers.ts';

const linesPerChunk = 64;
const chunks = 4000;

/** A service that does nothing, so that only decoding and answering is measured. */
const service: LotteryService = {
  join: () => '0'.repeat(64),
  openSession: () => undefined,
  resumeSession: () => ({ kind: 'unknown' }),
  addStrike: () => 1,
  sessionsSynced: () => undefined,
  propose: () => ({ kind: 'already', index: 7, round: 0 }),
  rename: () => undefined,
  slash: () => undefined,
  leave: () => undefined,
};

const chunk = Buffer.from('72\n'.repeat(linesPerChunk));

function converse(): number {
  const decoder = new LineDecoder();
  const session = new Conversation(
    service,
    { stakeMax: 1000n, slashAfter: 1, rejoinGraceMs: 0 },
    { network: '', takenOver: () => undefined },
  );
  session.receive('100');
  let characters = 0;
  for (let count = 0; count < chunks; count++) {
    decoder.push(chunk);
    for (let line = decoder.next(); line !== undefined && line !== lineTooLong; line = decoder.next()) {
      characters += session.receive(line).text.length;
    }
  }
  return characters;
}

/** The shortest code that splits lines, reads a number and has an answer. */
function split(): number {
  let characters = 0;
  for (let count = 0; count < chunks; count++) {
    for (const line of chunk.toString('latin1').split('\n')) {
      if (/^\d+$/.test(line)) characters += `Already ${Number(line)}.\n\nEnter a new BPM:`.length;
    }
  }
  return characters;
}

async function linesPerSecond(kind: ServerKind, people: number, inFlight: number, linesEach: number): Promise<number> {
  const server = await BenchServer.start(kind);
  const talkers = await Talkers.connect(server.port, people, kind);
  const milliseconds = await talkers.talk(inFlight, linesEach);
  await talkers.leave();
  await server.stop();
  return (people * linesEach * 1000) / milliseconds;
}

export const lines: Group = {
  name: 'lines',
  async *run(): AsyncGenerator<Finding> {
    const pure = await compare({ ours: () => 1 / timed(converse), bare: () => 1 / timed(split) }, 9);
    yield {
      what: 'lines a second through decoder and session',
      against: 'split, a regular expression and a string',
      ratio: pure.ratio,
      spread: pure.spread,
      note: `${rate(pure.ours * linesPerChunk * chunks * 1000)} lines a second`,
    };
    for (const [bare, against, value] of [
      ['per-line', 'a bare server that writes once a line', 2],
      ['echo', 'a bare echo that writes once a chunk', 0.07],
    ] as const) {
      const figures = await compare(
        { ours: () => linesPerSecond('ours', 100, 64, 3000), bare: () => linesPerSecond(bare, 100, 64, 3000) },
        5,
      );
      yield {
        what: 'lines a second from 100 connections, 64 of each on their way',
        against,
        ratio: figures.ratio,
        spread: figures.spread,
        goal: { bound: 'at least', value },
        note: `${rate(figures.ours)} lines a second`,
      };
    }
    const single = await compare(
      { ours: () => linesPerSecond('ours', 100, 1, 400), bare: () => linesPerSecond('echo', 100, 1, 400) },
      5,
    );
    yield {
      what: 'lines a second from 100 connections, one at a time',
      against: 'a bare echo',
      ratio: single.ratio,
      spread: single.spread,
      goal: { bound: 'at least', value: 0.65 },
      note: `${rate(single.ours)} lines a second`,
    };
  },
};

function rate(perSecond: number): string {
  return Number(perSecond.toPrecision(2)).toLocaleString('en');
}
