import { parseDuration } from '../../base/duration.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import type { Parsed } from '../../core/json-record.ts';
import { limits } from './limits.ts';

/** What a person does. `joins` without a stake only connects. */
export type Deed =
  | { readonly kind: 'joins'; readonly stake: string | undefined }
  | { readonly kind: 'types'; readonly line: string }
  | { readonly kind: 'rejoins' | 'hangs up' };

/** What the operator does; `end` is the end of the scenario. */
export type Order =
  | { readonly kind: 'pause' | 'resume' | 'draw' | 'restart' | 'end' }
  | { readonly kind: 'say'; readonly line: string }
  | { readonly kind: 'kick'; readonly person: string };

/** A line of a scenario that happens at a moment. */
export interface Step {
  /** Its number in the file, from 1. */
  readonly line: number;
  readonly atMs: number;
  /** What stands behind its time, as it was written. */
  readonly text: string;
  readonly what: { readonly person: string; readonly deed: Deed } | { readonly order: Order };
}

/** A line that begins with `with`. */
interface SettingsLine {
  readonly line: number;
  readonly words: readonly string[];
}

/** A scenario as its file tells it. */
export interface Script {
  /** The settings of the server, as its command line has them. */
  readonly settings: readonly SettingsLine[];
  /** In the order of their times. */
  readonly steps: readonly Step[];
}

const deedWords =
  'a person joins STAKE, bpm NUMBER, types LINE, quits, hangs up or rejoins; the operator has pause, resume, draw, restart, say LINE, kick NAME and end';

/** Reads a scenario. What is wrong is told with the number of its line, what came, what is accepted, and an example. */
export function parseScript(text: string): Parsed<Script> {
  const settings: SettingsLine[] = [];
  const steps: Step[] = [];
  /** Whoever has joined so far. Who is connected at a moment shows only when it is played. */
  const known = new Set<string>();
  for (const [place, written] of text.split(/\r?\n/).entries()) {
    const line = written.replace(/(?:^|\s)#.*$/, '').trim();
    if (line === '') continue;
    const number = place + 1;
    const read = readLine(line, steps, known);
    if ('why' in read) return { why: `line ${number}: ${read.why}` };
    if ('words' in read.value) settings.push({ line: number, ...read.value });
    else steps.push({ line: number, ...read.value });
  }
  return steps.length === 0
    ? { why: 'nothing happens in it: it needs a line such as at 0s Ada joins 100' }
    : { value: { settings, steps } };
}

function readLine(
  line: string,
  before: readonly Step[],
  known: Set<string>,
): Parsed<Omit<Step, 'line'> | Omit<SettingsLine, 'line'>> {
  const [first = '', ...rest] = line.split(/\s+/);
  if (first === 'with') {
    if (before.length > 0) return { why: 'with stands above the first line with a time: settings are for a new chain' };
    return { value: { words: rest } };
  }
  const [, time = '', what = ''] = /^at\s+(\S+)\s+(.*)$/.exec(line) ?? [];
  if (what === '')
    return no(line, 'a line begins with "at" and a time, or with "with" and settings', 'at 2s Ada bpm 72');
  const ms = parseDuration(time);
  if (ms === undefined) return no(time, 'a time is a whole number of ms, s or m', 'at 90s Ada bpm 72');
  const atMs = Number(ms);
  const last = before.at(-1);
  if (last?.what !== undefined && 'order' in last.what && last.what.order.kind === 'end')
    return no(line, 'nothing comes behind the end', 'at 90s end as the last line');
  if (last !== undefined && atMs < last.atMs)
    return no(time, `time does not go back: the line above it is at ${last.atMs} ms`, `at ${last.atMs}ms ${what}`);
  const read = readOrder(what, known) ?? readDeed(what, known);
  return 'why' in read ? read : { value: { atMs, text: what, what: read.value } };
}

function readOrder(what: string, known: ReadonlySet<string>): Parsed<{ readonly order: Order }> | undefined {
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(what) ?? [];
  switch (word) {
    case 'pause':
    case 'resume':
    case 'draw':
    case 'restart':
    case 'end':
      return rest === '' ? { value: { order: { kind: word } } } : no(what, `${word} stands alone`, `at 60s ${word}`);
    case 'say':
      return rest === ''
        ? no(what, 'say needs what is said', 'at 60s say We begin')
        : { value: { order: { kind: 'say', line: rest } } };
    case 'kick':
      return known.has(rest)
        ? { value: { order: { kind: 'kick', person: rest } } }
        : no(what, 'kick needs the name of a person who has joined', 'at 60s kick Ada');
    default:
      return undefined;
  }
}

function readDeed(what: string, known: Set<string>): Parsed<Step['what']> {
  const [, person = '', verb = '', rest = ''] = /^(\S+)\s+(\S+)\s*(.*)$/.exec(what) ?? [];
  if (!isName(person))
    return no(
      person === '' ? what : person,
      `a name has 1 to ${limits.nameCharactersMax} letters, digits, - or _, and begins with a letter; ${deedWords}`,
      'at 0s Ada joins 100',
    );
  const deed = readVerb(verb, rest);
  if (deed === undefined) return no(what, deedWords, `at 2s ${person} bpm 72`);
  if (deed.kind === 'joins') known.add(person);
  if (!known.has(person)) return no(what, `${person} has not joined`, `at 0s ${person} joins 100 before it`);
  return { value: { person, deed } };
}

function readVerb(verb: string, rest: string): Deed | undefined {
  switch (verb) {
    case 'joins':
      return /^[0-9]*$/.test(rest) ? { kind: 'joins', stake: rest === '' ? undefined : rest } : undefined;
    case 'bpm':
      return /^[0-9]+$/.test(rest) ? { kind: 'types', line: rest } : undefined;
    case 'types':
      return { kind: 'types', line: rest };
    case 'quits':
      return rest === '' ? { kind: 'types', line: 'quit' } : undefined;
    case 'hangs':
      return rest === 'up' ? { kind: 'hangs up' } : undefined;
    case 'rejoins':
      return rest === '' ? { kind: 'rejoins' } : undefined;
    default:
      return undefined;
  }
}

function isName(text: string): boolean {
  return text.length <= limits.nameCharactersMax && /^[A-Za-z][A-Za-z0-9_-]*$/.test(text);
}

function no(came: string, accepted: string, example: string): { readonly why: string } {
  return { why: `"${escapeForDisplay(came)}" is not understood: ${accepted}. For example: ${example}` };
}
