import type { CommandIo, CommandOutput } from '../command.ts';
import { Terminal } from '../terminal.ts';

/** What an interactive client prints to. A `Terminal` is one. */
export interface Screen {
  readonly isLive: boolean;
  /** Prints text that ends with LF. */
  print(text: string): void;
  /** Resolves when what was printed has been taken. */
  drained(): Promise<void>;
  showStatus(status: string): void;
  close(): void;
}

/**
 * A terminal where input and output are one: it calls `receive` with what is typed. Else plain lines. `leave` is called when the person
 * wants to leave, or the reader of the lines has closed them.
 */
export function openScreen({ input, output }: CommandIo, receive: (line: string) => void, leave: () => void): Screen {
  if (!input.isTTY || !output.isTTY) return new PlainScreen(output, leave);
  const terminal = new Terminal({ input, output, interrupt: leave });
  terminal.listen(receive);
  return terminal;
}

/** Lines out, and nothing else: for pipes and files. */
class PlainScreen implements Screen {
  readonly isLive = false;
  readonly #output: CommandOutput;

  /** `closed` is called when the reader closes the lines, as in `| head -1`. */
  constructor(output: CommandOutput, closed: () => void) {
    this.#output = output;
    output.on('error', closed);
  }

  print(text: string): void {
    this.#output.write(text);
  }

  async drained(): Promise<void> {
    if (!this.#output.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.#output.once('drain', resolve);
      this.#output.once('close', () => resolve());
    });
  }

  showStatus(): void {}

  close(): void {}
}
