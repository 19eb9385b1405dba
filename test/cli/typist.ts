import { PassThrough, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A person at a terminal, who types the next answer whenever a question has come. */
export class Typist {
  /** What the person types on. `isRaw` says whether the terminal is in raw mode. */
  readonly input: PassThrough & { readonly isTTY: true; isRaw: boolean };
  /** What the person reads. */
  readonly screen: Writable & { readonly isTTY: true; readonly columns: number };
  readonly #answers: string[];
  #shown = '';
  #unanswered = '';

  /** The keys of each answer; what is no control key is followed by Enter. */
  constructor(...answers: readonly string[]) {
    this.#answers = [...answers];
    const input = Object.assign(new PassThrough(), {
      isTTY: true as const,
      isRaw: false,
      setRawMode: (isRaw: boolean) => {
        this.input.isRaw = isRaw;
      },
    });
    this.input = input;
    const write = (text: Buffer, _: BufferEncoding, done: () => void): void => {
      this.#read(stripVTControlCharacters(text.toString()));
      done();
    };
    this.screen = Object.assign(new Writable({ write }), { isTTY: true as const, columns: 80 });
  }

  /** All that was shown, without the movements of the cursor. */
  get shown(): string {
    return this.#shown;
  }

  #read(text: string): void {
    this.#shown += text;
    this.#unanswered += text;
    if (!this.#unanswered.endsWith(': ')) return;
    this.#unanswered = '';
    const answer = this.#answers.shift();
    if (answer === undefined) throw new Error(`a question that no answer was given for: ${this.#shown}`);
    const isControl = answer.length === 1 && answer < ' ';
    // A person types when the question stands there, and not within the write that shows it.
    setImmediate(() => this.input.write(isControl ? answer : `${answer}\r`));
  }
}
