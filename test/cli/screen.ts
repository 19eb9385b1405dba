import { Terminal } from '@xterm/headless';
import type { TerminalSize } from './verb-process.ts';

/** What a terminal shows of this output, from its first line to its last that is not empty; what goes on in the next row is one line. */
export async function linesOnScreen(output: string, { columns, rows }: TerminalSize): Promise<readonly string[]> {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(Buffer.from(output, 'latin1'), resolve));
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    const text = line?.translateToString() ?? '';
    if (line?.isWrapped === true) lines.push(`${lines.pop() ?? ''}${text}`);
    else lines.push(text);
  }
  terminal.dispose();
  return lines.join('\n').replaceAll(/ +$/gm, '').trimEnd().split('\n');
}
