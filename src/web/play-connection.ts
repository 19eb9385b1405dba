import { limits } from './limits.ts';

/** What a connection uses of a WebSocket. */
export interface LineSocket {
  readonly readyState: number;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  send(line: string): void;
  close(): void;
}

export interface PlayConnectionOptions {
  open(): LineSocket;
  nowMs(): number;
  /** A number from 0 to 1: a crowd that has lost its server does not come back in one moment. */
  random(): number;
  opened(): void;
  heard(message: string): void;
  /** The connection is gone. Returns whether to connect again. */
  closed(): boolean;
}

/**
 * The connection of a tab to the server. It comes back by itself: after a pause that grows, and at once when the phone is unlocked or has another network.
 * A connection that is dead without having been closed is found by asking for the prompt, which an empty line does at no cost.
 */
export class PlayConnection {
  readonly #options: PlayConnectionOptions;
  #socket: LineSocket | undefined;
  #heardMs = 0;
  /** When the answer to an empty line must have come; undefined while none is awaited. */
  #answerDueMs: number | undefined;
  #retryAtMs: number | undefined = 0;
  #failures = 0;

  constructor(options: PlayConnectionOptions) {
    this.#options = options;
  }

  /** Does what is due. It is called again and again. */
  tick(): void {
    const nowMs = this.#options.nowMs();
    if (this.#socket === undefined) {
      if (this.#retryAtMs !== undefined && nowMs >= this.#retryAtMs) this.#connect();
      return;
    }
    if (this.#answerDueMs !== undefined && nowMs >= this.#answerDueMs) this.#lose();
    else if (this.#answerDueMs === undefined && nowMs - this.#heardMs >= limits.playSilenceMs) this.#probe();
  }

  /** The person, or the network, may be back: a connection is made at once, or the one that there is must show that it is alive. */
  wake(): void {
    if (this.#socket !== undefined) {
      if (this.#answerDueMs === undefined) this.#probe();
      return;
    }
    if (this.#retryAtMs === undefined) return;
    this.#failures = 0;
    this.#connect();
  }

  /** Connects again after the end of a seat. */
  restart(): void {
    this.#failures = 0;
    if (this.#socket === undefined) this.#connect();
  }

  /** Sends a line; false while there is no connection. */
  say(line: string): boolean {
    if (this.#socket?.readyState !== openState) return false;
    this.#socket.send(line);
    return true;
  }

  #connect(): void {
    const { open, nowMs, opened, heard } = this.#options;
    const socket = open();
    this.#socket = socket;
    this.#heardMs = nowMs();
    this.#answerDueMs = nowMs() + limits.playAnswerMs;
    this.#retryAtMs = undefined;
    socket.addEventListener('open', () => {
      if (socket === this.#socket) opened();
    });
    socket.addEventListener('message', ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heardMs = nowMs();
      this.#answerDueMs = undefined;
      this.#failures = 0;
      heard(String(data));
    });
    socket.addEventListener('close', () => {
      if (socket === this.#socket) this.#lose();
    });
  }

  #probe(): void {
    this.#answerDueMs = this.#options.nowMs() + limits.playAnswerMs;
    this.say('');
  }

  #lose(): void {
    const { nowMs, random, closed } = this.#options;
    const socket = this.#socket;
    this.#socket = undefined;
    this.#answerDueMs = undefined;
    socket?.close();
    const pauseMs = Math.min(limits.playRetryMaxMs, limits.playRetryMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#retryAtMs = closed() ? nowMs() + pauseMs * (1 + random()) : undefined;
  }
}

const openState = 1;
