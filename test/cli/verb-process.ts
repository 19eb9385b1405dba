import { program } from '../program.ts';
import { WatchedProcess } from '../watched-process.ts';

/** `sortition <words>` in a process of its own. */
export class VerbProcess extends WatchedProcess {
  /** `on a terminal` needs script(1), and takes words without blanks and quotes only. */
  constructor(
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    place: 'in pipes' | 'on a terminal' = 'in pipes',
  ) {
    const command = [process.execPath, program, ...words];
    const terminal = ['script', '--quiet', '--return', '--command', command.join(' '), '/dev/null'];
    super(place === 'in pipes' ? command : terminal, { environment, encoding: 'latin1' });
  }
}
