import { ClientConnection } from './client-connection.ts';
import { Player, type PlayerOptions } from './player.ts';
import { Score } from './score.ts';
import type { ServerAddress } from './server-address.ts';
import type { ServerEvent } from './server-event.ts';

export interface BotOptions extends PlayerOptions {
  readonly number: number;
  readonly address: ServerAddress;
  /** Whether this bot hears the chains: one of a crowd is enough. */
  readonly readsChains: boolean;
  /** Leaves after so many draws of its own. */
  readonly rounds: number | undefined;
}

/** Who hears what a bot hears. */
export interface BotHost {
  /** It stands at the balance prompt, and waits for `stake`. */
  arrived(bot: Bot): void;
  heard(bot: Bot, event: ServerEvent): void;
  /** What the server said to it cannot be true; `what` is printable. */
  lied(bot: Bot, what: string): void;
  /** `why` is printable; undefined when the bot has left by itself. */
  gone(bot: Bot, why: string | undefined): void;
}

/** One validator of a crowd: a connection that plays by itself. */
export class Bot {
  readonly number: number;
  readonly score: Score = new Score();
  readonly #options: BotOptions;
  readonly #host: BotHost;
  readonly #player: Player;
  readonly #call: ClientConnection;
  #hasArrived = false;
  #hasLeft = false;
  #lastWords: string | undefined;

  constructor(options: BotOptions, host: BotHost) {
    this.number = options.number;
    this.#options = options;
    this.#host = host;
    this.#player = new Player(options);
    const { address, readsChains } = options;
    this.#call = new ClientConnection({
      address,
      readsChains,
      connected: () => undefined,
      hear: (event) => this.#hear(event),
      ended: (why) => {
        const reason = why ?? this.#lastWords ?? 'the server closed the connection';
        host.gone(this, this.#hasLeft ? undefined : reason);
      },
    });
  }

  /** Stakes, and plays from then on. */
  stake(): void {
    this.#lastWords = undefined;
    this.#say(this.#player.hear({ kind: 'prompt', asks: 'balance' }));
  }

  /** It is time to propose. */
  tick(): void {
    this.#say(this.#player.tick());
  }

  leave(): void {
    this.#hasLeft = true;
    this.#call.leave();
  }

  #hear(event: ServerEvent): void {
    if (this.#hasLeft) return;
    const lie = this.score.hear(event);
    if (lie !== undefined) this.#host.lied(this, lie);
    this.#host.heard(this, event);
    if (event.kind === 'error' || event.kind === 'slashed' || event.kind === 'other') this.#lastWords = event.text;
    if (event.kind === 'prompt' && event.asks === 'balance') {
      // Its player hears of this prompt when all of the crowd are there. A prompt after it means that the stake was refused.
      if (!this.#hasArrived) this.#host.arrived(this);
      else if (this.#player.isPastStake && this.#lastWords !== undefined) this.#call.leave();
      this.#hasArrived = true;
      return;
    }
    if (event.kind === 'prompt' && this.score.draws === this.#options.rounds) this.leave();
    else this.#say(this.#player.hear(event));
  }

  #say(line: string | undefined): void {
    if (line !== undefined && !this.#hasLeft) this.#call.say(line);
  }
}
