import type { ChalkInstance } from 'chalk';
import { commandLine } from '../../start-command.ts';
import { wrapText } from '../../wrap-text.ts';
import type { Attack, Measure, Trial } from './attack.ts';

/** The names and titles of all attacks. */
export function overviewText(attacks: readonly Attack[], paint: ChalkInstance): string {
  const rows = attacks.map(({ name, title }) => `  ${paint.bold(name.padEnd(10))} ${title}\n`);
  return `${rows.join('')}\n${commandLine('lab', 'attack', 'NAME')} runs one of them, ${commandLine('lab', 'attack', 'all')} runs all.\n`;
}

/** An attack and what came of it; laid out for so many columns. */
export function attackText(
  { name, title, flaw, cure }: Attack,
  { flawed, ours }: Trial,
  paint: ChalkInstance,
  columns: number,
): string {
  return [
    `${paint.bold(`${name}: ${title}`)}\n`,
    `${paint.yellow('The flaw')}\n${wrapText(flaw, columns, '  ')}`,
    `${paint.red('Against the flawed design')}\n${rowsText(flawed, columns)}`,
    `${paint.green('Against this one')}\n${rowsText(ours, columns)}`,
    `${paint.cyan('The cure')}\n${wrapText(cure, columns, '  ')}`,
  ].join('\n');
}

function rowsText(measures: readonly Measure[], columns: number): string {
  const width = Math.max(0, columns - 24);
  const rows = measures.map(({ what, value }) => {
    return what.length <= width
      ? `  ${what.padEnd(width)} ${value}\n`
      : `${wrapText(what, columns, '  ')}      ${value}\n`;
  });
  return rows.join('');
}
