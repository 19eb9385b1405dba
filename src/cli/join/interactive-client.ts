import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandIo } from '../command.ts';
import { keepEvidence } from '../evidence-file.ts';
import { exitCodes } from '../exit-codes.ts';
import { limits } from '../limits.ts';
import { columnsOf } from '../wrap-text.ts';
import { AutoPlayer } from './auto-player.ts';
import type { EarlyCheckResult } from './chain-check-result.ts';
import { ChainChecker } from './chain-checker.ts';
import { ClientConnection } from './client-connection.ts';
import { describe, describeChainCheck, describeUnchecked, help, notSent, silence, warning } from './event-text.ts';
import { InputGuard } from './input-guard.ts';
import type { JoinOptions } from './join-options.ts';
import { limits as joinLimits } from './limits.ts';
import { Outcome } from './outcome.ts';
import { checkerOptions } from './read-seal.ts';
import { RoundEstimate } from './round-estimate.ts';
import { Score } from './score.ts';
import { openScreen, type Screen } from './screen.ts';
import { type ServerAddress, shownAddress } from './server-address.ts';
import type { ServerEvent } from './server-event.ts';

/** One person, or one bot, at a server: what is received is checked and shown, what is typed is sent. */
export class InteractiveClient {
  readonly #options: JoinOptions;
  readonly #io: CommandIo;
  readonly #address: ServerAddress;
  readonly #screen: Screen;
  readonly #connection: ClientConnection;
  readonly #player: AutoPlayer;
  readonly #inputGuard = new InputGuard();
  readonly #score = new Score();
  readonly #checker: ChainChecker;
  readonly #estimate = new RoundEstimate();
  readonly #outcome = new Outcome();
  readonly #timers: NodeJS.Timeout[] = [];
  /** Resolves when the signatures of beacons are verified that have come so far. */
  #checking: Promise<void> = Promise.resolve();
  #asks: 'balance' | 'bpm' | undefined;
  #draws = 0;
  #isReading = false;
  #ending: 'left' | 'said all' | 'stake refused' | undefined;
  #hasFault = false;
  /** The received chain is of a format that was never released, and cannot be checked. */
  #isUnreleased = false;
  #isHeld = false;
  #ended: (why: string | undefined) => void = () => undefined;

  constructor(options: JoinOptions, address: ServerAddress, io: CommandIo) {
    this.#options = options;
    this.#checker = new ChainChecker(checkerOptions(options.page));
    this.#address = address;
    this.#io = io;
    this.#screen = openScreen(
      io,
      (line) => this.#receive(line),
      () => this.#leave('left'),
    );
    this.#player = new AutoPlayer({ ...options, isTimed: options.everyMs !== undefined, random: Math.random });
    this.#connection = new ClientConnection({
      address,
      readsChains: true,
      onConnect: () => this.#begin(),
      onEvent: (event) => this.#onEvent(event),
      onClose: (why) => this.#ended(why),
    });
  }

  /** Resolves with the exit code when it is over. */
  async run(): Promise<number> {
    const leave = (): void => this.#leave('left');
    const signals = ['SIGINT', 'SIGTERM'] as const;
    for (const signal of signals) process.once(signal, leave);
    const { everyMs } = this.#options;
    this.#timers.push(setInterval(() => this.#showStatus(), limits.statusIntervalMs));
    if (everyMs !== undefined) this.#timers.push(setInterval(() => this.#send(this.#player.tick()), everyMs));
    const why = await new Promise<string | undefined>((resolve) => {
      this.#ended = resolve;
    });
    for (const timer of this.#timers) clearInterval(timer);
    for (const signal of signals) process.off(signal, leave);
    await Promise.race([this.#checking, sleep(joinLimits.lastCheckMs, undefined, { ref: false })]);
    this.#screen.print(describeUnchecked(this.#checker, this.#io.paint));
    this.#screen.close();
    this.#io.input.destroy();
    return this.#conclude(why);
  }

  #begin(): void {
    const hint = this.#screen.isLive ? ' Type help for what you can do here.' : '';
    this.#screen.print(`Connected to ${shownAddress(this.#address)}.${hint}\n`);
    if (this.#screen.isLive) this.#timers.push(setTimeout(() => this.#warnOfSilence(), limits.greetingMs));
    this.#readOn();
  }

  /** Warns when no prompt comes: an HTTP server waits for its client to send first. */
  #warnOfSilence(): void {
    if (this.#asks === undefined) this.#screen.print(silence(shownAddress(this.#address), columnsOf(this.#io.output)));
  }

  #onEvent(event: ServerEvent): void {
    if (this.#ending === 'left') return;
    const { paint } = this.#io;
    const contradiction = this.#score.onEvent(event);
    const verdict = this.#checker.onEvent(event);
    this.#outcome.onEvent(event);
    const words = describe(event, this.#score, paint);
    if (words !== '') this.#screen.print(words);
    if (contradiction !== undefined) this.#screen.print(warning(contradiction, paint));
    if (contradiction !== undefined) this.#hasFault = true;
    if (verdict !== undefined) this.#onVerdict(verdict);
    if (this.#isUnreleased) return;
    const { lateness } = this.#checker;
    if (event.kind === 'awaits' && lateness !== undefined) this.#screen.print(`${paint.yellow(lateness)}\n`);

    const nowMs = performance.now();
    if (event.kind === 'prompt') this.#asks = event.asks;
    else if (event.kind === 'candidate') this.#estimate.accepted(nowMs);
    else if (event.kind === 'outlook') this.#estimate.told(nowMs, event.seconds);
    else if (event.kind === 'notice' && event.about === 'paused') this.#estimate.told(nowMs, undefined);
    else if (event.kind === 'sealed') this.#estimate.sealed(nowMs);
    else if (event.kind === 'winner') {
      this.#estimate.drawn(nowMs);
      this.#draws += 1;
    } else if (event.kind === 'error') this.#onError();
    // A line of the input was `quit`: the server closes the connection now.
    else if (event.kind === 'goodbye') this.#ending = 'left';

    if (event.kind === 'prompt' && this.#draws === this.#options.rounds) this.#leave('left');
    this.#send(this.#player.onEvent(event));
    this.#readOn();
    this.#showStatus();
    void this.#waitForScreen();
  }

  /** What the checks of a chain have found, at once or when the signatures of its beacons are verified. */
  #onVerdict(verdict: EarlyCheckResult): void {
    if (verdict.kind === 'later') {
      this.#checking = verdict.settled.then((settled) => this.#onVerdict(settled));
      return;
    }
    this.#screen.print(describeChainCheck(verdict, this.#score.address, this.#io.paint));
    if (verdict.kind === 'broken') {
      this.#hasFault = true;
      if (verdict.evidence !== undefined) this.#screen.print(`${keepEvidence(verdict.evidence)}\n`);
    }
    if (verdict.kind === 'unreleased') {
      this.#isUnreleased = true;
      this.#leave('left');
    }
  }

  /** A refused stake ends a client without a terminal: no person is there to enter another one. */
  #onError(): void {
    const isStake = this.#options.stake !== undefined && this.#score.address === undefined && this.#player.isPastStake;
    if (isStake && !this.#screen.isLive) this.#leave('stake refused');
  }

  #send(line: string | undefined): boolean {
    return line === undefined || this.#ending !== undefined ? true : this.#connection.send(line);
  }

  /** A person entered a line at the terminal. */
  #receive(line: string): void {
    const { output, paint } = this.#io;
    const typed = this.#inputGuard.read(line, this.#asks);
    if (typed.kind === 'quit') this.#leave('left');
    else if (typed.kind === 'help') this.#screen.print(help(this.#asks ?? 'balance', columnsOf(output)));
    else if (typed.kind === 'held back') this.#screen.print(notSent(columnsOf(output), paint));
    else {
      this.#send(typed.line);
      // The line that was typed on is gone.
      this.#screen.print('');
    }
  }

  /** Sends what stands on standard input, from when a stake that was given has been entered. */
  #readOn(): void {
    if (this.#screen.isLive || this.#isReading || !this.#player.isPastStake) return;
    this.#isReading = true;
    this.#sendInput().catch(() => this.#leave('left'));
  }

  async #sendInput(): Promise<void> {
    for await (const line of createInterface({ input: this.#io.input })) {
      this.#outcome.send(line);
      if (!this.#send(line)) await this.#connection.drained();
      if (this.#ending !== undefined) return;
    }
    // A client that plays by itself needs no input.
    const { stake, bpm } = this.#options;
    if (this.#ending !== undefined || (stake !== undefined && bpm !== undefined)) return;
    this.#ending = 'said all';
    this.#connection.finish();
  }

  /** Receives nothing for a while where the server sends more than the screen can take. */
  async #waitForScreen(): Promise<void> {
    if (this.#isHeld || !this.#io.output.writableNeedDrain) return;
    this.#isHeld = true;
    this.#connection.pause();
    await this.#screen.drained();
    this.#isHeld = false;
    this.#connection.resume();
  }

  #showStatus(): void {
    if (this.#asks === undefined || this.#ending !== undefined) return;
    const remainingMs = this.#estimate.remainingMs(performance.now());
    const draw = remainingMs === undefined ? '' : `, draw in about ${Math.ceil(remainingMs / 1000)} s`;
    this.#screen.showStatus(`${this.#asks === 'bpm' ? 'Enter a new BPM' : 'Enter token balance'}${draw}`);
  }

  #leave(ending: 'left' | 'stake refused'): void {
    if (this.#ending !== 'left') this.#ending = ending;
    this.#connection.leave();
  }

  /** Says on standard error why it is over when the person did not end it; returns the exit code. */
  #conclude(why: string | undefined): number {
    const reason = this.#ending === 'left' ? undefined : (why ?? this.#shortfall());
    if (reason !== undefined) {
      this.#io.errors.write(`sortition: ${reason}${reason.endsWith('?') ? '' : '.'}\n`);
    }
    if (this.#hasFault) return exitCodes.untrue;
    if (this.#isUnreleased) return exitCodes.unreadable;
    return reason === undefined ? exitCodes.fine : exitCodes.failed;
  }

  #shortfall(): string | undefined {
    if (this.#ending === 'stake refused') return `the server refused a stake of ${this.#options.stake}`;
    const shortfall = this.#outcome.shortfall(shownAddress(this.#address));
    return this.#ending === 'said all' ? shortfall : (shortfall ?? 'the server closed the connection');
  }
}
