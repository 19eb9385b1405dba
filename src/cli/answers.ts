import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { LF } from '../base/ascii.ts';
import type { CommandInput, CommandIo, CommandOutput } from './command.ts';
import { FailedError, UsageError } from './command-error.ts';
import { limits } from './limits.ts';

/** What a person, or a pipe, answers to the questions of a command. */
export interface Answers {
  /** A person answers, who can be asked again. */
  readonly isTerminal: boolean;
  /** Asks for a line that may be seen. A pipe gives its next line; `what` names it where it does not come. */
  ask(question: string, what: string): Promise<string>;
  /** The same, for a line that must not be seen. */
  askSecret(question: string, what: string): Promise<string>;
  /** All that is still in the pipe; at a terminal a line that may be seen. */
  askRest(question: string, what: string): Promise<string>;
  /** Tells the person at the terminal something; a pipe has no reader to tell. */
  say(text: string): void;
}

/**
 * Asks at the terminal, or reads standard input where that is none: one answer a line, in the order of the questions. Afterwards the terminal
 * is as it was, however that ends. Throws a FailedError after Ctrl-C or Ctrl-D, and a UsageError where a pipe ends too early.
 */
export async function withAnswers<T>(io: CommandIo, use: (answers: Answers) => Promise<T>): Promise<T> {
  if (io.input.isTTY !== true) return use(new PipedAnswers(io.input));
  const answers = new TypedAnswers(io.input, io.errors.isTTY === true ? io.errors : io.output);
  try {
    return await use(answers);
  } finally {
    answers.close();
  }
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: FailedError) => void;
}

class TypedAnswers implements Answers {
  readonly isTerminal = true;
  readonly #screen: CommandOutput;
  /** In raw mode, so that nothing is echoed but what this shows. */
  readonly #lines: Interface;
  /** Lines that were typed or pasted before they were asked for. */
  readonly #typed: string[] = [];
  #isSecret = true;
  #isOver = false;
  #waiting: Waiting | undefined;

  constructor(input: CommandInput, screen: CommandOutput) {
    this.#screen = screen;
    const echo = new Writable({
      write: (text, _, done) => {
        if (!this.#isSecret) screen.write(text);
        done();
      },
    });
    // Without a history: nothing that was typed is kept.
    const output = Object.assign(echo, { columns: screen.columns ?? 80 });
    this.#lines = createInterface({ input, output, terminal: true, historySize: 0 });
    this.#lines.on('line', (line) => this.#receive(line));
    // In raw mode Ctrl-C is a key and not a signal.
    this.#lines.on('SIGINT', () => this.close());
    this.#lines.on('close', () => this.#stop());
  }

  ask(question: string): Promise<string> {
    this.#isSecret = false;
    return this.#next(question);
  }

  async askSecret(question: string): Promise<string> {
    this.#screen.write(question);
    const line = await this.#next('');
    this.#screen.write('\n');
    return line;
  }

  askRest(question: string): Promise<string> {
    return this.ask(question);
  }

  say(text: string): void {
    this.#screen.write(text);
  }

  close(): void {
    this.#lines.close();
  }

  #next(question: string): Promise<string> {
    const line = this.#typed.shift();
    if (line !== undefined) {
      this.#isSecret = true;
      this.#screen.write(question === '' ? '' : `${question}\n`);
      return Promise.resolve(line);
    }
    this.#lines.setPrompt(question);
    if (!this.#isOver) this.#lines.prompt();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#isOver) this.#stop();
    });
  }

  #receive(line: string): void {
    // What is pasted behind it may be the answer to a secret question.
    this.#isSecret = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#typed.push(line);
    else waiting.resolve(line);
  }

  #stop(): void {
    this.#isOver = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    this.#screen.write('\n');
    waiting.reject(new FailedError('stopped, and nothing was changed'));
  }
}

class PipedAnswers implements Answers {
  readonly isTerminal = false;
  readonly #input: AsyncIterator<unknown>;
  #bytes: Buffer = Buffer.alloc(0);
  #isOver = false;

  constructor(input: CommandInput) {
    this.#input = input[Symbol.asyncIterator]();
  }

  ask(_: string, what: string): Promise<string> {
    return this.#line(what);
  }

  askSecret(_: string, what: string): Promise<string> {
    return this.#line(what);
  }

  async askRest(_: string, what: string): Promise<string> {
    while (!this.#isOver) await this.#readOn();
    return this.#take(this.#bytes.length, what);
  }

  say(): void {
    // No person is there.
  }

  async #line(what: string): Promise<string> {
    while (!this.#isOver && !this.#bytes.includes(LF)) await this.#readOn();
    const end = this.#bytes.indexOf(LF);
    return this.#take(end === -1 ? this.#bytes.length : end + 1, what);
  }

  async #readOn(): Promise<void> {
    const { done, value } = await this.#input.next();
    if (done === true) this.#isOver = true;
    else this.#bytes = Buffer.concat([this.#bytes, Buffer.isBuffer(value) ? value : Buffer.from(String(value))]);
    if (this.#bytes.length > limits.answersBytesMax) {
      throw new UsageError(`standard input has more than ${limits.answersBytesMax} bytes: that is no answer`);
    }
  }

  #take(bytes: number, what: string): string {
    if (bytes === 0) {
      throw new UsageError(
        `standard input ended, and ${what} was to come: type it at a terminal, or pipe it as a line`,
      );
    }
    const line = this.#bytes.subarray(0, bytes);
    this.#bytes = this.#bytes.subarray(bytes);
    const text = decodeAnswer(line);
    if (text === undefined) throw new UsageError(`${what} on standard input is not text in UTF-8`);
    return text;
  }
}

/** The text of these bytes without the end of its line; undefined where they are no UTF-8. A mark at the beginning, as Windows writes it, is no part of it. */
export function decodeAnswer(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
