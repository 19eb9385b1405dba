import type { Drawn, NewBlocks, PoolChange, Snapshot, Status, Stopped } from '../http/api/types.ts';
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
import { PlayPool } from './play-pool.ts';
import { PlaySeat } from './play-seat.ts';
import { isPrompt, PlayTalk } from './play-talk.ts';
import { ProfileBook } from './profile-book.ts';
import { rememberedSeat, rememberSeat } from './seat-memory.ts';
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
  readonly #pool = new PlayPool();
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
  #status: Status | undefined;

  constructor() {
    this.root = element(
      'div',
      { class: 'play' },
      element('h1', { class: 'unseen' }, 'Take part in this browser'),
      this.#pool.until,
      this.#seat.root,
      this.#draws.root,
      this.#pool.root,
      this.#log.root,
      this.#nc,
    );
  }

  /** Connects, and keeps the seat from then on. */
  start(): void {
    const tick = (): void => {
      this.#connection.tick();
      this.#pool.tick();
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

  onDraw(drawn: Drawn): void {
    this.#profiles.learn(drawn.segments);
    this.#pool.drop(drawn);
    this.#passBlock(drawn.block.Index);
  }

  onBlocks({ status }: NewBlocks): void {
    this.#showStatus({ status, segments: [] });
  }

  onContact(contact: Contact, stopped: Stopped | undefined): void {
    this.#pool.hold(contact, stopped);
  }

  #hear(message: string): void {
    if (isPrompt(message)) this.#answer(this.#talk.prompt(message));
    else this.#hearLine(message);
    rememberSeat(this.#talk.seat);
    this.#catchUp();
    this.#pool.address = this.#talk.address;
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

  #showStatus(change: Pick<PoolChange, 'status' | 'segments'>): void {
    showNavigation(change.status);
    this.#status = change.status;
    this.#pool.show(change);
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
    await this.#pool.landing;
    const profile = checked.block === undefined ? {} : this.#profiles.of(checked.block.Validator);
    this.#draws.add(checked, this.#talk.address, this.#talk.won.has(index), profile);
  }
}

function commandsText(status: Status): string {
  const [command] = joinCommands(status);
  return command === undefined ? '' : `From a terminal: ${command}`;
}
