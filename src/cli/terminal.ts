import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { pluralize } from '../base/formatting.ts';
import { limits } from './limits.ts';

/** What a terminal prints to: standard output, or a ConsoleOutput, which emits 'unshown'. */
export interface TerminalOutput extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly writableNeedDrain: boolean;
}

export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: TerminalOutput;
  /** The operator pressed Ctrl-C or Ctrl-D. */
  readonly interrupt: () => void;
  /** What the last word of a line may be completed to with the tab key, and that word. */
  readonly complete?: (line: string) => [string[], string];
}

/**
 * The server's terminal: lines are printed above one live status line, on which the operator types. Where it is not a
 * terminal it is plain lines out and plain lines in. A console that fails (a closed pipe) never stops a draw.
 */
export class Terminal {
  readonly #options: TerminalOptions;
  readonly #output: TerminalOutput;
  readonly #isLive: boolean;
  /** Undefined before it listens, and after it is closed. */
  #lines: Interface | undefined;
  #status = '';
  /** In which row of what is typed, from 0, the cursor was when that was last drawn. */
  #row = 0;

  constructor(options: TerminalOptions) {
    const { input, output } = options;
    this.#options = options;
    this.#output = output;
    this.#isLive = input.isTTY === true && output.isTTY === true;
    output.on('error', () => undefined);
    output.on('unshown', (lines: number) => this.#tellUnshown(lines));
    input.on('error', () => undefined);
  }

  /** Begins to take what the operator types, a line at a time. */
  listen(receive: (line: string) => void): void {
    const { input, output, interrupt, complete } = this.#options;
    // Before readline's own listener, which does not know that a terminal has laid its lines anew.
    if (this.#isLive) output.on('resize', () => this.#fit());
    const lines = createInterface(
      this.#isLive
        ? {
            input,
            output,
            prompt: '',
            historySize: limits.terminalHistoryMax,
            ...(complete === undefined ? {} : { completer: complete }),
          }
        : { input },
    );
    this.#lines = lines;
    lines.on('line', receive);
    if (!this.#isLive) return;
    // In raw mode Ctrl-C is a key and not a signal.
    lines.on('SIGINT', interrupt);
    lines.on('close', interrupt);
    // What is pasted may grow by a row without readline noticing, which then draws it in the wrong place.
    input.on('keypress', () => {
      if (lines.getCursorPos().rows > this.#row) this.#draw(lines);
      this.#row = lines.getCursorPos().rows;
    });
  }

  /** True when there is a status line to keep up to date. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Prints text that ends with LF above the status line. */
  print(text: string): void {
    if (!this.#isLive || this.#lines === undefined) {
      this.#output.write(text);
      return;
    }
    const rows = this.#wipe(this.#lines);
    // The prompt goes back up by as many rows as the cursor stood below the first one of what is typed.
    this.#output.write(text + '\n'.repeat(rows));
    this.#draw(this.#lines);
  }

  /** Resolves when what was printed has been taken: for text that has no end in sight. */
  async drained(): Promise<void> {
    if (!this.#output.writableNeedDrain) return;
    await new Promise<void>((resolve) => this.#output.once('drain', resolve));
  }

  /** Shows the status line; what the operator has typed so far stays. It is cut to leave half of the line for typing. */
  showStatus(status: string): void {
    if (!this.#isLive || this.#lines === undefined || status === this.#status) return;
    // It would be out of date when the terminal is read again.
    if (this.#output.writableNeedDrain) return;
    this.#status = status;
    this.#setPrompt(this.#lines);
    this.#draw(this.#lines);
  }

  /**
   * The terminal has another width. Most terminals have laid a line that is too long for it over several rows, so that the cursor stands in
   * another row of the status line than before: all of these are taken away, and what is drawn instead is as long as it may be now. A
   * terminal that cuts such a line loses a line of text above it when it becomes narrower by a third at once.
   */
  #fit(): void {
    const lines = this.#lines;
    if (lines === undefined) return;
    this.#wipe(lines);
    // The prompt goes back up by as many rows as the cursor stood below the first one when it was drawn.
    this.#output.write('\n'.repeat(this.#row));
    this.#setPrompt(lines);
    this.#draw(lines);
  }

  #setPrompt(lines: Interface): void {
    // Some terminals do not know their width.
    const columns = this.#output.columns || 80;
    const widthMax = Math.max(columns - 16, Math.min(20, columns - 5), 1);
    const plain = stripVTControlCharacters(this.#status);
    if (plain !== '')
      lines.setPrompt(plain.length <= widthMax ? `${this.#status} > ` : `${plain.slice(0, widthMax - 1)}… > `);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    const lines = this.#lines;
    if (lines === undefined) return;
    this.#lines = undefined;
    lines.removeAllListeners('close');
    lines.close();
    if (this.#isLive) this.#wipe(lines);
  }

  /** Shows the status line again, too: it may have been among what was dropped. */
  #tellUnshown(lines: number): void {
    this.print(
      lines === 0
        ? ''
        : `${pluralize(lines, 'line')} ${lines === 1 ? 'was' : 'were'} not shown: this terminal was not read.\n`,
    );
  }

  #draw(lines: Interface): void {
    lines.prompt(true);
    this.#row = lines.getCursorPos().rows;
  }

  /** Takes away the prompt and what is typed behind it, however many rows that has; returns in which of them, from 0, the cursor was. */
  #wipe(lines: Interface): number {
    const { rows } = lines.getCursorPos();
    moveCursor(this.#output, 0, -rows);
    cursorTo(this.#output, 0);
    clearScreenDown(this.#output);
    return rows;
  }
}
