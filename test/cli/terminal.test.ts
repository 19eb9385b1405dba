import { PassThrough } from 'node:stream';
import { Terminal as Screen } from '@xterm/headless';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Terminal } from '../../src/cli/terminal.ts';

/** The server's console on a screen of 80 columns, which can be made narrower. */
class Console {
  readonly #screen = new Screen({ cols: 80, rows: 24, allowProposedApi: true, convertEol: true });
  readonly #input = Object.assign(new PassThrough(), { isTTY: true });
  readonly #output = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 80 });
  readonly terminal: Terminal;
  readonly typed: string[] = [];

  constructor() {
    this.terminal = new Terminal({
      input: this.#input,
      output: this.#output,
      interrupt: () => undefined,
      complete: (line) => [['validators ', 'round '].filter((word) => word.startsWith(line)), line],
    });
    this.terminal.listen((line) => this.typed.push(line));
    onTestFinished(() => this.terminal.close());
  }

  /** Presses keys, one after the other. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.#input.write(key);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** As tmux and most terminals do it, and this one for all lines but that of the cursor: what is too long goes on in the next row. */
  async resize(columns: number): Promise<void> {
    await this.#draw();
    const { cursorX } = this.#screen.buffer.active;
    await this.#show('\n');
    this.#screen.resize(columns, 24);
    await this.#show(`\x1b[A\x1b[${(cursorX % columns) + 1}G`);
    this.#output.columns = columns;
    this.#output.emit('resize');
  }

  /** What stands on the screen, a line each. */
  async lines(): Promise<readonly string[]> {
    await this.#draw();
    const { active } = this.#screen.buffer;
    const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
    return rows.join('\n').trimEnd().split('\n');
  }

  missed(lines: number): void {
    this.#output.emit('unshown', lines);
  }

  async #draw(): Promise<void> {
    const text: unknown = this.#output.read();
    if (typeof text === 'string') await this.#show(text);
  }

  async #show(text: string): Promise<void> {
    await new Promise<void>((resolve) => this.#screen.write(text, resolve));
  }
}

const status = 'draw in 30 s | 30 candidates with 15492 tokens | 30 validators';

describe("the server's terminal", () => {
  it('leaves no pieces of the status line behind when it becomes narrower, and takes no line above it away', async () => {
    const screen = new Console();
    screen.terminal.print('first\nsecond\n');
    screen.terminal.showStatus(status);
    for (const columns of [60, 40, 25, 33]) {
      await screen.resize(columns);
      const lines = await screen.lines();
      expect(lines.slice(0, 2)).toEqual(['first', 'second']);
      expect(lines.filter((line) => line !== '' && line !== 'first' && line !== 'second')).toHaveLength(1);
      expect(lines.at(-1)).toMatch(/^draw in .*… >/);
    }
    screen.terminal.print('third\n');
    expect((await screen.lines()).filter((line) => line !== '').slice(0, 3)).toEqual(['first', 'second', 'third']);
  });

  it('keeps what is typed when it becomes narrower', async () => {
    const screen = new Console();
    screen.terminal.showStatus(status);
    await screen.press(...'validators all');
    await screen.resize(30);
    expect((await screen.lines()).join('')).toMatch(/> ?validators all$/);
    await screen.press('\r');
    expect(screen.typed).toEqual(['validators all']);
  });

  it('completes with the tab key, and brings back with the arrow keys', async () => {
    const screen = new Console();
    screen.terminal.showStatus(status);
    await screen.press('v', '\t', '2', '\r', 'x', '\r', '\x1b[A', '\x1b[A', '\r');
    expect(screen.typed).toEqual(['validators 2', 'x', 'validators 2']);
  });

  it('says what was not shown, in a line of its own above the status line', async () => {
    const screen = new Console();
    screen.terminal.showStatus(status);
    screen.missed(1);
    screen.missed(17);
    expect(await screen.lines()).toEqual([
      '1 line was not shown: this terminal was not read.',
      '17 lines were not shown: this terminal was not read.',
      `${status} >`,
    ]);
  });
});
