import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits as joinLimits } from '../../../src/cli/join/limits.ts';
import type { ServerEvent } from '../../../src/cli/join/server-event.ts';
import { ServerParser } from '../../../src/cli/join/server-parser.ts';
import { beaconIsLate, poolIsSealed } from '../../../src/tcp/beacon-text.ts';
import { limits as tcpLimits } from '../../../src/tcp/limits.ts';
import * as operatorText from '../../../src/tcp/operator-text.ts';
import * as roundText from '../../../src/tcp/round-text.ts';
import * as seatText from '../../../src/tcp/seat-text.ts';
import * as slashingText from '../../../src/tcp/slashing-text.ts';
import { hexOf } from '../../core/build-chain.ts';
import { readExample } from '../../core/example.ts';

function parsed(chunks: Iterable<Buffer>, readsChains = true): readonly ServerEvent[] {
  const events: ServerEvent[] = [];
  const parser = new ServerParser(readsChains);
  for (const chunk of chunks) parser.push(chunk, (event) => events.push(event));
  parser.finish((event) => events.push(event));
  return events;
}

function onServerEvent(words: string): readonly ServerEvent[] {
  return parsed([Buffer.from(words, 'latin1')]);
}

const address = hexOf('ada');
const won = roundText.announcement({
  winner: address,
  index: 1,
  ticket: '245',
  totalStake: '300',
  tickets: { first: 200n, last: 299n },
  isWinner: true,
});
const notANumber = { text: 'x', problem: 'not a number', max: 1000n } as const;
const slashed = {
  kind: 'slashed',
  invalid: { text: 'x', problem: 'not a number', max: 1000 },
  stake: 100n,
  stored: undefined,
} as const;
const { chain } = readExample();
const chainLine = `\n${JSON.stringify(chain)}\n`;

describe('the parser of what a server says', () => {
  it('understands every sentence of the specification, with the prompts that end no line', () => {
    const conversation = [
      seatText.balancePrompt,
      seatText.notABalance(notANumber, false),
      seatText.balancePrompt,
      seatText.welcome(address, 100n),
      seatText.bpmPrompt,
      roundText.candidateTaken(1, 71),
      roundText.outlook({ remainingMs: 28_001, tickets: 100n, totalTickets: 10n ** 76n }),
      roundText.outlook({ remainingMs: undefined, tickets: 100n, totalTickets: 300n }),
      seatText.bpmPrompt,
      roundText.alreadyInTheDraw(1),
      seatText.bpmPrompt,
      won,
      seatText.bpmPrompt,
      operatorText.drawsArePaused(),
      operatorText.drawsAreResumed(5000),
      operatorText.drawIsLate(1),
      operatorText.diskIsFull(),
      slashingText.slashed(slashed),
      seatText.goodbye(true, 0),
      operatorText.serverStops(0, 0),
    ];
    expect(onServerEvent(conversation.join(''))).toEqual([
      { kind: 'prompt', asks: 'balance' },
      { kind: 'error', text: seatText.notABalance(notANumber, false).trim() },
      { kind: 'prompt', asks: 'balance' },
      { kind: 'welcome', address, stake: 100n },
      { kind: 'prompt', asks: 'bpm' },
      { kind: 'candidate', index: 1, bpm: 71 },
      { kind: 'outlook', seconds: 29, tickets: 100n, total: 10n ** 76n },
      { kind: 'outlook', seconds: undefined, tickets: 100n, total: 300n },
      { kind: 'prompt', asks: 'bpm' },
      { kind: 'already', index: 1 },
      { kind: 'prompt', asks: 'bpm' },
      { kind: 'winner', address },
      { kind: 'ticket', ticket: 245n, total: 300n, first: 200n, last: 299n },
      { kind: 'won', index: 1 },
      { kind: 'prompt', asks: 'bpm' },
      { kind: 'notice', text: operatorText.drawsArePaused().trim(), about: 'paused' },
      { kind: 'notice', text: operatorText.drawsAreResumed(5000).trim(), about: 'resumed' },
      { kind: 'notice', text: operatorText.drawIsLate(1).trim(), about: 'late' },
      { kind: 'notice', text: operatorText.diskIsFull().trim(), about: 'late' },
      { kind: 'slashed', text: slashingText.slashed(slashed).trim() },
      { kind: 'goodbye', text: seatText.goodbye(true, 0).trim() },
      { kind: 'other', text: operatorText.serverStops(0, 0).trim() },
    ]);
  });

  it('takes a chain apart block by block, or passes over it', () => {
    const words = seatText.bpmPrompt + chainLine + seatText.bpmPrompt;
    const prompt = { kind: 'prompt', asks: 'bpm' };
    const blocks = chain.map((block) => ({ kind: 'block', text: JSON.stringify(block) }));
    expect(onServerEvent(words)).toEqual([prompt, ...blocks, { kind: 'chain' }, prompt]);
    expect(parsed([Buffer.from(words)], false)).toEqual([prompt, prompt]);
  });

  it('understands that a pool is sealed, and what its draw waits for', () => {
    const pool = {
      Index: 7,
      Sealed: '2026-01-01T00:00:00.000Z',
      PoolRoot: 'ab'.repeat(32),
      PoolSize: 1,
      TotalStake: '1',
    };
    const anna = { name: 'anna', round: 12, timeMs: 0, signature: undefined, isLate: true };
    const ben = { ...anna, name: 'ben-2', round: 9 };
    const larger = { ...pool, Index: 8, PoolSize: 2, TotalStake: '300' };
    const late = beaconIsLate(8, [anna]);
    const words = poolIsSealed({ pool, rounds: [anna, ben] }) + poolIsSealed({ pool: larger, rounds: [anna] }) + late;
    const root = 'ab'.repeat(8);
    const [one, two] = [
      { name: 'anna', round: 12 },
      { name: 'ben-2', round: 9 },
    ];
    expect(onServerEvent(words)).toEqual([
      { kind: 'sealed', index: 7, candidates: 1, total: 1n, root },
      { kind: 'awaits', rounds: [one, two] },
      { kind: 'sealed', index: 8, candidates: 2, total: 300n, root },
      { kind: 'awaits', rounds: [one] },
      { kind: 'notice', about: 'late', text: late.trim() },
    ]);
  });

  it('hears last words that no LF ends, and lines that end like those of Windows', () => {
    expect(onServerEvent('bye')).toEqual([{ kind: 'other', text: 'bye' }]);
    expect(onServerEvent(`winning validator: ${address}\r\n[]\r\n`)).toEqual([
      { kind: 'winner', address },
      { kind: 'chain' },
    ]);
  });

  it('takes a sentence with an impossible number or address for some other line', () => {
    const lines = [
      `You won block ${'9'.repeat(16)}.`,
      'winning validator: ABC',
      `Ticket 1 of ${'9'.repeat(79)} was drawn; yours were 0 to 1.`,
      `You are validator ${address} with -1 tokens.`,
      'The draw is in -1 s; you hold 1 of 2 tickets so far.',
      'Pool of block 1 is sealed: 1 candidate, 1 token, root ab.',
      'The draw waits for ANNA round 1.',
      'The draw waits for anna round 1, ben.',
    ];
    expect(onServerEvent(lines.join('\n'))).toEqual(lines.map((line) => ({ kind: 'other', text: line })));
  });

  it.each([
    ['[1]', 'it is not a list of blocks without white space'],
    ['[{} ,{}]', 'it is not a list of blocks without white space'],
    ['[{},]', 'it is not a list of blocks without white space'],
    ['[{}]]', 'it is not a list of blocks without white space'],
    ['[{}', 'its line ends before the chain does'],
    ['[{"a":"', 'its line ends before the chain does'],
    ['[{', 'its line ends before the chain does'],
    ['[{[}', 'its line ends before the chain does'],
  ])('says why %s is no chain, once, and goes on with the next line', (line, why) => {
    const broken = onServerEvent(`${line}\nbye\n`).filter(({ kind }) => kind !== 'block');
    expect(broken).toEqual([
      { kind: 'broken-chain', why },
      { kind: 'other', text: 'bye' },
    ]);
  });

  it('reads no block that is larger than any honest one', () => {
    const block = { a: 'x'.repeat(joinLimits.blockBytesMax) };
    const why = `one of its blocks has more than ${joinLimits.blockBytesMax} bytes`;
    expect(onServerEvent(`[${JSON.stringify(block)}]\n`)).toEqual([{ kind: 'broken-chain', why }]);
  });

  it('is told by brackets and quotes in strings nothing of where a block ends', () => {
    const json = { a: '}]"\\', b: ['{', { c: '\\"' }] };
    const text = JSON.stringify(json);
    expect(onServerEvent(`[${text}]\n`)).toEqual([{ kind: 'block', text }, { kind: 'chain' }]);
  });

  it('keeps no more than a line of a line without end, nor more than a block of a chain without end', () => {
    const parser = new ServerParser(true);
    const events: ServerEvent[] = [];
    const megabyte = Buffer.alloc(1_048_576, 'x');
    for (let count = 0; count < 20; count++) parser.push(megabyte, (event) => events.push(event));
    expect(events).toEqual([{ kind: 'other', text: `${'x'.repeat(tcpLimits.lineBytesMax)}...` }]);
    parser.push(Buffer.from(`\n[${'{},'.repeat(1000)}{"deep":`), () => undefined);
    for (let count = 0; count < 20; count++) parser.push(Buffer.alloc(1_048_576, '['), (event) => events.push(event));
    expect(events.slice(1)).toEqual([expect.objectContaining({ kind: 'broken-chain' })]);
  });

  it('hears the same however the bytes are cut', () => {
    const pieces = [
      seatText.balancePrompt,
      seatText.bpmPrompt,
      seatText.welcome(address, 5n),
      won,
      chainLine,
      '[{"a":1},',
      '[{}]\n',
      'Enter a new',
      '\n',
      '\r\n',
      ' ',
      '[',
      '"',
      '\\',
      '\xff\xfb\x01',
      '\x1b[2J',
      'x'.repeat(tcpLimits.lineBytesMax),
    ];
    const stream = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary-ascii', maxLength: 5 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(stream, fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 30 }), (words, sizes) => {
        const bytes = Buffer.from(words.join(''), 'latin1');
        const chunks: Buffer[] = [];
        let offset = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(offset, offset + size));
          offset += size;
        }
        expect(parsed([...chunks, bytes.subarray(offset)])).toEqual(parsed([bytes]));
      }),
    );
  });

  it('hears the same when every byte comes alone', () => {
    const words =
      seatText.balancePrompt +
      seatText.welcome(address, 100n) +
      seatText.bpmPrompt +
      won +
      seatText.bpmPrompt +
      chainLine;
    const bytes = Buffer.from(words);
    expect(parsed([...bytes].map((byte) => Buffer.from([byte])))).toEqual(parsed([bytes]));
  });
});
