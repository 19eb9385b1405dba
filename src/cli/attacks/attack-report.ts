import type { ChalkInstance } from 'chalk';
import { wrapped } from '../wrapped.ts';
import type { Attack, Measure, Trial } from './attack.ts';

/** The names and titles of all attacks. */
export function overviewText(attacks: readonly Attack[], paint: ChalkInstance): string {
  const rows = attacks.map(({ name, title }) => `  ${paint.bold(name.padEnd(10))} ${title}\n`);
  return `${rows.join('')}\nsortition lab attack NAME runs one of them, sortition lab attack all runs all.\n`;
}

/** An attack and what came of it; for a terminal of 80 columns. */
export function attackText({ name, title, flaw, cure }: Attack, { flawed, ours }: Trial, paint: ChalkInstance): string {
  return [
    `${paint.bold(`${name}: ${title}`)}\n`,
    `${paint.yellow('The flaw')}\n${wrapped(flaw, '  ')}`,
    `${paint.red('Against the flawed design')}\n${rowsText(flawed)}`,
    `${paint.green('Against this one')}\n${rowsText(ours)}`,
    `${paint.cyan('The cure')}\n${wrapped(cure, '  ')}`,
  ].join('\n');
}

function rowsText(measures: readonly Measure[]): string {
  return measures.map(({ what, value }) => `  ${what.padEnd(56)} ${value}\n`).join('');
}
