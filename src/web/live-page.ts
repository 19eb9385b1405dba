import type { Drawn, PoolChange, Segment, Snapshot, Status, Stopped } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import type { Contact } from './contact.ts';
import { DrawEffects } from './draw-effects.ts';
import { element } from './elements.ts';
import type { EventSubscriber } from './event-client.ts';
import { Finder } from './finder.ts';
import { joinWays } from './join-ways.ts';
import { LiveRegion } from './live-region.ts';
import { NowPanel } from './now-panel.ts';
import { ProfileBook } from './profile-book.ts';
import { SealPanel } from './seal-panel.ts';
import { haltWords, stopWords, untilWords } from './status-words.ts';
import { tabTitle } from './tab-title.ts';
import { TicketStrip } from './ticket-strip.ts';
import { uiConstants } from './ui-constants.ts';
import { calledName, fullName } from './validator-name.ts';
import { welcome } from './welcome.ts';
import { WinnerList } from './winner-list.ts';

/** The live page: the time until the next draw, its candidates, and the last winners. */
export class LivePage implements EventSubscriber {
  readonly root: HTMLElement;
  readonly #fuse: HTMLElement = element('div', { class: 'fuse', 'aria-hidden': 'true' });
  readonly #finder = new Finder(() => this.#showFound());
  readonly #strip = new TicketStrip(this.#finder.root);
  readonly #seal = new SealPanel();
  readonly #now = new NowPanel(this.#seal.root);
  readonly #effects = new DrawEffects();
  readonly #profiles = new ProfileBook();
  readonly #winners = new WinnerList(this.#profiles);
  readonly #welcome: HTMLElement = element('div', { class: 'welcome' });
  readonly #join: HTMLElement = element('div', { class: 'ways' });
  readonly #liveRegion = new LiveRegion();
  #status: Status | undefined;
  #dueMs = 0;
  #segments: readonly Segment[] = [];
  #showsResultUntilMs = 0;
  /** The draw whose ticket is falling: its winner is not named yet. */
  #fallingDraw: Drawn | undefined;
  #contact: Contact = 'heard';
  /** The block that the shown pool is for. */
  #shownIndex = 0;

  constructor() {
    this.root = element(
      'div',
      { class: 'live' },
      element('h1', { class: 'unseen' }, 'The lottery, live'),
      this.#now.root,
      element('section', { class: 'join', 'aria-label': 'How to join' }, this.#welcome, this.#join),
      element('section', { class: 'tickets', 'aria-label': 'The pool of tickets' }, this.#fuse, this.#strip.root),
      element(
        'section',
        { class: 'last' },
        element(
          'div',
          { class: 'bar' },
          element('h2', {}, 'Last winners'),
          this.#winners.history.root,
          this.#effects.root,
        ),
        this.#winners.root,
      ),
      this.#liveRegion.root,
    );
  }

  /** Starts the countdown. */
  start(): void {
    this.#showFound();
    setInterval(() => this.#showTime(), uiConstants.countdownMs);
  }

  onContact(contact: Contact, stopped: Stopped | undefined): void {
    const isChange = contact !== this.#contact;
    this.#contact = contact;
    this.root.dataset['contact'] = contact;
    if (isChange && contact === 'silent') this.#showOutage('The server does not answer', 'Trying again …');
    if (isChange && stopped !== undefined) this.#showOutage('The server was stopped', stopWords(stopped.why));
    this.#showTime();
  }

  /** Replaces the headline, because a former result or pool may be outdated until events arrive again. */
  #showOutage(headline: string, facts: string): void {
    this.#nameWinner();
    this.#showsResultUntilMs = 0;
    this.#now.showHalt(headline, facts);
    this.#liveRegion.announce(`${headline}.`);
  }

  onSnapshot({ status, segments, newest, profiles }: Snapshot): void {
    this.#profiles.learn([...profiles, ...segments]);
    this.#fallingDraw = undefined;
    this.#showsResultUntilMs = 0;
    this.#winners.reset(newest);
    this.#showFrame(status);
    this.#showStatus({ status, segments }, false);
  }

  /** Shows what is known without events: the size of the pool, but not its validators. */
  onStatus(status: Status): void {
    const { candidates, totalStake } = status;
    this.#fallingDraw = undefined;
    this.#showsResultUntilMs = 0;
    this.#showFrame(status);
    this.#showStatus({ status, segments: candidates === 0 ? [] : [{ stake: totalStake, count: candidates }] }, false);
  }

  #showFrame(status: Status): void {
    this.#welcome.replaceChildren(...welcome(status));
    this.#join.replaceChildren(...joinWays(status));
    this.root.style.setProperty('--digits', String(String(Math.ceil(status.intervalMs / 1000)).length));
  }

  onPoolChange(change: PoolChange): void {
    this.#showStatus(change, true);
  }

  /** `isNews` says that the page was there when it happened. */
  #showStatus({ status, segments }: PoolChange, isNews: boolean): void {
    this.#seal.show(status.seal, isNews);
    this.#profiles.learn(segments);
    this.#status = status;
    this.#segments = segments;
    this.root.dataset['room'] = status.connections === 0 && status.candidates === 0 ? 'empty' : 'joined';
    this.#dueMs = performance.now() + status.remainingMs;
    if (!this.#showsResult) this.#showPool();
    this.#showTime();
  }

  onDraw(drawn: Drawn): void {
    this.#nameWinner();
    this.#seal.judge(drawn.block);
    this.#profiles.learn(drawn.segments);
    const resultMs = Math.min(uiConstants.resultMs, (this.#status?.intervalMs ?? uiConstants.resultMs) / 2);
    this.#showsResultUntilMs = performance.now() + resultMs;
    this.#fallingDraw = drawn;
    this.#shownIndex = drawn.block.Index;
    this.#now.showFall(drawn.block);
    const fallMs = Math.min(uiConstants.fallMs, resultMs / 3);
    this.#effects.fall(fallMs);
    void this.#strip.dropTicket(drawn.segments, drawn.block.Draw.Ticket, fallMs).then(() => {
      if (this.#fallingDraw === drawn) this.#nameWinner();
    });
    this.#showFound();
  }

  /** Ends the fall of a ticket: names the winner on the strip, in the headline, in the list and to screen readers, all at the same moment. */
  #nameWinner(): void {
    if (this.#fallingDraw === undefined) return;
    const { block, segments } = this.#fallingDraw;
    const { Index, Validator, Draw } = block;
    this.#fallingDraw = undefined;
    this.#strip.showDraw(segments, Draw.Ticket);
    this.#now.showWinner(block, this.#profiles.of(Validator));
    this.#effects.land();
    this.#winners.add(block);
    this.#showFound();
    this.#showTitle();
    this.#liveRegion.announce(
      `Ticket ${Draw.Ticket} of ${Draw.TotalStake} was drawn. ${fullName(Validator, this.#profiles.of(Validator))} wins block ${Index}.`,
    );
  }

  /** The words of the result that is shown; undefined where none is, or the ticket still falls. */
  get #result(): string | undefined {
    const [last] = this.#winners.blocks;
    if (last === undefined || !this.#showsResult || this.#fallingDraw !== undefined) return undefined;
    return `${calledName(last.Validator, this.#profiles.of(last.Validator))} wins block ${amountText(last.Index)}`;
  }

  #showTitle(): void {
    const remainingMs = this.#dueMs - performance.now();
    document.title = tabTitle({ contact: this.#contact, status: this.#status, remainingMs, result: this.#result });
  }

  get #showsResult(): boolean {
    return performance.now() < this.#showsResultUntilMs;
  }

  #showPool(): void {
    const status = this.#status;
    if (status === undefined) return;
    this.#nameWinner();
    this.#strip.show(this.#segments);
    this.#shownIndex = status.height + 1;
    this.#showFound();
    const { candidates, totalStake, connections, validators, watchers, network } = status;
    const pool = `${pluralizeAmount(candidates, 'candidate')}, ${pluralizeAmount(totalStake, 'token')}`;
    // The candidates of a round are known to the server that draws, before its block is.
    const isElsewhere = network?.authority !== undefined;
    const headline = isElsewhere ? 'Drawn elsewhere' : candidates === 0 ? 'No candidates yet' : pool;
    const staked = isElsewhere ? ' here' : `, ${amountText(validators)} with a stake`;
    const people = `${amountText(connections)} ${connections === 1 ? 'person' : 'people'} connected${staked}`;
    const full = `${pluralizeAmount(watchers, 'page')} watch, which is all there is room for: this one looks every few seconds`;
    const facts = this.#contact === 'full' ? full : people;
    const halt = haltWords(status);
    if (halt === undefined) this.#now.say(headline, facts);
    else this.#now.showHalt(halt, `${headline}; ${facts}`);
    const words = `${pluralizeAmount(candidates, 'candidate')} with ${pluralizeAmount(totalStake, 'token')}.`;
    this.#liveRegion.announceNext(candidates === 0 ? undefined : words);
  }

  #showFound(): void {
    this.#finder.show({ index: this.#shownIndex, segments: this.#strip.segments, blocks: this.#winners.blocks });
    this.#strip.seek(this.#finder.prefix, this.#finder.tickets);
  }

  #showTime(): void {
    const status = this.#status;
    const remainingMs = this.#dueMs - performance.now();
    this.#showTitle();
    this.#seal.tick(Date.now());
    if (this.#showsResultUntilMs !== 0 && !this.#showsResult) {
      this.#showsResultUntilMs = 0;
      this.#showPool();
    }
    if (this.#contact === 'silent' || this.#contact === 'stopped') {
      this.#now.count('–', '');
      this.#fuse.style.setProperty('--left', '0');
      return;
    }
    if (status === undefined) return;
    const isHere = status.consensus === 'lottery' && status.network?.authority === undefined;
    const isCounting = isHere && (status.phase === 'open' || status.phase === 'drawing');
    const leftMs = Math.min(status.intervalMs, Math.max(0, remainingMs));
    this.#now.count(
      isCounting ? amountText(Math.ceil(leftMs / 1000)) : '–',
      untilWords(status, this.#contact === 'heard' ? remainingMs : Math.max(0, remainingMs)),
    );
    this.#fuse.style.setProperty('--left', String(isCounting ? leftMs / status.intervalMs : 0));
  }
}
