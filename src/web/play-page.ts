import type { Drawn, NewBlocks, PoolChange, Segment, Snapshot, Status, Stopped } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';
import { BlockChecker } from './block-checker.ts';
import { CheckQueue } from './check-queue.ts';
import type { Contact } from './contact.ts';
import { element, setText } from './elements.ts';
import { type EventSubscriber, subscribe } from './event-client.ts';
import { joinCommands } from './join-ways.ts';
import { limits } from './limits.ts';
import { showNavigation } from './navigation.ts';
import { PlayConnection } from './play-connection.ts';
import { PlayDraws } from './play-draws.ts';
import { PlayLog } from './play-log.ts';
import { PlaySeat } from './play-seat.ts';
import { isPrompt, PlayTalk } from './play-talk.ts';
import { ProfileBook } from './profile-book.ts';
import { rememberedSeat, rememberSeat } from './seat-memory.ts';
import { isPerhapsNameless } from './segment-search.ts';
import { stopWords, untilWords } from './status-words.ts';
import { TicketQuestion } from './ticket-question.ts';
import { TicketStrip } from './ticket-strip.ts';
import { uiConstants } from './ui-constants.ts';

/** Taking part in this browser: the conversation of nc with fields, the pool with the person's own tickets, and every block checked here. */
export class PlayPage implements EventSubscriber {
  readonly root: HTMLElement;
  readonly #talk = new PlayTalk(rememberedSeat());
  readonly #say = (line: string): boolean => {
    const isSent = this.#connection.say(line);
    if (isSent) this.#log.add(line, true);
    return isSent;
  };
  readonly #seat = new PlaySeat({ say: this.#say, begin: () => this.#begin() });
  readonly #log = new PlayLog(this.#say);
  readonly #draws = new PlayDraws();
  readonly #until: HTMLElement = element('p', { class: 'until' });
  readonly #strip = new TicketStrip();
  readonly #tickets: HTMLElement = element(
    'section',
    { class: 'tickets', 'aria-label': 'The pool of tickets' },
    this.#strip.root,
  );
  readonly #nc: HTMLElement = element('p', { class: 'quiet' });
  readonly #profiles = new ProfileBook();
  readonly #connection = new PlayConnection({
    open: () =>
      new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/play?chain=none`),
    nowMs: () => performance.now(),
    random: () => Math.random(),
    opened: () => this.#talk.open(),
    heard: (message) => this.#hear(message),
    closed: () => this.#close(),
  });
  readonly #checks = new CheckQueue((index) => this.#check(index));
  #checker: Promise<BlockChecker> | undefined;
  /** The last block that is known. */
  #height: number | undefined;
  /** The last block that is or was to be checked, or the last one before this tab took a seat. */
  #checked: number | undefined;
  /** Ends when the ticket that falls has landed. */
  #landing: Promise<void> = Promise.resolve();
  /** Until then the strip shows a draw, and not the next pool. */
  #showsDrawUntilMs = 0;
  #segments: readonly Segment[] = [];
  /** Asks where the person's tickets are in a pool that is too large to name everybody. */
  readonly #question = new TicketQuestion(() => this.#seek());
  #status: Status | undefined;
  #dueMs = 0;

  constructor() {
    this.root = element(
      'div',
      { class: 'play' },
      element('h1', { class: 'unseen' }, 'Take part in this browser'),
      this.#until,
      this.#seat.root,
      this.#draws.root,
      this.#tickets,
      this.#log.root,
      this.#nc,
    );
  }

  /** Connects, and keeps the seat from then on. */
  start(): void {
    const tick = (): void => {
      this.#connection.tick();
      this.#showTime();
    };
    tick();
    setInterval(tick, limits.playTickMs);
    const wake = (): void => {
      if (!document.hidden) this.#connection.wake();
    };
    addEventListener('online', wake);
    addEventListener('pageshow', wake);
    document.addEventListener('visibilitychange', wake);
    subscribe(this);
  }

  onSnapshot({ status, segments, newest, profiles }: Snapshot): void {
    this.#profiles.learn([...profiles, ...segments]);
    this.#showStatus({ status, segments });
    const [last] = newest;
    setText(this.#nc, commandsText(status));
    if (last !== undefined) this.#passBlock(last.Index);
  }

  onStatus(status: Status): void {
    this.#showStatus({ status, segments: [] });
    this.#passBlock(status.height);
  }

  onPoolChange(change: PoolChange): void {
    this.#profiles.learn(change.segments);
    this.#showStatus(change);
  }

  onDraw({ block, segments }: Drawn): void {
    const resultMs = Math.min(uiConstants.resultMs, (this.#status?.intervalMs ?? uiConstants.resultMs) / 2);
    const untilMs = performance.now() + resultMs;
    this.#showsDrawUntilMs = untilMs;
    const fallMs = Math.min(uiConstants.fallMs, resultMs / 3);
    this.#landing = this.#strip.dropTicket(segments, block.Draw.Ticket, fallMs).then(() => {
      if (this.#showsDrawUntilMs === untilMs) this.#strip.showDraw(segments, block.Draw.Ticket);
    });
    this.#seek();
    this.#passBlock(block.Index);
  }

  onBlocks({ status }: NewBlocks): void {
    this.#showStatus({ status, segments: [] });
  }

  onContact(contact: Contact, stopped: Stopped | undefined): void {
    this.root.dataset['contact'] = contact;
    if (contact === 'silent') setText(this.#until, 'The server does not answer. Trying again …');
    if (contact === 'stopped' && stopped !== undefined)
      setText(this.#until, `The server was stopped. ${stopWords(stopped.why)}`);
  }

  #hear(message: string): void {
    if (isPrompt(message)) this.#answer(this.#talk.prompt(message));
    else this.#hearLine(message);
    rememberSeat(this.#talk.seat);
    this.#catchUp();
    this.#seek();
    this.#seat.show(this.#talk);
  }

  #hearLine(line: string): void {
    this.#log.add(line, false);
    const news = this.#talk.hear(line);
    if (news?.kind === 'error' || news?.kind === 'over') this.#seat.warn(news.words);
    if (news?.kind === 'said') this.#seat.tell(news.words);
    // What was said of the round is over with it.
    if (line.startsWith('winning validator: ')) this.#seat.tell('');
    if (news?.kind === 'block') {
      this.#talk.passBlock(news.index);
      this.#checks.add(news.index);
    }
  }

  #answer(line: string | undefined): void {
    if (line !== undefined) this.#say(line);
  }

  #close(): boolean {
    const comesBack = this.#talk.close();
    this.#seat.show(this.#talk);
    return comesBack;
  }

  #begin(): void {
    this.#talk.begin();
    this.#connection.restart();
    this.#seat.show(this.#talk);
  }

  #showStatus({ status, segments }: Pick<PoolChange, 'status' | 'segments'>): void {
    showNavigation(status);
    this.#status = status;
    this.#segments = segments;
    this.#dueMs = performance.now() + status.remainingMs;
    this.#tickets.hidden = status.consensus !== 'lottery';
    this.#showPool();
    this.#showTime();
  }

  #showPool(): void {
    if (performance.now() < this.#showsDrawUntilMs) return;
    this.#showsDrawUntilMs = 0;
    this.#strip.show(this.#segments);
    this.#seek();
  }

  /** Marks the person's own tickets. */
  #seek(): void {
    const { address } = this.#talk;
    const index = (this.#status?.height ?? 0) + 1;
    const isAsked = address !== undefined && isPerhapsNameless(this.#strip.segments, address);
    if (isAsked && this.#showsDrawUntilMs === 0) this.#question.ask(index, address);
    const answer = isAsked ? this.#question.answer(index, address) : undefined;
    this.#strip.seek(address, answer === undefined || 'why' in answer ? undefined : answer);
  }

  #showTime(): void {
    if (this.#showsDrawUntilMs !== 0) this.#showPool();
    const status = this.#status;
    const contact = this.root.dataset['contact'];
    if (status === undefined || contact === 'silent' || contact === 'stopped') return;
    const leftMs = this.#dueMs - performance.now();
    const isCounting =
      status.consensus === 'lottery' && status.phase === 'open' && status.network?.authority === undefined;
    const seconds = isCounting ? `${amountText(Math.max(0, Math.ceil(leftMs / 1000)))} s ` : '';
    setText(this.#until, seconds + untilWords(status, leftMs));
  }

  #passBlock(height: number): void {
    this.#height = height;
    this.#catchUp();
    this.#seat.show(this.#talk);
  }

  /** Checks each draw since this tab took its seat, with those that it missed. */
  #catchUp(): void {
    const height = this.#height;
    if (height === undefined || this.#status === undefined || this.#talk.address === undefined) return;
    if (this.#status.consensus === 'lottery') {
      const first = Math.min(this.#talk.candidates[0]?.index ?? height + 1, (this.#checked ?? height) + 1);
      for (let index = Math.max(first, height - uiConstants.resultsMax); index <= height; index++)
        this.#checks.add(index);
      this.#talk.passBlock(height);
    }
    this.#checked = Math.max(height, this.#checked ?? 0);
    void this.#checks.run();
  }

  /** Checks a block, and shows it when the ticket has landed. */
  async #check(index: number): Promise<void> {
    this.#checker ??= BlockChecker.load(this.#status?.consensus ?? 'lottery');
    // A genesis that did not come is asked for again.
    const checker = await this.#checker.catch((error: unknown) => {
      this.#checker = undefined;
      throw error;
    });
    const checked = await checker.check(index, this.#talk.address);
    await this.#landing;
    this.#draws.add(checked, this.#talk.address, this.#talk.won.has(index));
  }
}

function commandsText(status: Status): string {
  const [command] = joinCommands(status);
  return command === undefined ? '' : `From a terminal: ${command}`;
}
