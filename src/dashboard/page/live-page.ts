import { encode } from 'uqr';
import { type Block, isDrawn } from '../../core/block.ts';
import { limits } from '../../core/limits.ts';
import type { Drawn, PoolChange, Segment, Snapshot, Status } from '../messages.ts';
import { drawing, element, link, renewRows, setText } from './elements.ts';
import { look } from './look.ts';
import { TicketStrip } from './ticket-strip.ts';
import { swatchOf, validatorLink } from './validator-name.ts';
import { type Contact, watch } from './watch.ts';
import { clockTime, counted, grouped, short } from './words.ts';

/** The page for the room: when the next draw is, who is in it, who won. */
export class LivePage {
  readonly root: HTMLElement;
  readonly #seconds: HTMLElement = element('span', { class: 'seconds' }, '–');
  readonly #until: HTMLElement = element('p', { class: 'until' });
  readonly #headline: HTMLElement = element('p', { class: 'headline' }, 'Connecting …');
  readonly #facts: HTMLElement = element('p', { class: 'facts' });
  readonly #fuse: HTMLElement = element('div', { class: 'fuse', 'aria-hidden': 'true' });
  readonly #strip = new TicketStrip();
  readonly #winners: HTMLElement = element('ol', { class: 'winners' });
  readonly #join: HTMLElement = element('div', { class: 'ways' });
  readonly #spoken: HTMLElement = element('p', { class: 'unseen', role: 'status' });
  #status: Status | undefined;
  #dueMs = 0;
  #segments: readonly Segment[] = [];
  #showsResultUntilMs = 0;
  #spokenMs = Number.NEGATIVE_INFINITY;
  #nextWords: number | undefined;
  #contact: Contact = 'heard';

  constructor() {
    const timer = element(
      'div',
      { class: 'timer', role: 'timer', 'aria-label': 'Seconds until the draw' },
      this.#seconds,
    );
    this.root = element(
      'div',
      { class: 'live' },
      element('h1', { class: 'unseen' }, 'The lottery, live'),
      element(
        'section',
        { class: 'now', 'aria-label': 'The open round' },
        timer,
        element('div', {}, this.#until, this.#headline, this.#facts),
      ),
      element('section', { class: 'join', 'aria-label': 'Join from a terminal' }, this.#join),
      element('section', { class: 'tickets', 'aria-label': 'The pool of tickets' }, this.#fuse, this.#strip.root),
      element('section', { class: 'last' }, element('h2', {}, 'Last winners'), this.#winners),
      this.#spoken,
    );
  }

  /** Begins to listen and to count down. */
  start(): void {
    watch({
      begin: (snapshot) => this.#begin(snapshot),
      change: (change) => this.#change(change),
      draw: (drawn) => this.#draw(drawn),
      hears: (contact) => {
        this.#contact = contact;
        this.#showTime();
      },
      glance: (status) => this.#glance(status),
    });
    setInterval(() => this.#showTime(), look.countdownMs);
  }

  #begin({ status, segments, newest }: Snapshot): void {
    this.#showsResultUntilMs = 0;
    renewRows(this.#winners, newest.filter(isDrawn).slice(0, look.winnersMax).map(winnerRow));
    this.#showFrame(status);
    this.#change({ status, segments });
  }

  /** All that is known without events: how large the pool is, but not whose. */
  #glance(status: Status): void {
    const { candidates, totalStake } = status;
    this.#showsResultUntilMs = 0;
    this.#showFrame(status);
    this.#change({ status, segments: candidates === 0 ? [] : [{ stake: totalStake, count: candidates }] });
  }

  #showFrame(status: Status): void {
    this.#showJoin(status);
    this.root.style.setProperty('--digits', String(String(Math.ceil(status.intervalMs / 1000)).length));
  }

  #change({ status, segments }: PoolChange): void {
    this.#status = status;
    this.#segments = segments;
    this.#dueMs = performance.now() + status.remainingMs;
    if (!this.#showsResult) this.#showPool();
    this.#showTime();
  }

  #draw({ block, segments }: Drawn): void {
    const { Ticket, TotalStake } = block.Draw;
    const intervalMs = this.#status?.intervalMs ?? look.resultMs;
    this.#showsResultUntilMs = performance.now() + Math.min(look.resultMs, intervalMs / 2);
    this.#strip.showDraw(segments, Ticket);
    this.#headline.replaceChildren(
      element('span', { class: 'hash' }, short(block.Validator)),
      ` wins block ${grouped(block.Index)}`,
    );
    setText(
      this.#facts,
      `Ticket ${grouped(Ticket)} of ${grouped(TotalStake)}, among ${counted(block.Draw.PoolSize, 'candidate')}`,
    );
    this.#winners.prepend(winnerRow(block));
    while (this.#winners.children.length > look.winnersMax) this.#winners.lastElementChild?.remove();
    this.#say(`Ticket ${Ticket} of ${TotalStake} was drawn. ${short(block.Validator)} wins block ${block.Index}.`);
  }

  get #showsResult(): boolean {
    return performance.now() < this.#showsResultUntilMs;
  }

  #showPool(): void {
    const status = this.#status;
    if (status === undefined) return;
    this.#strip.show(this.#segments);
    const { candidates, totalStake, connections, validators, watchers } = status;
    setText(
      this.#headline,
      candidates === 0 ? 'No candidates yet' : `${counted(candidates, 'candidate')}, ${counted(totalStake, 'token')}`,
    );
    const people = `${counted(connections, 'person', 'people')} connected, ${grouped(validators)} with a stake`;
    const full = `${counted(watchers, 'page')} watch, which is all there is room for: this one looks every few seconds`;
    setText(this.#facts, this.#contact === 'full' ? full : people);
    this.#sayPool();
  }

  #showTime(): void {
    const status = this.#status;
    if (this.#showsResultUntilMs !== 0 && !this.#showsResult) {
      this.#showsResultUntilMs = 0;
      this.#showPool();
    }
    if (this.#contact === 'silent') {
      setText(this.#until, 'The server does not answer. Trying again …');
      setText(this.#seconds, '–');
      return;
    }
    if (status === undefined) return;
    const next = `block ${grouped(status.height + 1)}`;
    const remainingMs = this.#dueMs - performance.now();
    const words = {
      open:
        this.#contact === 'heard' && remainingMs < -limits.drawOverdueMs
          ? `the draw of ${next} is late`
          : `until the draw of ${next}`,
      drawing: `drawing ${next}`,
      paused: `paused before ${next}`,
      'disk-full': `${next} is drawn, and waits for room on the disk`,
    }[status.phase];
    setText(this.#until, words);
    const isCounting = status.phase === 'open' || status.phase === 'drawing';
    const leftMs = Math.min(status.intervalMs, Math.max(0, remainingMs));
    setText(this.#seconds, isCounting ? grouped(Math.ceil(leftMs / 1000)) : '–');
    this.#fuse.style.setProperty('--left', String(isCounting ? leftMs / status.intervalMs : 0));
  }

  #showJoin({ join, pages }: Status): void {
    // On a public server, localhost is for the one person who sits at it.
    const others = join.filter((command) => !command.includes(' localhost '));
    const commands = (others.length > 0 ? others : join).slice(0, look.commandsMax);
    const page = pages.find((address) => new URL(address).host === location.host) ?? pages[0];
    this.#join.replaceChildren(
      element(
        'div',
        { class: 'commands' },
        element('h2', {}, 'Join from a terminal'),
        ...commands.map((command) => element('code', {}, command)),
        ...(page === undefined ? [] : [element('p', {}, 'This page: ', link(page, page))]),
      ),
      ...(page === undefined ? [] : [qrCode(page)]),
    );
  }

  /** Says how the pool stands; not more often than somebody can listen to. */
  #sayPool(): void {
    clearTimeout(this.#nextWords);
    const { candidates = 0, totalStake = '0' } = this.#status ?? {};
    if (candidates === 0) return;
    const waitMs = this.#spokenMs + look.spokenEveryMs - performance.now();
    if (waitMs > 0) this.#nextWords = setTimeout(() => this.#sayPool(), waitMs);
    else this.#say(`${counted(candidates, 'candidate')} with ${counted(totalStake, 'token')}.`);
  }

  #say(words: string): void {
    this.#spokenMs = performance.now();
    setText(this.#spoken, words);
  }
}

function winnerRow(block: Block): HTMLElement {
  return element(
    'li',
    { 'data-key': String(block.Index) },
    link(`/blocks/${block.Index}`, `block ${grouped(block.Index)}`),
    swatchOf(block.Validator),
    validatorLink(block.Validator),
    element(
      'span',
      { class: 'number' },
      isDrawn(block) ? `${grouped(block.Draw.Stake)} of ${grouped(block.Draw.TotalStake)}` : '',
    ),
    element('time', { datetime: block.Timestamp }, clockTime(block.Timestamp)),
  );
}

function qrCode(page: string): SVGElement {
  // A quiet zone of four modules belongs to the symbol (ISO/IEC 18004, 9.1). On a screen nothing is torn or stained: the lowest level of
  // correction makes the largest modules, which are read from furthest away.
  const { data, size } = encode(page, { ecc: 'L', border: 4 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const attributes = {
    class: 'qr',
    viewBox: `0 0 ${size} ${size}`,
    role: 'img',
    'aria-label': `QR code of ${page}`,
  };
  return drawing(
    'svg',
    attributes,
    drawing('rect', { width: '100%', height: '100%', fill: '#fff' }),
    drawing('path', { d: dark.join(''), fill: '#000' }),
  );
}
