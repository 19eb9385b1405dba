import { CR, LF } from '../../base/ascii.ts';
import { limits } from '../../tcp/limits.ts';
import { ChainReader } from './chain-reader.ts';
import type { ServerEvent } from './server-event.ts';

/** SPEC 1's prompts: the only words of the server that no LF ends. */
const prompts = new Map<string, ServerEvent>([
  ['Enter token balance:', { kind: 'prompt', asks: 'balance' }],
  ['Enter a new BPM:', { kind: 'prompt', asks: 'bpm' }],
]);

/**
 * Turns what a server sends into events (SPEC 1). It knows no sockets. Chunks may be cut anywhere with the same result, and memory is
 * bounded: `limits.lineBytesMax` bytes of a line are kept, or one block of a chain.
 */
export class ServerParser {
  readonly #readsChains: boolean;
  #state: 'line' | 'chain' | 'skip' = 'line';
  #line = '';
  #chain = new ChainReader();

  /** Without `readsChains` a chain is passed over unread, and there are no events of it. */
  constructor(readsChains: boolean) {
    this.#readsChains = readsChains;
  }

  /** Calls `hear` for everything that is complete with this chunk. */
  push(chunk: Buffer, onEvent: (event: ServerEvent) => void): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#state === 'chain') {
        const { offset: end, isOver } = this.#chain.read(chunk, offset, onEvent);
        if (isOver) this.#state = 'line';
        offset = end;
      } else if (this.#state === 'skip') {
        const end = chunk.indexOf(LF, offset);
        if (end === -1) return;
        this.#state = 'line';
        offset = end + 1;
      } else {
        this.#take(chunk[offset], onEvent);
        offset += 1;
      }
    }
  }

  /** The server has closed its side: what it said last need not end with LF. */
  finish(onEvent: (event: ServerEvent) => void): void {
    if (this.#state === 'chain') this.#chain.finish(onEvent);
    else this.#endLine(onEvent);
    this.#state = 'skip';
  }

  #take(byte: number | undefined, onEvent: (event: ServerEvent) => void): void {
    if (byte === undefined) return;
    if (byte === LF) {
      this.#endLine(onEvent);
      return;
    }
    const character = String.fromCharCode(byte);
    if (this.#line === '' && (character === ' ' || character === '\t' || byte === CR)) return;
    if (this.#line === '' && character === '[') {
      this.#state = this.#readsChains ? 'chain' : 'skip';
      this.#chain = new ChainReader();
      return;
    }
    this.#line += character;
    const prompt = character === ':' ? prompts.get(this.#line) : undefined;
    if (prompt !== undefined) {
      this.#line = '';
      onEvent(prompt);
    } else if (this.#line.length > limits.lineBytesMax) {
      onEvent({ kind: 'other', text: `${this.#line.slice(0, limits.lineBytesMax)}...` });
      this.#line = '';
      this.#state = 'skip';
    }
  }

  #endLine(onEvent: (event: ServerEvent) => void): void {
    const line = this.#line.trimEnd();
    this.#line = '';
    if (line !== '') onEvent(readLine(line));
  }
}

/** How the words begin that everybody is told between two draws (SPEC 1 leaves them to the server: these are ours). */
const notices = [
  ['Draws are paused: ', 'paused'],
  ['Draws are resumed: ', 'resumed'],
  ['The draw of block ', 'late'],
  ['The draw of this round waits: ', 'late'],
] as const;

/** What a whole line says. A number that no server of SPEC can mean makes the line an `other` one. */
function readLine(line: string): ServerEvent {
  if (line.startsWith('Error: ')) return { kind: 'error', text: line };
  if (line.startsWith('Slashed: ')) return { kind: 'slashed', text: line };
  if (line.startsWith('Goodbye.')) return { kind: 'goodbye', text: line };
  for (const [beginning, about] of notices) {
    if (line.startsWith(beginning)) return { kind: 'notice', text: line, about };
  }
  const sealed = readSeal(line);
  if (sealed !== undefined) return sealed;
  const [, winner] = /^winning validator: ([0-9a-f]{64})$/.exec(line) ?? [];
  if (winner !== undefined) return { kind: 'winner', address: winner };
  const [, ...tickets] =
    /^Ticket ([0-9]{1,78}) of ([0-9]{1,78}) was drawn; yours were ([0-9]{1,78}) to ([0-9]{1,78})\.$/.exec(line) ?? [];
  const [ticket, total, first, last] = tickets.map(BigInt);
  if (ticket !== undefined && total !== undefined && first !== undefined && last !== undefined) {
    return { kind: 'ticket', ticket, total, first, last };
  }
  const [, address, stake] = /^You are validator ([0-9a-f]{64}) with ([0-9]{1,78}) tokens\.$/.exec(line) ?? [];
  if (address !== undefined && stake !== undefined) return { kind: 'welcome', address, stake: BigInt(stake) };
  const [, index, bpm] = /^Candidate for block ([0-9]{1,15}): BPM ([0-9]{1,10})\.$/.exec(line) ?? [];
  if (index !== undefined) return { kind: 'candidate', index: Number(index), bpm: Number(bpm) };
  const [, seconds, held, ofAll] =
    /^(?:The draw is in ([0-9]{1,10}) s|Draws are paused); you hold ([0-9]{1,78}) of ([0-9]{1,78}) tickets so far\.$/.exec(
      line,
    ) ?? [];
  if (held !== undefined && ofAll !== undefined) {
    const untilDraw = seconds === undefined ? undefined : Number(seconds);
    return { kind: 'outlook', seconds: untilDraw, tickets: BigInt(held), total: BigInt(ofAll) };
  }
  const [, already] = /^Already in the draw for block ([0-9]{1,15}): one candidate a round\.$/.exec(line) ?? [];
  if (already !== undefined) return { kind: 'already', index: Number(already) };
  const [, won] = /^You won block ([0-9]{1,15})\.$/.exec(line) ?? [];
  if (won !== undefined) return { kind: 'won', index: Number(won) };
  return { kind: 'other', text: line };
}

/** The two lines that everybody is told when a pool is sealed. */
function readSeal(line: string): ServerEvent | undefined {
  const [, index, candidates, total, root] =
    /^Pool of block ([0-9]{1,15}) is sealed: ([0-9]{1,15}) candidates?, ([0-9]{1,78}) tokens?, root ([0-9a-f]{16})\.$/.exec(
      line,
    ) ?? [];
  if (index !== undefined && candidates !== undefined && total !== undefined && root !== undefined)
    return { kind: 'sealed', index: Number(index), candidates: Number(candidates), total: BigInt(total), root };
  const [, list] =
    /^The draw waits for ([a-z0-9-]{1,32} round [0-9]{1,15}(?:, [a-z0-9-]{1,32} round [0-9]{1,15})*)\.$/.exec(line) ??
    [];
  if (list === undefined) return undefined;
  const rounds = list.split(', ').map((entry) => {
    const [name = '', , round] = entry.split(' ');
    return { name, round: Number(round) };
  });
  return { kind: 'awaits', rounds };
}
