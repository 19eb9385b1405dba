import type { Drawn, PoolChange, Segment, Status, Stopped } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';
import type { Contact } from './contact.ts';
import { element, setText } from './elements.ts';
import { isPerhapsNameless } from './segment-search.ts';
import { stopWords, untilWords } from './status-words.ts';
import { TicketQuestion } from './ticket-question.ts';
import { TicketStrip } from './ticket-strip.ts';
import { uiConstants } from './ui-constants.ts';

/** The pool as a person who takes part sees it: the time until its draw, and the strip with their own tickets, on which the ticket falls. */
export class PlayPool {
  readonly until: HTMLElement = element('p', { class: 'until' });
  readonly root: HTMLElement;
  readonly #strip = new TicketStrip();
  /** Asks where the person's tickets are in a pool that is too large to name everybody. */
  readonly #question = new TicketQuestion(() => this.#seek());
  #address: string | undefined;
  #status: Status | undefined;
  #segments: readonly Segment[] = [];
  #contact: Contact = 'heard';
  #dueMs = 0;
  /** Until then the strip shows a draw, and not the next pool. */
  #showsDrawUntilMs = 0;
  #landing: Promise<void> = Promise.resolve();

  constructor() {
    const label = { class: 'tickets', 'aria-label': 'The pool of tickets' };
    this.root = element('section', label, this.#strip.root);
  }

  /** Resolves when the ticket that falls has landed. */
  get landing(): Promise<void> {
    return this.#landing;
  }

  /** The validator whose tickets are marked from now on. */
  set address(address: string | undefined) {
    this.#address = address;
    this.#seek();
  }

  /** Shows the open round, after a draw that is still shown. */
  show({ status, segments }: Pick<PoolChange, 'status' | 'segments'>): void {
    this.#status = status;
    this.#segments = segments;
    this.#dueMs = performance.now() + status.remainingMs;
    this.root.hidden = status.consensus !== 'lottery';
    this.#showPool();
    this.tick();
  }

  /** Lets the ticket of a draw fall. */
  drop({ block, segments }: Drawn): void {
    const resultMs = Math.min(uiConstants.resultMs, (this.#status?.intervalMs ?? uiConstants.resultMs) / 2);
    const untilMs = performance.now() + resultMs;
    this.#showsDrawUntilMs = untilMs;
    this.#landing = this.#strip
      .dropTicket(segments, block.Draw.Ticket, Math.min(uiConstants.fallMs, resultMs / 3))
      .then(() => {
        if (this.#showsDrawUntilMs === untilMs) this.#strip.showDraw(segments, block.Draw.Ticket);
      });
    this.#seek();
  }

  /** Says how the contact with the server is, in place of the time where there is none. */
  hold(contact: Contact, stopped: Stopped | undefined): void {
    this.#contact = contact;
    if (contact === 'silent') setText(this.until, 'The server does not answer. Trying again …');
    if (contact === 'stopped' && stopped !== undefined)
      setText(this.until, `The server was stopped. ${stopWords(stopped.why)}`);
  }

  /** Time has passed. */
  tick(): void {
    if (this.#showsDrawUntilMs !== 0) this.#showPool();
    const status = this.#status;
    if (status === undefined || this.#contact === 'silent' || this.#contact === 'stopped') return;
    const leftMs = this.#dueMs - performance.now();
    const isCounting =
      status.consensus === 'lottery' && status.phase === 'open' && status.network?.authority === undefined;
    const seconds = isCounting ? `${amountText(Math.max(0, Math.ceil(leftMs / 1000)))} s ` : '';
    setText(this.until, seconds + untilWords(status, leftMs));
  }

  #showPool(): void {
    if (performance.now() < this.#showsDrawUntilMs) return;
    this.#showsDrawUntilMs = 0;
    this.#strip.show(this.#segments);
    this.#seek();
  }

  #seek(): void {
    const address = this.#address;
    const index = (this.#status?.height ?? 0) + 1;
    const isAsked = address !== undefined && isPerhapsNameless(this.#strip.segments, address);
    if (isAsked && this.#showsDrawUntilMs === 0) this.#question.ask(index, address);
    const answer = isAsked ? this.#question.answer(index, address) : undefined;
    this.#strip.seek(address, answer === undefined || 'why' in answer ? undefined : answer);
  }
}
