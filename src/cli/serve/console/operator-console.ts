import type { ChalkInstance } from 'chalk';
import { onOneLine } from '../../../base/escape-for-display.ts';
import { DamageError, type EventListener, type NodeEvent } from '../../../node/ports.ts';
import type { SyncEvent, SyncListener } from '../../../node/sync/sync-event.ts';
import type { CommandInput } from '../../command.ts';
import { limits as cliLimits } from '../../limits.ts';
import { Progress } from '../../progress.ts';
import { cureText, repairLine } from '../../start-command.ts';
import { Terminal, type TerminalOutput } from '../../terminal.ts';
import { Operator, type OperatorOptions } from './operator.ts';
import { Reporter } from './reporter.ts';
import { syncText } from './sync-text.ts';

export interface OperatorConsoleOptions {
  readonly input: CommandInput;
  readonly output: TerminalOutput;
  readonly paint: ChalkInstance;
  readonly nowMs: () => number;
  /** The operator wants the server to stop. */
  readonly quit: () => void;
  /** The directory that a damaged chain would be repaired from. */
  readonly dataDir: string;
}

/** What the operator's commands need of the server; the console knows the rest. */
export type OperatorSources = Omit<OperatorOptions, 'paint' | 'print' | 'drained' | 'quit'>;

/** The server's console: reports what happens, and from `listen` on takes the operator's commands beside a line of status. */
export class OperatorConsole implements EventListener, SyncListener {
  readonly #options: OperatorConsoleOptions;
  readonly #terminal: Terminal;
  readonly #reporter: Reporter;
  readonly #progress: Progress;
  #operator: Operator | undefined;
  #statusTimer: NodeJS.Timeout | undefined;

  constructor(options: OperatorConsoleOptions) {
    const { input, output, paint, nowMs, quit } = options;
    this.#options = options;
    this.#terminal = new Terminal({
      input,
      output,
      interrupt: quit,
      complete: (line) => this.#operator?.complete(line) ?? [[], line],
    });
    this.#reporter = new Reporter({ paint, print: (text) => this.print(text), nowMs });
    this.#progress = new Progress(output, nowMs);
  }

  onEvent(event: NodeEvent): void {
    this.#reporter.onEvent(event);
    if (event.kind === 'loaded')
      this.#progress.show(() => `Checking the chain: ${event.block.Index} blocks hold so far`);
  }

  /** The chain is loaded, or cannot be. */
  endProgress(): void {
    this.#progress.end();
  }

  /** Something happened between this node and its peers. */
  onSync(event: SyncEvent): void {
    this.print(syncText(event));
  }

  print(text: string): void {
    this.#terminal.print(text);
  }

  /** Says that something of ours went wrong while the server goes on: what failed, in words, and the error whole. */
  fail(what: string, error: unknown): void {
    this.print(`${this.#options.paint.red(what)}: ${wordsOf(error)}\n`);
  }

  /** Says that the page failed; what is damaged has a cure. */
  failPage(error: unknown): void {
    const { paint, dataDir } = this.#options;
    if (error instanceof DamageError)
      this.print(`${paint.red('Damaged')}: ${onOneLine(error.message)}. ${cureText(repairLine(dataDir))}\n`);
    else this.fail('The page failed', error);
  }

  /** Begins to take commands, and to show how the lottery stands. */
  listen(sources: OperatorSources): void {
    const { paint, quit } = this.#options;
    const operator = new Operator({
      ...sources,
      paint,
      quit,
      print: (text) => this.print(text),
      drained: () => this.#terminal.drained(),
    });
    this.#operator = operator;
    this.#terminal.listen((line) => {
      operator.receive(line).catch((error: unknown) => this.print(`${paint.red('That failed')}: ${String(error)}\n`));
    });
    this.#statusTimer = setInterval(() => {
      this.#reporter.sumUp();
      this.#terminal.showStatus(operator.status());
    }, cliLimits.statusIntervalMs);
  }

  /** Shows no status any more; what is printed is still shown. */
  stopStatus(): void {
    clearInterval(this.#statusTimer);
  }

  close(): void {
    this.stopStatus();
    this.#terminal.close();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
