import { limits } from './limits.ts';
import { balancePrompt, bpmPrompt } from './seat-text.ts';

/** What a person has heard from the server that makes the blocks, as far as the node where they sit needs to know it. */
export class HeardText {
  /** The line that gives their validator back; undefined while there is none. */
  comeback: string | undefined;
  /** Their validator; undefined without one. */
  address: string | undefined;
  /** The block that their last candidate was for; undefined before the first. */
  candidateFor: number | undefined;
  /** The last block whose winner they have heard. */
  height = -1;
  #line = '';

  /** Some more text, cut anywhere. */
  hear(text: string): void {
    const [first = '', ...others] = text.split('\n');
    this.#add(first);
    for (const other of others) {
      this.#endLine();
      this.#line = '';
      this.#add(other);
    }
  }

  /** The text broke off: what comes next begins a line. */
  breakOff(): void {
    this.#line = '';
  }

  /** True where no line is under way, but maybe a prompt stands: another line can come here. */
  get isBetweenLines(): boolean {
    return this.#line === '' || this.prompt !== '';
  }

  /** The prompt that stands; nothing where none does. */
  get prompt(): string {
    if (this.#line === balancePrompt) return balancePrompt;
    return `\n${this.#line}` === bpmPrompt ? bpmPrompt : '';
  }

  /** The beginning of a line is all that is looked at: a chain is one line. */
  #add(piece: string): void {
    if (this.#line.length < limits.heardLineCharactersMax) this.#line += piece.slice(0, limits.heardLineCharactersMax);
  }

  #endLine(): void {
    const line = this.#line;
    // A prompt stands before what answers the line that was typed at it.
    const [, address] = /You are validator ([0-9a-f]{64}) with/.exec(line) ?? [];
    if (address !== undefined) this.address = address;
    const [, code] = /^To come back within \d+ seconds: rejoin ([0-9A-Z-]+)$/.exec(line) ?? [];
    if (code !== undefined) this.comeback = `rejoin ${code}`;
    const [, login] = /To come back: login ([0-9A-Z-]+)$/.exec(line) ?? [];
    if (login !== undefined) this.comeback = `login ${login}`;
    const [, index] = /Candidate for block (\d+): BPM/.exec(line) ?? [];
    if (index !== undefined) this.candidateFor = Number(index);
    if (line.startsWith('winning validator: ')) this.height += 1;
  }
}
