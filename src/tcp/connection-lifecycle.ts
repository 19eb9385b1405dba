import type { CloseReason } from './close-reason.ts';
import type { Conversation } from './conversation.ts';
import { type ConnectionClock, LingeringClose } from './lingering-close.ts';
import * as refusalText from './refusal-text.ts';
import type { SendBuffer, SocketLike } from './send-buffer.ts';

/**
 * Open, from the beginning; half-closed, when the other side has said all that it will say and waits for the result of its round; closing,
 * when our last words have been sent; closed, when the socket is gone.
 */
type ConnectionState = 'open' | 'half-closed' | 'closing' | 'closed';

/** The connection whose life it is. It is passed itself and not as functions, which would cost an idle connection some hundred bytes each. */
export interface LivingConnection {
  readonly clock: ConnectionClock;
  /** No line is answered and no prompt is due any more. */
  stopTimers(): void;
  /** A fault of ours while the connection was served. */
  failed(error: unknown): void;
}

/** The life of one connection: its states, the one reason for which it ends, and the words that are sent while it lasts. */
export class ConnectionLifecycle {
  readonly #connection: LivingConnection;
  readonly #socket: SocketLike;
  readonly #buffer: SendBuffer;
  readonly #conversation: Conversation;
  #state: ConnectionState = 'open';
  #closeReason: CloseReason | undefined;
  #lingeringClose: LingeringClose | undefined;

  constructor(connection: LivingConnection, socket: SocketLike, buffer: SendBuffer, conversation: Conversation) {
    this.#connection = connection;
    this.#socket = socket;
    this.#buffer = buffer;
    this.#conversation = conversation;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** True until our last words have been sent. */
  get isListening(): boolean {
    return this.#state === 'open' || this.#state === 'half-closed';
  }

  /** Serves the connection. A fault of ours in doing so ends this one connection, and is reported. */
  serve(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#connection.failed(error);
      this.#closeAfterFault();
    }
  }

  /** Sends words, and disconnects a reader for whom too many wait. */
  send(words: string): void {
    if (!this.#buffer.send(words)) this.serve(() => this.close('slow-reader', refusalText.readsTooSlowly()));
  }

  /** Sends the first prompt where it was not sent before, and what `words` returns after it. */
  tell(words: () => string): void {
    if (!this.isListening) return;
    this.serve(() => {
      const all = this.#conversation.takeGreeting() + words();
      if (all !== '') this.send(all);
    });
  }

  /** The other side has said all that it will say. With a candidate it stays to hear the result of its round. */
  halfClose(lastAnswers: string): void {
    if (this.#conversation.awaitedRound === undefined) {
      this.close('left', lastAnswers);
      return;
    }
    this.#state = 'half-closed';
    this.#leave();
    if (lastAnswers !== '') this.send(lastAnswers);
  }

  /** Ends the connection with last words; nothing happens where that was done before. The first reason is the one that counts. */
  close(reason: CloseReason, lastWords: string): void {
    if (!this.isListening) return;
    this.#state = 'closing';
    this.#closeReason = reason;
    if (reason !== 'stopped') this.#leave();
    this.#connection.stopTimers();
    this.#lingeringClose = new LingeringClose({
      socket: this.#socket,
      buffer: this.#buffer,
      clock: this.#connection.clock,
      reason,
      lastWords,
    });
  }

  /** Bytes came in after the last words. */
  discard(chunk: Buffer): void {
    this.#lingeringClose?.discard(chunk);
  }

  /** The socket is gone; returns why the connection ended. */
  lost(hadError: boolean): CloseReason {
    const wasOpen = this.#state === 'open';
    this.#state = 'closed';
    this.#connection.stopTimers();
    this.#lingeringClose?.cancel();
    if (this.#closeReason !== 'stopped') this.#leave();
    this.#conversation.release();
    return this.#closeReason ?? (hadError && wasOpen ? 'reset' : 'left');
  }

  /** Must not throw, because a connection whose service threw is closed by it. */
  #leave(): void {
    try {
      this.#conversation.leave();
    } catch (error) {
      this.#connection.failed(error);
    }
  }

  /** The last words may fail, too, when the fault is the socket's. */
  #closeAfterFault(): void {
    try {
      this.#closeReason = 'fault';
      if (this.isListening) this.close('fault', refusalText.faultOfOurs());
      else this.#socket.destroy();
    } catch {
      this.#socket.destroy();
    }
  }
}
