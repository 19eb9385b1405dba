import { program } from '../program.ts';
import { WatchedProcess } from '../watched-process.ts';

/** How many columns and rows a terminal has. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** `sortition <words>` in a process of its own. */
export class VerbProcess extends WatchedProcess {
  /** A terminal, of this size or as the system makes it, needs script(1), and takes words without blanks and quotes only. */
  constructor(
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    place: 'in pipes' | 'on a terminal' | TerminalSize = 'in pipes',
  ) {
    const command = [process.execPath, program, ...words];
    const sizing = typeof place === 'string' ? [] : [`stty columns ${place.columns} rows ${place.rows};`];
    const terminal = ['script', '--quiet', '--return', '--command', [...sizing, ...command].join(' '), '/dev/null'];
    super(place === 'in pipes' ? command : terminal, { environment, encoding: 'latin1' });
  }
}
