import { quoted } from '../start-command.ts';
import type { Alternatives } from './alternatives.ts';

/** What to type for a server with these settings, by their flags, besides those that were given already. */
export type SuggestCommand = (changes?: Readonly<Record<string, string | number>>) => string;

/**
 * Lines that keep every setting of the command line, but for those that have to be others; `words` are `--name value` or `--name=value`, and
 * checked.
 */
export function commandSuggester(words: readonly string[], alternatives: Alternatives): SuggestCommand {
  const settings = new Map<string, string>();
  const rest = words.filter((word) => word !== '--');
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name = '', value = rest.shift() ?? ''] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    settings.set(name, value);
  }
  const { port, dashboardPort, dataDir } = alternatives;
  if (port !== undefined) settings.set('port', String(port));
  if (dashboardPort !== undefined) settings.set('dashboard-port', String(dashboardPort));
  if (dataDir !== undefined) settings.set('data-dir', dataDir);
  return (changes = {}) => {
    const flags = [...new Map([...settings, ...Object.entries(changes)])];
    return ['npm start --', ...flags.map(([name, value]) => `--${name} ${quoted(String(value))}`)].join(' ');
  };
}
