import { asIPv4 } from '../base/host.ts';
import { pageUrl } from '../base/page-url.ts';
import { subnetOf } from '../base/subnet.ts';
import type { DrawnBlock } from '../core/block.ts';
import type { FrozenPool } from '../core/pool.ts';
import type { LotteryService, ParticipantChannel } from '../node/participant.ts';
import type { ChainSubscriber } from './chain-delivery-scheduler.ts';
import type { CloseReason } from './close-reason.ts';
import { Conversation, type ConversationRules, type Reply } from './conversation.ts';
import * as text from './conversation-text.ts';
import { type Count, Counters } from './counters.ts';
import type { EncodedChain } from './encoded-chain.ts';
import { type ForeignProtocol, recogniseProtocol } from './foreign-protocol.ts';
import { limits } from './limits.ts';
import { lineTooLong } from './line-decoder.ts';
import { LineReader } from './line-reader.ts';
import { SendBuffer, type SocketLike } from './send-buffer.ts';
import type { UnstakedConnection } from './unstaked-connections.ts';

/** What a connection needs besides its socket. */
export interface ConnectionHost {
  readonly desk: LotteryService;
  readonly rules: ConversationRules;
  readonly linesPerSecond: number;
  /** The port of the web page at the same addresses; undefined where there is none. */
  readonly pagePort?: () => number | undefined;
  readonly clock: { monotonicMs(): number; wakeAt(monotonicMs: number, wake: () => void): () => void };
  /** Asks for `sendPiece` to be called when it is its turn. */
  deliver(connection: Connection): void;
  /** It will not ask again. */
  forget(connection: Connection): void;
  /** Something of ours went wrong while a connection was served, mostly the one with this number. */
  failed(error: unknown, number?: number): void;
}

/** A chain up to a length, to be handed out in pieces. */
interface Offer {
  readonly body: EncodedChain;
  readonly end: number;
  readonly pieceBytes: number;
}

/** One connection: lines come out of its inbox, become a conversation, and what is said goes into its outbox. */
export class Connection implements ChainSubscriber, ParticipantChannel, UnstakedConnection {
  readonly #wire: SocketLike;
  readonly #host: ConnectionHost;
  readonly #session: Conversation;
  /** From the first bytes on: who says nothing needs none. */
  #inbox: LineReader | undefined;
  readonly #outbox: SendBuffer;
  readonly #tally: Counters<Count>;
  readonly #number: number;
  readonly #sinceMs: number;
  #isGreeted = false;
  #hasSaidALine = false;
  #state: 'open' | 'half-closed' | 'closing' | 'closed' = 'open';
  #ending: CloseReason | undefined;
  /** It is half-closed, and has nothing to wait for any more. */
  #isOver = false;
  #cancelWake: (() => void) | undefined;
  /** A chain that waits for its turn. */
  #offer: Offer | undefined;
  #hasTakenChain = false;
  /** What came after the last words. */
  #discardedBytes = 0;
  /** An answer waits for something that has to be true before it is said. */
  #isAnswerPending = false;

  constructor(wire: SocketLike, host: ConnectionHost, tally: Counters<Count> = new Counters()) {
    this.#wire = wire;
    this.#host = host;
    this.#session = new Conversation(host.desk, host.rules, this);
    this.#outbox = new SendBuffer(wire, tally);
    this.#tally = tally;
    this.#number = tally.add('taken');
    this.#sinceMs = Math.floor(host.clock.monotonicMs());
  }

  /** Greets soon: a program that speaks another protocol speaks first, and our prompt would spoil the answer that it gets. */
  greetSoon(): void {
    this.#wakeAfter(limits.greetingDelayMs, () => this.greet());
  }

  /** Writes the first prompt, unless it stands there already. */
  greet(): void {
    if (this.#isGreeted || !this.#isSpokenTo) return;
    this.#guard(() => this.#send(this.#greeting()));
  }

  /** Bytes came in. */
  receive(chunk: Buffer): void {
    this.#tally.add('bytes in', chunk.length);
    if (this.#state === 'closing') this.#discard(chunk);
    if (this.#state !== 'open') return;
    this.#guard(() => {
      this.#openInbox().push(chunk);
      this.#takeMore();
    });
  }

  /** The peer closed its side: it may still be reading, like a piped nc. */
  finish(): void {
    const inbox = this.#openInbox();
    inbox.end();
    if (!inbox.isHeld) this.#takeMore();
  }

  /** The socket has taken all that was written. */
  drained(): void {
    if (this.isDelivering) this.#host.deliver(this);
    if (this.#inbox?.isHeld) this.#takeMore();
  }

  /** The socket is gone; returns how it ended. */
  lost(hadError: boolean): CloseReason {
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    this.#forgetWakes();
    this.#host.forget(this);
    if (this.#ending !== 'stopped') this.#leave();
    this.#session.release();
    return this.#ending ?? (hadError && wasOpen ? 'reset' : 'left');
  }

  /** Tells the result of a draw. A half-closed connection that waited for this round is closed after it. */
  announce(round: number, block: DrawnBlock, pool: FrozenPool): void {
    this.#tell(() => this.#session.announce(block, pool));
    // What waits for its turn must not be older than what the person has heard.
    if (this.#offer !== undefined) this.#offer = { ...this.#offer, end: this.#offer.body.bytes };
    this.endRound(round);
  }

  /** Tells something that everybody is told, and the prompt again. */
  tell(words: string): void {
    this.#tell(() => words + this.#session.prompt);
  }

  /** A round is over; what there was to hear of it has been said. */
  endRound(round: number): void {
    this.#session.endRound(round);
    if (this.#state !== 'half-closed' || this.#session.awaitedRound !== undefined) return;
    this.#isOver = true;
    if (!this.isDelivering) this.#guard(() => this.#close('left', ''));
  }

  /** Has the chain as it stands wait for its turn, to be sent so many bytes at a time; passes it over when the last one is not taken yet. */
  offerChain(body: EncodedChain, pieceBytes: number): void {
    this.greet();
    if (!this.#isSpokenTo) return;
    if (this.#offer !== undefined || !this.#outbox.canBeginChain) {
      this.#tally.add('chains skipped');
      return;
    }
    this.#offer = { body, end: body.bytes, pieceBytes };
    this.#host.deliver(this);
  }

  get hasTakenChain(): boolean {
    return this.#hasTakenChain;
  }

  get isDelivering(): boolean {
    return this.#outbox.isDelivering;
  }

  /** Begins the chain that waits, or sends one more piece of it. Returns its bytes, and asks for the next turn itself. */
  sendPiece(): number {
    if (this.#state === 'closed') return 0;
    let bytes = 0;
    this.#guard(() => {
      this.#beginChain();
      const wasDelivering = this.isDelivering;
      bytes = this.#outbox.sendPiece();
      if (this.isDelivering) {
        if (this.#outbox.isDrained) this.#host.deliver(this);
      } else if (wasDelivering) this.#endChain();
    });
    return bytes;
  }

  /** The server stops: last words, and the end. */
  stop(lastWords: string): void {
    this.#guard(() => this.#close('stopped', lastWords));
  }

  /** The validator who sits here; undefined for somebody who only watches. */
  get address(): string | undefined {
    return this.#session.address;
  }

  /** The operator sends this person away: as if they had hung up, but with last words. */
  kick(lastWords: string): void {
    this.#guard(() => this.#close('kicked', lastWords));
  }

  /** What waits for this person to read. */
  get waitingBytes(): number {
    return this.#isSpokenTo ? this.#outbox.waitingBytes : 0;
  }

  /** Gives up on somebody who reads too slowly. */
  disconnectSlowConsumer(): void {
    this.#guard(() => this.#close('slow-reader', text.readsTooSlowly()));
  }

  get isSettled(): boolean {
    return this.#host.clock.monotonicMs() >= this.#sinceMs + limits.settlingMs;
  }

  /** Leaves when it has no balance, so that somebody else can come; false when it stays. */
  evict(): boolean {
    if (!this.#isSpokenTo || this.#session.address !== undefined) return false;
    this.#guard(() => this.#close('made-room', text.evicted()));
    return true;
  }

  get network(): string {
    return subnetOf(this.#wire.remoteAddress ?? '');
  }

  /** Somebody came back to this seat with its code. */
  takenOver(): void {
    this.#guard(() => this.#close('taken-over', text.sessionTakenOver()));
  }

  /** Ends it without waiting for the other side. */
  cutOff(): void {
    this.#wire.resetAndDestroy();
  }

  get #isSpokenTo(): boolean {
    return this.#state === 'open' || this.#state === 'half-closed';
  }

  #beginChain(): void {
    if (this.#offer === undefined) return;
    const { body, end, pieceBytes } = this.#offer;
    this.#offer = undefined;
    if (!this.#isSpokenTo) return;
    if (!this.#outbox.beginChain(body, end, pieceBytes, this.#session.prompt)) this.#tally.add('chains skipped');
  }

  #endChain(): void {
    this.#hasTakenChain = true;
    this.#tally.add('chains sent');
    if (this.#isOver) this.#close('left', '');
    else if (this.#inbox?.isHeld) this.#takeMore();
  }

  #openInbox(): LineReader {
    this.#inbox ??= new LineReader({
      wire: this.#wire,
      linesPerSecond: this.#host.linesPerSecond,
      wakeAt: (monotonicMs, wake) => this.#host.clock.wakeAt(monotonicMs, wake),
      tally: this.#tally,
      again: () => this.#takeMore(),
    });
    return this.#inbox;
  }

  #takeMore(): void {
    const inbox = this.#inbox;
    if (this.#state === 'open' && inbox !== undefined && !this.#isAnswerPending) {
      this.#guard(() => this.#takeLines(inbox));
    }
  }

  #takeLines(inbox: LineReader): void {
    const nowMs = this.#host.clock.monotonicMs();
    // One write for all the answers to a chunk: a write costs as much as a dozen lines.
    let answers = '';
    while (this.#state === 'open') {
      if (answers.length > limits.repliesWaitingBytesMax) {
        this.#send(answers);
        answers = '';
      }
      const line = inbox.next(nowMs, this.#outbox.isCongested);
      const stranger = this.#strangerIn(line, inbox.unfinished);
      if (stranger !== undefined) {
        this.#close(stranger, this.#wordsFor(stranger));
        return;
      }
      if (line === undefined && !inbox.isOver) break;
      answers += this.#greeting();
      if (line === undefined) {
        this.#halfClose(answers);
        return;
      }
      if (line === lineTooLong) {
        this.#close('line-too-long', answers + text.tooLong());
        return;
      }
      const reply = this.#session.receive(line);
      if (reply.after !== undefined) {
        if (answers !== '') this.#send(answers);
        this.#sayAfter(reply, reply.after, inbox);
        return;
      }
      answers += reply.text;
      if (reply.ending !== undefined) {
        this.#close(reply.ending, answers);
        return;
      }
    }
    if (answers !== '') this.#send(answers);
  }

  /** Says a reply when it has become true. The lines behind it wait: answers come in the order of what they answer. */
  #sayAfter(reply: Reply, after: Promise<void>, inbox: LineReader): void {
    this.#isAnswerPending = true;
    inbox.hold();
    const say = (words: string): void => {
      this.#isAnswerPending = false;
      if (this.#state !== 'open') return;
      this.#guard(() => {
        if (reply.ending === undefined) this.#send(words);
        else this.#close(reply.ending, words);
      });
      this.#takeMore();
    };
    after.then(
      () => say(reply.text),
      () => say(reply.otherwise ?? reply.text),
    );
  }

  /** A program that means another protocol is known by its first line, often before that is complete. */
  #strangerIn(line: string | typeof lineTooLong | undefined, unfinished: string): ForeignProtocol | undefined {
    if (this.#hasSaidALine) return undefined;
    this.#hasSaidALine = line !== undefined;
    return recogniseProtocol(typeof line === 'string' ? line : unfinished);
  }

  /** Where the people are, by the address at which the stranger came: what strangers themselves call this machine is never repeated. */
  #wordsFor(stranger: ForeignProtocol): string {
    const { localAddress = 'localhost', localPort = 0 } = this.#wire;
    const host = asIPv4(localAddress);
    const pagePort = this.#host.pagePort?.();
    return text.forForeignProtocol(
      stranger,
      host,
      localPort,
      pagePort === undefined ? undefined : pageUrl(host, pagePort),
    );
  }

  /** The first prompt, once. */
  #greeting(): string {
    if (this.#isGreeted) return '';
    this.#isGreeted = true;
    this.#forgetWake();
    return this.#session.prompt;
  }

  #tell(words: () => string): void {
    if (!this.#isSpokenTo) return;
    this.#guard(() => this.#send(this.#greeting() + words()));
  }

  /** The peer has said all that it will say; with a candidate it stays to hear the result of its round. */
  #halfClose(answers: string): void {
    if (this.#session.awaitedRound === undefined) {
      this.#close('left', answers);
      return;
    }
    this.#state = 'half-closed';
    this.#leave();
    if (answers !== '') this.#send(answers);
  }

  /** Must not throw: it is how a connection ends that was closed because serving it threw. */
  #leave(): void {
    try {
      this.#session.leave();
    } catch (error) {
      this.#host.failed(error, this.#number);
    }
  }

  #send(words: string): void {
    if (!this.#outbox.send(words)) this.disconnectSlowConsumer();
  }

  #close(ending: CloseReason, lastWords: string): void {
    if (!this.#isSpokenTo) return;
    this.#state = 'closing';
    this.#ending = ending;
    if (ending !== 'stopped') this.#leave();
    if (ending === 'slow-reader' || ending === 'made-room') this.#outbox.cut(lastWords);
    else this.#outbox.end(lastWords);
    // What still comes is read and thrown away: closing a socket with unread bytes resets it, and the last words with it.
    this.#wire.resume();
    this.#forgetWakes();
    if (ending === 'made-room') this.#wakeAfter(limits.makingRoomMs, () => this.#wire.destroy());
    else this.#wakeAfter(limits.farewellMs, () => this.#partFor(limits.lingerMs - limits.farewellMs));
  }

  /** Resets a connection that is closed; somebody who has not taken the last words yet has so much longer for that. */
  #partFor(milliseconds: number): void {
    if (this.#outbox.isDrained && !this.isDelivering) this.#wire.resetAndDestroy();
    else this.#wakeAfter(milliseconds, () => this.#wire.resetAndDestroy());
  }

  #wakeAfter(milliseconds: number, wake: () => void): void {
    const { clock } = this.#host;
    this.#cancelWake = clock.wakeAt(clock.monotonicMs() + milliseconds, wake);
  }

  /** What comes after the last words. Not cut off: whoever is kept from sending has time to read why. */
  #discard(chunk: Buffer): void {
    this.#discardedBytes += chunk.length;
    if (this.#discardedBytes > limits.discardedBytesMax) this.#wire.pause();
  }

  #forgetWakes(): void {
    this.#inbox?.close();
    this.#forgetWake();
  }

  #forgetWake(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
  }

  /** What goes wrong while one person is served ends that one connection, and is reported. */
  #guard(serve: () => void): void {
    try {
      serve();
    } catch (error) {
      this.#host.failed(error, this.#number);
      this.#closeAfterFault();
    }
  }

  /** Even its last words may fail, when it is the socket that does. */
  #closeAfterFault(): void {
    try {
      this.#ending = 'fault';
      if (this.#isSpokenTo) this.#close('fault', text.faultOfOurs());
      else this.#wire.destroy();
    } catch {
      this.#wire.destroy();
    }
  }
}
