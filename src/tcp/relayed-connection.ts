import { PeerError } from '../node/sync/peer-network.ts';
import type { SeatStream } from '../node/sync/seat-network.ts';
import type { CloseReason } from './close-reason.ts';
import type { Count, Counters } from './counters.ts';
import { HeardText } from './heard-text.ts';
import { limits } from './limits.ts';
import { LineDecoder, lineTooLong } from './line-decoder.ts';
import type { ConnectionClock } from './lingering-close.ts';
import { evicted } from './refusal-text.ts';
import * as text from './relay-text.ts';
import { parseSeatHeader, type SeatHeader } from './seat-header.ts';
import { leavingMark } from './seat-socket.ts';
import { balancePrompt } from './seat-text.ts';
import type { SocketLike } from './send-buffer.ts';
import type { ServedConnection } from './tcp-server.ts';

/** What a block that was drawn is to those who missed its draw. */
export interface MissedDraw {
  readonly winner: string;
  /** Whether a validator's candidate was in the draw. */
  isInPool(validator: string): boolean;
}

/** What a person needs who sits at a node that follows the chain of another. */
export interface RelayHost {
  readonly clock: ConnectionClock;
  /** Opens the way to the server that makes the blocks. Rejects while that is out of reach. */
  openSeat(signal: AbortSignal): Promise<SeatStream>;
  /** A block, as soon as it is stored here; undefined where that has no draw. Rejects when the signal comes. */
  draw(index: number, signal: AbortSignal): Promise<MissedDraw | undefined>;
  /** A fault of ours while a connection was served. */
  failed(error: unknown): void;
}

/**
 * One connection of a person who takes part by way of this node: what they type goes to the server that makes the blocks, and comes back as that says
 * it. While it is out of reach they stay, and then go on with the seat that they had. Every winner is heard once: what was told
 * meanwhile, they hear from this node.
 */
export class RelayedConnection implements ServedConnection {
  readonly #socket: SocketLike;
  readonly #host: RelayHost;
  readonly #counters: Counters<Count>;
  readonly #openedMs: number;
  readonly #heard = new HeardText();
  readonly #over = new AbortController();
  /** What is typed while the server is out of reach; undefined while it is not. */
  #meanwhile: LineDecoder | undefined;
  #stream: SeatStream | undefined;
  /** Which run of the server was heard last; undefined before the first. */
  #run: string | undefined;
  #hasFinished = false;
  /** What the operator of this node has said while a line of the server was under way. */
  #said = '';
  #held: Buffer = Buffer.alloc(0);
  #isAway = false;
  #closeReason: CloseReason | undefined;
  #drain: () => void = () => undefined;
  #cancelReset: () => void = () => undefined;

  constructor(socket: SocketLike, host: RelayHost, counters: Counters<Count>) {
    counters.add('taken');
    this.#socket = socket;
    this.#host = host;
    this.#counters = counters;
    this.#openedMs = host.clock.monotonicMs();
  }

  /** Their validator; undefined without one. */
  get address(): string | undefined {
    return this.#heard.address;
  }

  /** Begins to serve: the first prompt comes from the server that makes the blocks. */
  greetSoon(): void {
    this.#serve().catch((error: unknown) => {
      if (this.#over.signal.aborted) return;
      this.#host.failed(error);
      this.#end('fault', '');
    });
  }

  receive(chunk: Buffer): void {
    this.#counters.add('bytes in', chunk.length);
    const stream = this.#stream;
    if (stream === undefined && !this.#isAway) this.#hold(chunk);
    else if (stream === undefined) this.#answerMeanwhile(chunk);
    else this.#passOn(stream, chunk.toString('latin1'));
  }

  finish(): void {
    this.#hasFinished = true;
    void this.#stream?.end(this.#over.signal).catch(() => undefined);
  }

  drained(): void {
    this.#tellSaid();
    this.#drain();
  }

  lost(hadError: boolean): CloseReason {
    this.#cancelReset();
    this.#stop();
    return this.#closeReason ?? (hadError ? 'reset' : 'left');
  }

  stop(lastWords: string): void {
    this.#end('stopped', lastWords);
  }

  /** Tells what the operator of this node says, as soon as no line of the server is under way. What a person who does not read has no room for is not told. */
  say(words: string): void {
    if (this.#said.length + words.length <= limits.saidHeldCharactersMax) this.#said += words;
    this.#tellSaid();
  }

  cutOff(): void {
    this.#socket.resetAndDestroy();
  }

  get isSettled(): boolean {
    return this.#host.clock.monotonicMs() >= this.#openedMs + limits.evictionGraceMs;
  }

  evict(): boolean {
    if (this.#over.signal.aborted || this.address !== undefined) return false;
    this.#end('made-room', evicted());
    return true;
  }

  async #serve(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const { stream, header } = await this.#reach();
      try {
        await this.#goOn(stream, header);
        if (await this.#listen(stream)) return;
      } catch (error) {
        stream.abort(new Error('over'));
        if (!(error instanceof PeerError)) throw error;
      }
      this.#stream = undefined;
      if (signal.aborted) return;
      this.#heard.breakOff();
      this.#tellAway();
    }
  }

  /** The way to the server, as soon as that is within reach. */
  async #reach(): Promise<{ readonly stream: SeatStream; readonly header: SeatHeader }> {
    const { signal } = this.#over;
    for (;;) {
      signal.throwIfAborted();
      try {
        const stream = await this.#host.openSeat(signal);
        const header = parseSeatHeader((await stream.read(signal)) ?? '');
        if ('value' in header) return { stream, header: header.value };
        stream.abort(new Error(header.why));
      } catch (error) {
        if (!(error instanceof PeerError)) throw error;
        signal.throwIfAborted();
      }
      this.#tellAway();
      await this.#pause(limits.seatRetryMs);
    }
  }

  /** Tells what the person missed, and takes the seat again that they had. */
  async #goOn(stream: SeatStream, { Height, Run }: SeatHeader): Promise<void> {
    const { signal } = this.#over;
    const { comeback, address, candidateFor } = this.#heard;
    if (this.#isAway) await this.#tell(text.serverIsBack());
    if (this.#run === undefined) this.#heard.height = Height;
    // Of a draw whose winner the person has heard, they have heard all.
    let isLost = this.#run !== undefined && this.#run !== Run && (candidateFor ?? -1) > this.#heard.height;
    while (this.#heard.height < Height) {
      const index = this.#heard.height + 1;
      const missed = await this.#host.draw(index, signal);
      // The text itself counts it as heard.
      if (missed !== undefined) await this.#tell(text.missedWinner(missed.winner));
      else this.#heard.height = index;
      if (index === candidateFor && address !== undefined && missed?.isInPool(address) === true) isLost = false;
    }
    if (isLost && candidateFor !== undefined) await this.#tell(text.candidateIsLost(candidateFor));
    if (this.#run !== Run) this.#heard.candidateFor = undefined;
    this.#run = Run;
    this.#isAway = false;
    this.#meanwhile = undefined;
    this.#stream = stream;
    const held = this.#takeHeld();
    if (comeback !== undefined) await stream.write(`${comeback}\n`, signal);
    await this.#sendAll(stream, held.toString('latin1'));
    if (this.#hasFinished) await stream.end(signal);
  }

  /** What comes before the server is reached for the first time waits for that. */
  #hold(chunk: Buffer): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    this.#socket.pause();
  }

  #takeHeld(): Buffer {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    this.#socket.resume();
    return held;
  }

  /** Passes on what the server says. Returns true when the connection is over, false when the server leaves and will be back. */
  async #listen(stream: SeatStream): Promise<boolean> {
    const { signal } = this.#over;
    let isLeaving = false;
    // Who takes a seat again has not asked for the first prompt.
    let unwanted = this.#heard.comeback === undefined ? '' : balancePrompt;
    for (;;) {
      const words = await stream.read(signal);
      if (words === undefined) break;
      if (words === leavingMark) isLeaving = true;
      else await this.#tell(words.startsWith(unwanted) ? words.slice(unwanted.length) : words);
      unwanted = '';
    }
    if (!isLeaving) this.#end('left', '');
    return !isLeaving;
  }

  async #tell(words: string): Promise<void> {
    this.#heard.hear(words);
    this.#counters.add('bytes out', words.length);
    this.#socket.write(words, 'latin1');
    this.#tellSaid();
    if (!this.#socket.writableNeedDrain) return;
    // A person who does not read is told no more: the server sees that, and judges it.
    await new Promise<void>((resolve) => {
      this.#drain = resolve;
    });
  }

  #tellSaid(): void {
    if (this.#said === '' || this.#over.signal.aborted || this.#socket.writableNeedDrain) return;
    if (!this.#heard.isBetweenLines) return;
    const words = this.#said + this.#heard.prompt;
    this.#said = '';
    this.#counters.add('bytes out', words.length);
    this.#socket.write(words, 'latin1');
  }

  #tellAway(): void {
    if (this.#isAway || this.#over.signal.aborted) return;
    this.#isAway = true;
    void this.#tell(text.serverIsAway());
    this.#answerMeanwhile(this.#takeHeld());
  }

  #passOn(stream: SeatStream, typed: string): void {
    this.#socket.pause();
    const resume = (): void => {
      this.#socket.resume();
    };
    this.#sendAll(stream, typed).then(resume, resume);
  }

  async #sendAll(stream: SeatStream, typed: string): Promise<void> {
    for (let sent = 0; sent < typed.length; sent += limits.seatTextBytesMax)
      await stream.write(typed.slice(sent, sent + limits.seatTextBytesMax), this.#over.signal);
  }

  /** While the server is out of reach, a person can only leave. */
  #answerMeanwhile(chunk: Buffer): void {
    this.#meanwhile ??= new LineDecoder();
    this.#meanwhile.push(chunk);
    for (let line = this.#meanwhile.next(); line !== undefined; line = this.#meanwhile.next()) {
      if (line === lineTooLong) this.#end('line-too-long', '');
      else if (/^(?:quit|exit)$/i.test(line)) this.#end('quit', text.goodbyeMeanwhile());
      else if (line !== '') void this.#tell(text.notTaken());
      if (this.#over.signal.aborted) return;
    }
  }

  #end(reason: CloseReason, lastWords: string): void {
    if (this.#over.signal.aborted) return;
    this.#closeReason ??= reason;
    this.#socket.end(lastWords, 'latin1');
    this.#stop();
    // nc ends only then.
    const { clock } = this.#host;
    this.#cancelReset = clock.wakeAt(clock.monotonicMs() + limits.resetDelayMs, () => this.#socket.resetAndDestroy());
  }

  #stop(): void {
    this.#over.abort(new Error('over'));
    this.#stream?.abort(new Error('the person is gone'));
    this.#stream = undefined;
    this.#drain();
  }

  async #pause(milliseconds: number): Promise<void> {
    const { clock } = this.#host;
    const { signal } = this.#over;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = clock.wakeAt(clock.monotonicMs() + milliseconds, end);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}
