import { AutoPlayer, type AutoPlayerOptions } from './auto-player.ts';
import { ClientConnection } from './client-connection.ts';
import { Score } from './score.ts';
import type { ServerAddress } from './server-address.ts';
import type { ServerEvent } from './server-event.ts';

export interface BotOptions extends AutoPlayerOptions {
  readonly number: number;
  readonly address: ServerAddress;
  /** Whether this bot parses chains: one of a fleet is enough. */
  readonly readsChains: boolean;
  /** Leaves after so many draws of its own. */
  readonly rounds: number | undefined;
}

/** What a bot reports to its fleet. */
export interface BotListener {
  /** It stands at the balance prompt, and waits for `stake`. */
  onReady(bot: Bot): void;
  onServerEvent(bot: Bot, event: ServerEvent): void;
  /** What the server said to it cannot be true; `what` is printable. */
  onContradiction(bot: Bot, what: string): void;
  /** `why` is printable; undefined when the bot has left by itself. */
  onClosed(bot: Bot, why: string | undefined): void;
}

/** One validator of a fleet: a connection that plays by itself. */
export class Bot {
  readonly number: number;
  readonly score: Score = new Score();
  readonly #options: BotOptions;
  readonly #host: BotListener;
  readonly #player: AutoPlayer;
  readonly #connection: ClientConnection;
  #hasArrived = false;
  #hasLeft = false;
  #lastWords: string | undefined;

  constructor(options: BotOptions, host: BotListener) {
    this.number = options.number;
    this.#options = options;
    this.#host = host;
    this.#player = new AutoPlayer(options);
    const { address, readsChains } = options;
    this.#connection = new ClientConnection({
      address,
      readsChains,
      onConnect: () => undefined,
      onEvent: (event) => this.#onEvent(event),
      onClose: (why) => {
        const reason = why ?? this.#lastWords ?? 'the server closed the connection';
        host.onClosed(this, this.#hasLeft ? undefined : reason);
      },
    });
  }

  /** Stakes, and plays from then on. */
  stake(): void {
    this.#lastWords = undefined;
    this.#send(this.#player.onEvent({ kind: 'prompt', asks: 'balance' }));
  }

  /** It is time to propose. */
  tick(): void {
    this.#send(this.#player.tick());
  }

  leave(): void {
    this.#hasLeft = true;
    this.#connection.leave();
  }

  #onEvent(event: ServerEvent): void {
    if (this.#hasLeft) return;
    const contradiction = this.score.onEvent(event);
    if (contradiction !== undefined) this.#host.onContradiction(this, contradiction);
    this.#host.onServerEvent(this, event);
    if (event.kind === 'error' || event.kind === 'slashed' || event.kind === 'other') this.#lastWords = event.text;
    if (event.kind === 'prompt' && event.asks === 'balance') {
      // Its player is told of this prompt when all of the fleet are there. A prompt after it means that the stake was refused.
      if (!this.#hasArrived) this.#host.onReady(this);
      else if (this.#player.isPastStake && this.#lastWords !== undefined) this.#connection.leave();
      this.#hasArrived = true;
      return;
    }
    if (event.kind === 'prompt' && this.score.draws === this.#options.rounds) this.leave();
    else this.#send(this.#player.onEvent(event));
  }

  #send(line: string | undefined): void {
    if (line !== undefined && !this.#hasLeft) this.#connection.send(line);
  }
}
