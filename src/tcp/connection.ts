import { subnetOf } from '../base/subnet.ts';
import type { Receipts } from '../consensus/engine.ts';
import type { DrawnBlock, SealedBlock } from '../core/block.ts';
import type { ChainText } from '../node/chain-text.ts';
import type { LedgerNewsByKey } from '../node/ledger-news.ts';
import type { LotteryService, ParticipantChannel } from '../node/participant.ts';
import { ChainDelivery } from './chain-delivery.ts';
import type { ChainSubscriber } from './chain-delivery-scheduler.ts';
import type { CloseReason } from './close-reason.ts';
import { ConnectionLifecycle, type LivingConnection } from './connection-lifecycle.ts';
import { Conversation, type ConversationRules, type SearchedBlock } from './conversation.ts';
import { type Count, Counters } from './counters.ts';
import { limits } from './limits.ts';
import { LineAnswerer } from './line-answerer.ts';
import type { ConnectionClock } from './lingering-close.ts';
import * as refusalText from './refusal-text.ts';
import * as seatText from './seat-text.ts';
import { SendBuffer, type SocketLike } from './send-buffer.ts';
import type { UnstakedConnection } from './unstaked-connections.ts';

/** What a connection needs besides its socket. */
export interface ConnectionHost {
  readonly service: LotteryService;
  readonly rules: ConversationRules;
  readonly linesPerSecond: number;
  /** The port of the web page at the same addresses; undefined where there is none. */
  readonly pagePort?: () => number | undefined;
  readonly clock: ConnectionClock;
  /** Asks for `sendPiece` to be called when it is this connection's turn. */
  deliver(connection: Connection): void;
  /** The connection will not ask again. */
  forget(connection: Connection): void;
  /** A fault of ours while a connection was served, mostly the one with this number. */
  failed(error: unknown, number?: number): void;
}

/**
 * One connection: the lines that come in are answered by a conversation, and what everybody is told goes out between the answers, never into
 * the middle of another line.
 */
export class Connection implements ChainSubscriber, LivingConnection, ParticipantChannel, UnstakedConnection {
  readonly #socket: SocketLike;
  readonly #host: ConnectionHost;
  readonly #counters: Counters<Count>;
  readonly #number: number;
  readonly #openedMs: number;
  readonly #conversation: Conversation;
  readonly #buffer: SendBuffer;
  readonly #lifecycle: ConnectionLifecycle;
  /** Made when the first chain is offered, because an idle connection is to stay small. */
  #chain: ChainDelivery | undefined;
  /** Made when the first bytes come, because many connections never send any. */
  #answerer: LineAnswerer | undefined;
  #cancelGreeting: (() => void) | undefined;
  /** It is half-closed and has heard the result of its round. */
  #hasHeardResult = false;

  constructor(socket: SocketLike, host: ConnectionHost, counters: Counters<Count> = new Counters()) {
    this.#number = counters.add('taken');
    this.#socket = socket;
    this.#host = host;
    this.#counters = counters;
    this.#openedMs = Math.floor(host.clock.monotonicMs());
    this.#conversation = new Conversation(host.service, host.rules, this);
    this.#buffer = new SendBuffer(socket, counters);
    this.#lifecycle = new ConnectionLifecycle(this, socket, this.#buffer, this.#conversation);
  }

  /** The address of its validator; undefined without a balance. */
  get address(): string | undefined {
    return this.#conversation.address;
  }

  get clock(): ConnectionClock {
    return this.#host.clock;
  }

  /** A fault of ours while this connection was served. */
  failed(error: unknown): void {
    this.#host.failed(error, this.#number);
  }

  get network(): string {
    return subnetOf(this.#socket.remoteAddress ?? '');
  }

  /** Greets soon: a program that speaks a foreign protocol speaks first, and our prompt would spoil the answer that it gets. */
  greetSoon(): void {
    const { clock } = this.#host;
    this.#cancelGreeting = clock.wakeAt(clock.monotonicMs() + limits.greetingDelayMs, () => {
      this.#cancelGreeting = undefined;
      this.greet();
    });
  }

  /** Writes the first prompt, unless it was written before. */
  greet(): void {
    this.#lifecycle.tell(() => '');
  }

  /** Bytes came in. */
  receive(chunk: Buffer): void {
    this.#counters.add('bytes in', chunk.length);
    if (this.#lifecycle.state === 'open') this.#lines.receive(chunk);
    else if (this.#lifecycle.state === 'closing') this.#lifecycle.discard(chunk);
  }

  /** The other side closed its sending direction. It may still be reading, like a piped nc. */
  finish(): void {
    this.#lines.finish();
  }

  /** The socket has taken all that was written. */
  drained(): void {
    if (this.isDelivering) this.#host.deliver(this);
    this.#answerer?.answerHeld();
  }

  /** The socket is gone; returns why the connection ended. */
  lost(hadError: boolean): CloseReason {
    this.#host.forget(this);
    return this.#lifecycle.lost(hadError);
  }

  /** Tells the result of a draw. A half-closed connection that waited for this round is closed after it. */
  announce(round: number | undefined, block: DrawnBlock, receipts: Receipts): void {
    this.#lifecycle.tell(() => this.#conversation.announce(block, receipts));
    this.#chain?.renewOffer();
    if (round !== undefined) this.endRound(round);
  }

  /** Tells the owner of a block that was made without a draw. A half-closed connection that waited for it is closed after it. */
  tellOwner(round: number | undefined, block: SealedBlock): void {
    this.#lifecycle.tell(() => this.#conversation.tellOwner(block));
    this.#chain?.renewOffer();
    if (round !== undefined) this.endRound(round);
  }

  /** Tells the validator of a candidate that its block is searched for. */
  tellSearch(search: SearchedBlock): void {
    this.#lifecycle.tell(() => this.#conversation.tellSearch(search));
  }

  /** Tells of blocks that others have made. */
  announceBlocks(blocks: readonly SealedBlock[]): void {
    this.#lifecycle.tell(() => this.#conversation.announceBlocks(blocks));
    this.#chain?.renewOffer();
  }

  /** Tells that the last blocks fell out of the chain. */
  tellRemoved(blocks: readonly SealedBlock[], added: number): void {
    this.#lifecycle.tell(() => this.#conversation.tellRemoved(blocks, added));
  }

  /** Tells the holder of an account what they are to hear of the ledger. */
  tellLedger(news: LedgerNewsByKey): void {
    this.#lifecycle.tell(() => this.#conversation.tellLedger(news));
  }

  /** Tells what everybody is told, and the prompt again. */
  tell(words: string): void {
    this.#lifecycle.tell(() => words + this.#conversation.prompt);
  }

  /** A round is over, and its result has been told. */
  endRound(round: number): void {
    this.#conversation.endRound(round);
    if (this.#lifecycle.state !== 'half-closed' || this.#conversation.awaitedRound !== undefined) return;
    this.#hasHeardResult = true;
    if (!this.isDelivering) this.#end('left', '');
  }

  /** Has the chain as it stands, or what this person wants of it, wait for its turn, to be sent so many bytes at a time. Skips it when the last one is not taken yet. */
  offerChain(chain: ChainText, pieceBytes: number): void {
    this.greet();
    if (!this.#lifecycle.isListening) return;
    this.#chain ??= new ChainDelivery(this.#buffer, this.#counters);
    if (this.#chain.offer(chain, this.#conversation.chainTail, pieceBytes)) this.#host.deliver(this);
  }

  get hasTakenChain(): boolean {
    return this.#chain?.hasFinishedOne ?? false;
  }

  get isDelivering(): boolean {
    return this.#buffer.isDelivering;
  }

  /** Begins the chain that waits, or sends one more piece of it. Returns its bytes, and asks for the next turn itself. */
  sendPiece(): number {
    const chain = this.#chain;
    if (chain === undefined || this.#lifecycle.state === 'closed') return 0;
    let bytes = 0;
    this.#lifecycle.serve(() => {
      if (this.#lifecycle.isListening) chain.begin(this.#conversation.prompt);
      else chain.withdrawOffer();
      const piece = chain.sendPiece(() => this.#goOn());
      bytes = piece.bytes;
      if (piece.isLast) this.#finishChain();
      else if (this.isDelivering && this.#buffer.isDrained && !piece.isWaiting) this.#host.deliver(this);
    });
    return bytes;
  }

  /** Words that wait for this person to read. */
  get waitingBytes(): number {
    return this.#lifecycle.isListening ? this.#buffer.waitingBytes : 0;
  }

  /** Closes the connection with last words because the server stops. */
  stop(lastWords: string): void {
    this.#end('stopped', lastWords);
  }

  /** Closes the connection with last words because the operator wants so. */
  kick(lastWords: string): void {
    this.#end('kicked', lastWords);
  }

  /** Closes the connection because it reads too slowly. */
  disconnectSlowConsumer(): void {
    this.#end('slow-reader', refusalText.readsTooSlowly());
  }

  /** Another connection has resumed the session of this one's validator. */
  takenOver(): void {
    this.#end('taken-over', seatText.sessionTakenOver());
  }

  get isSettled(): boolean {
    return this.#host.clock.monotonicMs() >= this.#openedMs + limits.evictionGraceMs;
  }

  /** Closes the connection when it has no balance, so that another one finds room. False when it stays. */
  evict(): boolean {
    if (!this.#lifecycle.isListening || this.address !== undefined) return false;
    this.#end('made-room', refusalText.evicted());
    return true;
  }

  /** Ends the connection without waiting for the other side. */
  cutOff(): void {
    this.#socket.resetAndDestroy();
  }

  get #lines(): LineAnswerer {
    const { clock, linesPerSecond, pagePort = () => undefined } = this.#host;
    this.#answerer ??= new LineAnswerer({
      socket: this.#socket,
      conversation: this.#conversation,
      buffer: this.#buffer,
      lifecycle: this.#lifecycle,
      counters: this.#counters,
      clock,
      linesPerSecond,
      pagePort,
    });
    return this.#answerer;
  }

  /** The next blocks of the chain are read. Where the reader is behind, 'drain' says when they can be sent. */
  #goOn(): void {
    if (this.#lifecycle.state !== 'closed' && this.isDelivering && !this.#socket.writableNeedDrain)
      this.#host.deliver(this);
  }

  #finishChain(): void {
    if (this.#hasHeardResult) this.#end('left', '');
    else this.#answerer?.answerHeld();
  }

  #end(reason: CloseReason, lastWords: string): void {
    this.#lifecycle.serve(() => this.#lifecycle.close(reason, lastWords));
  }

  /** No line is answered and no prompt is due any more. */
  stopTimers(): void {
    this.#answerer?.close();
    this.#cancelGreeting?.();
    this.#cancelGreeting = undefined;
  }
}
