import { clearLine, createInterface, cursorTo, type Interface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';

export interface TerminalOptions {
  readonly input: NodeJS.ReadStream | ReadStream;
  readonly output: NodeJS.WriteStream | WriteStream;
  /** The operator entered a line. */
  readonly receive: (line: string) => void;
  /** The operator pressed Ctrl-C or Ctrl-D. */
  readonly interrupt: () => void;
}

/**
 * The server's terminal: lines are printed above one live status line, on which the operator types. Where it is not a
 * terminal it is plain lines out and plain lines in. A console that fails (a closed pipe) never stops a draw.
 */
export class Terminal {
  readonly #output: NodeJS.WriteStream;
  readonly #lines: Interface;
  readonly #isLive: boolean;
  #status = '';

  constructor({ input, output, receive, interrupt }: TerminalOptions) {
    this.#output = output;
    this.#isLive = input.isTTY === true && output.isTTY === true;
    output.on('error', () => undefined);
    input.on('error', () => undefined);
    this.#lines = createInterface(this.#isLive ? { input, output, prompt: '', historySize: 100 } : { input });
    this.#lines.on('line', receive);
    if (this.#isLive) {
      // In raw mode Ctrl-C is a key and not a signal.
      this.#lines.on('SIGINT', interrupt);
      this.#lines.on('close', interrupt);
    }
  }

  /** True when there is a status line to keep up to date. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Prints text that ends with LF above the status line. */
  print(text: string): void {
    if (!this.#isLive) {
      this.#output.write(text);
      return;
    }
    clearLine(this.#output, 0);
    cursorTo(this.#output, 0);
    this.#output.write(text);
    this.#lines.prompt(true);
  }

  /** Resolves when what was printed has been taken: for text that has no end in sight. */
  async drained(): Promise<void> {
    if (!this.#output.writableNeedDrain) return;
    await new Promise<void>((resolve) => this.#output.once('drain', resolve));
  }

  /** Shows the status line; what the operator has typed so far stays. It is cut to leave half of the line for typing. */
  showStatus(status: string): void {
    if (!this.#isLive || status === this.#status) return;
    this.#status = status;
    const widthMax = Math.max(20, this.#output.columns - 16);
    const plain = stripVTControlCharacters(status);
    this.#lines.setPrompt(plain.length <= widthMax ? `${status} > ` : `${plain.slice(0, widthMax - 1)}… > `);
    this.#lines.prompt(true);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#lines.removeAllListeners('close');
    this.#lines.close();
    if (!this.#isLive) return;
    clearLine(this.#output, 0);
    cursorTo(this.#output, 0);
  }
}
