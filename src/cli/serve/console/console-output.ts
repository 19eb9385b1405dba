import { EventEmitter } from 'node:events';
import { constants, openSync, writeSync } from 'node:fs';
import type { CommandOutput } from '../../command.ts';
import { limits } from '../limits.ts';

/** Where the bytes go. */
interface ByteWriter {
  /** Takes as many bytes as it can without waiting, and returns how many. Throws when it can never take any again. */
  take(bytes: Buffer): number;
  /** Everything that was taken is out of this process. */
  readonly isIdle: boolean;
}

/**
 * Standard output or error of a server, which is written to and never waited for: a terminal or pipe that is not read must not stop the
 * draws. What is not read waits here up to a bound; what does not fit any more is dropped and counted.
 *
 * Emits 'unshown' with the number of lines that were dropped as soon as all that waited has been taken, and 'drain' after it.
 */
export class ConsoleOutput extends EventEmitter implements NodeJS.WritableStream {
  readonly writable = true;
  readonly #stream: CommandOutput;
  readonly #writer: ByteWriter;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isDropping = false;
  #droppedLines = 0;
  #isBroken = false;
  #retry: NodeJS.Timeout | undefined;

  /** For `process.stdout`, which is descriptor 1, or `process.stderr`, which is 2. The stream itself may not be written to any more. */
  constructor(stream: CommandOutput, descriptor: 1 | 2) {
    super();
    this.#stream = stream;
    this.#writer = openWriter(stream, descriptor);
    stream.on('error', () => this.#break());
    if (this.isTTY) stream.on('resize', () => this.emit('resize'));
  }

  get isTTY(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns ?? 0;
  }

  get rows(): number {
    return this.#stream.rows ?? 0;
  }

  /** Something waits to be taken; 'drain' is emitted when nothing does any more. */
  get writableNeedDrain(): boolean {
    return this.#waitingBytes > 0;
  }

  /** Writes all of it, now or when it is taken, or nothing: half of an escape sequence would spoil what comes after it. */
  write(data: string | Uint8Array): boolean {
    const bytes = Buffer.from(data);
    if (this.#isBroken || bytes.length === 0) return true;
    if (this.#isDropping || this.#waitingBytes >= limits.consoleWaitingBytesMax) {
      this.#isDropping = true;
      this.#droppedLines += linesIn(bytes);
      return false;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#retry === undefined) this.#push();
    return !this.writableNeedDrain;
  }

  /** Only there because every stream has it: the console stays open as long as the process. */
  end(): this {
    return this;
  }

  /** Gives what waits a moment to be taken; returns whether it was. */
  async settles(): Promise<boolean> {
    const endMs = performance.now() + limits.consoleFarewellMs;
    while ((this.#waitingBytes > 0 || !this.#writer.isIdle) && !this.#isBroken) {
      if (performance.now() >= endMs) return false;
      await new Promise((resolve) => setTimeout(resolve, limits.consoleRetryMs));
    }
    return true;
  }

  /** Writes as much as is taken now, and tries again later when something is left: no event says when a terminal is read again. */
  #push(): void {
    this.#retry = undefined;
    try {
      for (let [bytes] = this.#waiting; bytes !== undefined; [bytes] = this.#waiting) {
        const taken = this.#writer.take(bytes);
        this.#waitingBytes -= taken;
        if (taken < bytes.length) this.#waiting[0] = bytes.subarray(taken);
        else this.#waiting.shift();
        if (taken === 0) {
          this.#retry = setTimeout(() => this.#push(), limits.consoleRetryMs).unref();
          return;
        }
      }
    } catch {
      this.#break();
      return;
    }
    this.#tellDrained();
  }

  #tellDrained(): void {
    const lines = this.#droppedLines;
    const wasDropping = this.#isDropping;
    this.#isDropping = false;
    this.#droppedLines = 0;
    if (wasDropping) this.emit('unshown', lines);
    if (this.#waitingBytes === 0) this.emit('drain');
  }

  /** The pipe is closed or the terminal is gone. All that is written from now on is lost, and nothing else. */
  #break(): void {
    clearTimeout(this.#retry);
    this.#isBroken = true;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.emit('drain');
  }
}

/**
 * A terminal gets a descriptor of its own that does not wait, because writes to it are synchronous in Node, and a flag of descriptor 1 itself
 * would be shared with the shell. Pipes and sockets do not wait in Node, and files are always written to at once.
 */
function openWriter(stream: CommandOutput, descriptor: 1 | 2): ByteWriter {
  if (!stream.isTTY) return new StreamWriter(stream);
  // The second one is for systems without /proc, and for a terminal that belongs to another user (after su).
  for (const path of [`/proc/self/fd/${descriptor}`, '/dev/tty']) {
    try {
      return new DescriptorWriter(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY));
    } catch {
      // The next one.
    }
  }
  return new StreamWriter(stream);
}

class DescriptorWriter implements ByteWriter {
  readonly #descriptor: number;
  readonly isIdle = true;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  take(bytes: Buffer): number {
    try {
      return writeSync(this.#descriptor, bytes);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
      throw error;
    }
  }
}

class StreamWriter implements ByteWriter {
  readonly #stream: CommandOutput;

  constructor(stream: CommandOutput) {
    this.#stream = stream;
  }

  take(bytes: Buffer): number {
    if (this.#stream.writableNeedDrain) return 0;
    this.#stream.write(bytes);
    return bytes.length;
  }

  get isIdle(): boolean {
    return this.#stream.writableLength === 0;
  }
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
