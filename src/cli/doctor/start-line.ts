import { onOneLine } from '../chain/chain-source.ts';

/** What to type for a server with these settings, by their flags, besides those that were given already. */
export type StartLine = (changes: Readonly<Record<string, string | number>>) => string;

/** Lines that keep every setting of the command line; `words` are `--name value` or `--name=value`, and checked. */
export function startLineWith(words: readonly string[]): StartLine {
  const given = new Map<string, string>();
  const rest = words.filter((word) => word !== '--');
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, name = '', value = rest.shift() ?? ''] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    given.set(name, value);
  }
  return (changes) => {
    const settings = new Map([...given, ...Object.entries(changes)]);
    const flags = [...settings].map(([name, value]) => `--${name} ${quoted(String(value))}`);
    return ['npm start --', ...flags].join(' ');
  };
}

/** As a shell takes it for one word. */
function quoted(value: string): string {
  return /^[\w./:,@%+-]+$/.test(value) ? value : `'${onOneLine(value).replaceAll("'", "'\\''")}'`;
}
