import { setTimeout as sleep } from 'node:timers/promises';
import { pluralizeCount } from '../../base/formatting.ts';
import type { CommandIo } from '../command.ts';
import { keepEvidence } from '../evidence-file.ts';
import { exitCodes } from '../exit-codes.ts';
import { pick, type Range } from './auto-player.ts';
import { Bot, type BotListener } from './bot.ts';
import type { EarlyCheckResult } from './chain-check-result.ts';
import { ChainChecker } from './chain-checker.ts';
import { describeChainCheck, describeUnchecked, harmless, warning } from './event-text.ts';
import type { JoinOptions } from './join-options.ts';
import { limits } from './limits.ts';
import { checkerOptions } from './read-seal.ts';
import { type ServerAddress, shownAddress } from './server-address.ts';
import type { ServerEvent, TicketEvent } from './server-event.ts';
import { standings } from './standings.ts';

/** Many bots in one process. They connect, stake together when all of them are there, and play. The first one checks the chain. */
export class BotFleet implements BotListener {
  readonly #options: JoinOptions;
  readonly #count: number;
  readonly #stakes: Range;
  readonly #address: ServerAddress;
  readonly #io: CommandIo;
  readonly #checker: ChainChecker;
  readonly #bots = new Map<number, Bot>();
  readonly #byAddress = new Map<string, Bot>();
  #started = 0;
  /** They stand at the balance prompt until all are there. */
  readonly #waiting = new Set<Bot>();
  #gone = 0;
  #isPlaying = false;
  #isLeaving = false;
  #lost = 0;
  /** Resolves when the signatures of beacons are verified that have come so far. */
  #checking: Promise<void> = Promise.resolve();
  #hasFault = false;
  /** The received chain is of a format that was never released, and cannot be checked. */
  #isUnreleased = false;
  /** What the first bot was told of the last draw and is not printed yet. */
  #winner: string | undefined;
  #ticket: TicketEvent | undefined;
  /** Draws that the first bot was told of since the play began. */
  #rounds = 0;
  #over: () => void = () => undefined;

  constructor(options: JoinOptions, bots: { count: number; stakes: Range }, address: ServerAddress, io: CommandIo) {
    this.#options = options;
    this.#checker = new ChainChecker(checkerOptions(options.page));
    this.#count = bots.count;
    this.#stakes = bots.stakes;
    this.#address = address;
    this.#io = io;
  }

  /** Resolves with the exit code when all bots have left. */
  async run(): Promise<number> {
    const leave = (): void => this.#leave();
    const signals = ['SIGINT', 'SIGTERM'] as const;
    for (const signal of signals) process.once(signal, leave);
    this.#io.output.on('error', leave);
    const { everyMs } = this.#options;
    const timer = everyMs === undefined ? undefined : setInterval(() => this.#tick(), everyMs);
    await new Promise<void>((resolve) => {
      this.#over = resolve;
      for (let place = 0; place < limits.botsConnectingMax; place++) this.#startNext();
    });
    clearInterval(timer);
    for (const signal of signals) process.off(signal, leave);
    await Promise.race([this.#checking, sleep(limits.lastCheckMs, undefined, { ref: false })]);
    this.#print(describeUnchecked(this.#checker, this.#io.paint));
    const scores = [...this.#bots.values()].map(({ number, score }) => ({ number, score }));
    // The first bot may have been lost before the others.
    const rounds = Math.max(this.#rounds, ...scores.map(({ score }) => score.draws));
    const played = scores.filter(({ score }) => score.address !== undefined);
    if (played.length > 0) this.#print(standings(played, rounds));
    if (this.#hasFault) return exitCodes.untrue;
    if (this.#isUnreleased) return exitCodes.unreadable;
    return this.#lost > 0 ? exitCodes.failed : exitCodes.fine;
  }

  onReady(bot: Bot): void {
    this.#waiting.add(bot);
    this.#startNext();
    this.#playWhenComplete();
  }

  onServerEvent(bot: Bot, event: ServerEvent): void {
    if (event.kind === 'welcome') this.#byAddress.set(event.address, bot);
    if (bot.number !== 1) return;
    const verdict = this.#checker.onEvent(event);
    if (verdict !== undefined) this.#onVerdict(verdict);
    if (this.#isUnreleased) return;
    if (event.kind === 'winner') {
      this.#winner = event.address;
      if (this.#isPlaying) this.#rounds += 1;
    } else if (event.kind === 'ticket') this.#ticket = event;
    else if (event.kind === 'prompt') this.#printDraw();
  }

  /** What the checks of a chain have found, at once or when the signatures of its beacons are verified. */
  #onVerdict(verdict: EarlyCheckResult): void {
    if (verdict.kind === 'later') {
      this.#checking = verdict.settled.then((settled) => this.#onVerdict(settled));
      return;
    }
    this.#print(describeChainCheck(verdict, undefined, this.#io.paint));
    if (verdict.kind === 'broken') {
      this.#hasFault = true;
      if (verdict.evidence !== undefined) this.#print(`${keepEvidence(verdict.evidence)}\n`);
    }
    if (verdict.kind === 'unreleased') {
      this.#isUnreleased = true;
      this.#leave();
    }
  }

  onContradiction(bot: Bot, what: string): void {
    this.#hasFault = true;
    this.#print(warning(`bot ${bot.number}: ${what}`, this.#io.paint));
  }

  onClosed(bot: Bot, why: string | undefined): void {
    this.#gone += 1;
    this.#waiting.delete(bot);
    if (why !== undefined && !this.#isLeaving) {
      this.#lost += 1;
      // A hundred bots that were lost for one reason are one line.
      if (this.#lost === 1) this.#io.errors.write(`sortition: bot ${bot.number} is out: ${harmless(why)}\n`);
      if (bot.number === 1) this.#io.errors.write('sortition: nobody checks the chain any more: that was bot 1.\n');
    }
    this.#startNext();
    this.#playWhenComplete();
    if (this.#gone < this.#started) return;
    if (this.#lost > 1) this.#io.errors.write(`sortition: ${pluralizeCount(this.#lost, 'bot')} were out in all.\n`);
    this.#over();
  }

  #startNext(): void {
    if (this.#started === this.#count || this.#isLeaving) return;
    this.#started += 1;
    const number = this.#started;
    const { bpm, everyMs, rounds } = this.#options;
    const stake = pick(this.#stakes, Math.random);
    const bot = new Bot(
      {
        number,
        address: this.#address,
        readsChains: number === 1,
        rounds,
        stake,
        bpm,
        isTimed: everyMs !== undefined,
        random: Math.random,
      },
      this,
    );
    this.#bots.set(number, bot);
  }

  #playWhenComplete(): void {
    const { size } = this.#waiting;
    if (this.#isPlaying || size === 0 || size + this.#lost < this.#count) return;
    this.#isPlaying = true;
    this.#print(`${pluralizeCount(size, 'bot')} at ${shownAddress(this.#address)}; Ctrl-C ends their play.\n`);
    for (const bot of this.#waiting) bot.stake();
  }

  #tick(): void {
    for (const bot of this.#bots.values()) bot.tick();
  }

  #leave(): void {
    this.#isLeaving = true;
    for (const bot of this.#bots.values()) bot.leave();
    if (this.#started === 0) this.#over();
  }

  #printDraw(): void {
    if (this.#winner === undefined) return;
    const ticket = this.#ticket === undefined ? '' : `ticket ${this.#ticket.ticket} of ${this.#ticket.total}: `;
    const bot = this.#byAddress.get(this.#winner);
    const who = bot === undefined ? 'somebody else' : `bot ${bot.number}, who staked ${bot.score.stake},`;
    this.#print(`Drawn: ${ticket}${who} wins.\n`);
    this.#winner = undefined;
    this.#ticket = undefined;
  }

  #print(text: string): void {
    this.#io.output.write(text);
  }
}
