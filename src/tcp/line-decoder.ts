import { CR, isBlank, LF } from '../base/ascii.ts';
import { limits } from './limits.ts';

/** What the decoder returns in place of a line that is longer than `limits.lineBytesMax`. Nothing comes after it. */
export const lineTooLong: unique symbol = Symbol('line too long');

// The commands of telnet (RFC 854). IAC cannot be typed by accident: no UTF-8 character contains this byte.
const IAC = 0xff;
const DONT = 0xfe;
const WILL = 0xfb;
const SB = 0xfa;
const SE = 0xf0;
const LOWEST_COMMAND = 0xec;

const nothing: Buffer = Buffer.alloc(0);

/**
 * Decodes bytes into lines (SPEC 1): LF ends a line, one CR before it is dropped, spaces and tabs around it are trimmed, telnet
 * negotiation is skipped. Chunks may be cut anywhere with the same result. Lines are taken one at a time, so that a
 * reader may stop in the middle of a chunk; they are latin1 strings, one character a byte.
 *
 * Memory: the last chunk until its lines are taken, and `limits.lineBytesMax` bytes of an unfinished line.
 */
export class LineDecoder {
  #chunk: Buffer = nothing;
  #offset = 0;
  #line = '';
  /** The unfinished line ends with a CR. Reading its last character instead would join the pieces of the string each time. */
  #endsWithCR = false;
  /** Bytes of telnet commands since the last line. They are not kept, but bounded, because they could come for ever without a line. */
  #skippedBytes = 0;
  #state: 'text' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command' = 'text';
  #isTooLong = false;

  /** Gives the decoder a chunk, which it does not change. */
  push(chunk: Buffer): void {
    if (this.#isTooLong) return;
    this.#chunk = this.#chunk === nothing ? chunk : Buffer.concat([this.#chunk.subarray(this.#offset), chunk]);
    this.#offset = 0;
  }

  /** The next line; undefined when there is none yet. */
  next(): string | typeof lineTooLong | undefined {
    while (this.#offset < this.#chunk.length) {
      if (this.#state === 'text') this.#takeText(this.#endOfText());
      if (this.#exceedsLimit()) {
        this.#isTooLong = true;
        this.#chunk = nothing;
        return lineTooLong;
      }
      const byte = this.#chunk[this.#offset];
      if (byte === undefined) break;
      this.#offset += 1;
      if (this.#state === 'text' && byte !== IAC) return this.#takeLine();
      this.#skip(byte);
    }
    // A chunk is a view of the socket's 64 KiB buffer: keeping a used one would cost every idle connection that much.
    this.#chunk = nothing;
    this.#offset = 0;
    return undefined;
  }

  /** The beginning of the line that is not complete yet, or that is too long. */
  get unfinished(): string {
    return this.#line;
  }

  /** The last line, when the peer closed its side after text without an LF. Call it when `next` has returned undefined. */
  finish(): string | undefined {
    return this.#isTooLong || this.#line === '' ? undefined : this.#takeLine();
  }

  /** Where the plain text at the offset ends: before an LF or an IAC, with the chunk, or where it surely is too long. */
  #endOfText(): number {
    const reach = Math.min(this.#chunk.length, this.#offset + limits.lineBytesMax + 2);
    let end = this.#offset;
    while (end < reach && this.#chunk[end] !== LF && this.#chunk[end] !== IAC) end += 1;
    return end;
  }

  #takeText(end: number): void {
    // There is often no text between two telnet commands.
    if (end === this.#offset) return;
    this.#line += this.#chunk.toString('latin1', this.#offset, end);
    this.#endsWithCR = this.#chunk[end - 1] === CR;
    this.#offset = end;
  }

  #exceedsLimit(): boolean {
    // A last CR does not count yet: it may belong to a CR LF. With any other byte behind it the line is over the limit anyway.
    const textBytes = this.#line.length - (this.#endsWithCR ? 1 : 0);
    return textBytes > limits.lineBytesMax || this.#skippedBytes > limits.telnetBytesMax;
  }

  #takeLine(): string {
    const line = this.#line;
    this.#line = '';
    this.#endsWithCR = false;
    this.#skippedBytes = 0;
    return trimmed(line);
  }

  #skip(byte: number): void {
    this.#skippedBytes += 1;
    if (this.#state === 'text') {
      this.#state = 'command';
    } else if (this.#state === 'command') {
      if (byte === SB) this.#state = 'subnegotiation';
      else if (byte >= WILL && byte <= DONT) this.#state = 'option';
      else this.#endCommand(byte);
    } else if (this.#state === 'option' || (this.#state === 'subnegotiation-command' && byte === SE)) {
      this.#state = 'text';
    } else {
      this.#state = byte === IAC ? 'subnegotiation-command' : 'subnegotiation';
    }
  }

  #endCommand(byte: number): void {
    this.#state = 'text';
    if (byte === IAC) {
      this.#line += String.fromCharCode(IAC);
      this.#endsWithCR = false;
      this.#skippedBytes -= 2;
    } else if (byte < LOWEST_COMMAND) {
      // A byte that is no command was meant as text. It is read again as text, so that an LF still ends its line.
      this.#offset -= 1;
      this.#skippedBytes -= 1;
    }
  }
}

function trimmed(line: string): string {
  let start = 0;
  let end = line.length;
  if (line.charCodeAt(end - 1) === CR) end -= 1;
  while (start < end && isBlank(line.charCodeAt(start))) start += 1;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}
