import { asIPv4, pageUrl } from '../base/host.ts';
import type { CloseReason } from './close-reason.ts';
import type { ConnectionLifecycle } from './connection-lifecycle.ts';
import type { Conversation, Reply } from './conversation.ts';
import { type ForeignProtocol, recogniseProtocol } from './foreign-protocol.ts';
import { limits } from './limits.ts';
import { lineTooLong } from './line-decoder.ts';
import { LineReader, type LineReaderOptions } from './line-reader.ts';
import * as refusalText from './refusal-text.ts';
import type { SendBuffer } from './send-buffer.ts';

/** The answers to some lines, and what comes when they have been sent. */
type Answers = { readonly text: string } & (
  | {
      /** 'wait': no line can be taken now. 'continue': more may be there. 'half-close': the other side has said all that it will say. */
      readonly next: 'wait' | 'continue' | 'half-close';
    }
  | { readonly next: 'close'; readonly reason: CloseReason }
  /** The text of one more reply comes later. No line may be taken before that. */
  | { readonly next: 'later'; readonly later: Promise<string>; readonly closeReason: CloseReason | undefined }
);

export interface LineAnswererOptions extends Omit<LineReaderOptions, 'again' | 'wakeAt'> {
  readonly conversation: Conversation;
  readonly buffer: SendBuffer;
  readonly lifecycle: ConnectionLifecycle;
  readonly clock: { monotonicMs(): number; wakeAt: LineReaderOptions['wakeAt'] };
  /** The port of the web page at the same addresses; undefined where there is none. */
  readonly pagePort: () => number | undefined;
}

/** Takes the lines of one connection and answers them: those of a person with a conversation, those of a foreign protocol with directions. */
export class LineAnswerer {
  readonly #options: LineAnswererOptions;
  readonly #reader: LineReader;
  #hasTakenLine = false;
  /** The text of the reply to the last line is not known yet. */
  #isReplyPending = false;

  constructor(options: LineAnswererOptions) {
    const { clock } = options;
    this.#options = options;
    this.#reader = new LineReader({
      ...options,
      wakeAt: (monotonicMs, wake) => clock.wakeAt(monotonicMs, wake),
      again: () => this.answer(),
    });
  }

  /** Takes bytes and answers the lines in them. */
  receive(chunk: Buffer): void {
    this.#options.lifecycle.serve(() => {
      this.#reader.push(chunk);
      this.answer();
    });
  }

  /** The other side has closed its sending direction. */
  finish(): void {
    this.#reader.end();
    if (!this.#reader.isHeld) this.answer();
  }

  /** The reader may have caught up, so the lines that waited for that are answered. */
  answerHeld(): void {
    if (this.#reader.isHeld) this.answer();
  }

  /** Answers the lines that can be taken now. */
  answer(): void {
    const { lifecycle } = this.#options;
    lifecycle.serve(() => {
      let mayGoOn = true;
      while (mayGoOn && lifecycle.state === 'open' && !this.#isReplyPending) mayGoOn = this.#send(this.#answerSome());
    });
  }

  /** No line is taken any more. */
  close(): void {
    this.#reader.close();
  }

  /** Answers some lines. The answers are joined, because one write costs as much as a dozen lines. */
  #answerSome(): Answers {
    const { conversation, clock, buffer } = this.#options;
    const nowMs = clock.monotonicMs();
    let answers = '';
    while (answers.length <= limits.repliesWaitingBytesMax) {
      const line = this.#reader.next(nowMs, buffer.isCongested);
      const protocol = this.#foreignProtocolOf(line);
      if (protocol !== undefined) return { text: this.#directions(protocol), next: 'close', reason: protocol };
      if (line === undefined && !this.#reader.isOver) return { text: answers, next: 'wait' };
      answers += conversation.takeGreeting();
      if (line === undefined) return { text: answers, next: 'half-close' };
      if (line === lineTooLong)
        return { text: answers + refusalText.tooLong(), next: 'close', reason: 'line-too-long' };
      const reply = conversation.receive(line);
      const later = laterTextOf(reply);
      if (later !== undefined) return { text: answers, next: 'later', later, closeReason: reply.closeReason };
      answers += reply.text;
      if (reply.closeReason !== undefined) return { text: answers, next: 'close', reason: reply.closeReason };
    }
    return { text: answers, next: 'continue' };
  }

  /** Sends answers; false when no more lines can be taken now. */
  #send(answers: Answers): boolean {
    const { lifecycle } = this.#options;
    if (answers.next === 'close') lifecycle.close(answers.reason, answers.text);
    else if (answers.next === 'half-close') lifecycle.halfClose(answers.text);
    else if (answers.text !== '') lifecycle.send(answers.text);
    if (answers.next === 'later' && lifecycle.state === 'open') this.#replyLater(answers.later, answers.closeReason);
    return answers.next === 'continue';
  }

  /** Sends a reply when its text is known. The lines behind it wait: answers come in the order of what they answer. */
  #replyLater(later: Promise<string>, closeReason: CloseReason | undefined): void {
    this.#isReplyPending = true;
    this.#reader.hold();
    const { lifecycle } = this.#options;
    void later.then((words) => {
      this.#isReplyPending = false;
      if (lifecycle.state !== 'open') return;
      lifecycle.serve(() => {
        if (closeReason === undefined) lifecycle.send(words);
        else lifecycle.close(closeReason, words);
      });
      this.answer();
    });
  }

  /** A program that speaks a foreign protocol is known by its first line, often before that is complete. */
  #foreignProtocolOf(line: string | typeof lineTooLong | undefined): ForeignProtocol | undefined {
    if (this.#hasTakenLine) return undefined;
    this.#hasTakenLine = line !== undefined;
    return recogniseProtocol(typeof line === 'string' ? line : this.#reader.unfinished);
  }

  /** Where the server and its page are, by the address of our side. The name that the other side used for this machine is never repeated. */
  #directions(protocol: ForeignProtocol): string {
    const { conversation, socket } = this.#options;
    const { localAddress = 'localhost', localPort = 0 } = socket;
    const host = asIPv4(localAddress);
    const pagePort = this.#options.pagePort();
    const page = pagePort === undefined ? undefined : pageUrl(host, pagePort);
    return refusalText.forForeignProtocol(protocol, host, localPort, page, conversation.chainKind);
  }
}

/** The text of a reply that cannot be sent yet; undefined for one that can. It never rejects. */
function laterTextOf({ text, stored, textIfNotStored = text, later }: Reply): Promise<string> | undefined {
  return (
    later ??
    stored?.then(
      () => text,
      () => textIfNotStored,
    )
  );
}
