import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Which folders of src/ each folder may import from, besides itself. Arrows go one way only; files directly in src/ may import all. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  protocol: ['core'],
  engine: ['core'],
  net: ['core', 'protocol'],
  store: ['core', 'engine/ports.ts', 'system/make-directory.ts'],
  system: ['core', 'engine/ports.ts'],
  console: ['core', 'protocol/printable.ts', 'engine/ports.ts'],
  cli: [
    'core',
    'protocol',
    'engine/ports.ts',
    'store',
    'system',
    'console/terminal.ts',
    'console/banner.ts',
    'console/progress.ts',
    'config.ts',
  ],
  dashboard: ['core', 'protocol', 'engine/ports.ts'],
};

/** Words that the deterministic middle must not use, and what to use instead. */
const bans: readonly { readonly word: RegExp; readonly instead: string }[] = [
  { word: /\bDate\b/, instead: 'Clock.timestamp' },
  { word: /\bMath\.random\b/, instead: 'Secrets' },
  { word: /\bperformance\b/, instead: 'Clock.monotonicMs' },
  { word: /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/, instead: 'Clock.wakeAt or Clock.turn' },
  { word: /\bprocess\b/, instead: 'a parameter' },
  { word: /\bconsole\b/, instead: 'Audience' },
];

const deterministic = ['core', 'protocol', 'engine'];
const packagesOfTheMiddle = ['node:crypto'];

interface SourceFile {
  /** The path below src/, with slashes. */
  readonly path: string;
  readonly text: string;
}

function folderOf(path: string): string | undefined {
  return path.includes('/') ? path.split('/')[0] : undefined;
}

/** The code without comments and strings, in which words mean what they say. */
function bareCode(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\$]|\\.|\$(?!\{)|\$\{[^`}]*\})*`/g, '``');
}

function importsOf({ path, text }: SourceFile): readonly string[] {
  return [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)';|^import '([^']+)';/gm)].map(
    ([, from, bare]) => {
      const specifier = from ?? bare ?? '';
      return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
    },
  );
}

function findForbiddenImports(file: SourceFile): readonly string[] {
  const folder = folderOf(file.path);
  if (folder === undefined) return [];
  const allowed = arrows[folder];
  if (allowed === undefined) return [`${file.path}: the folder ${folder} has no arrows yet`];
  return importsOf(file).flatMap((imported) => {
    if (imported.endsWith('.ts')) {
      const isAllowed = [folder, ...allowed].some((place) => imported === place || imported.startsWith(`${place}/`));
      return isAllowed ? [] : [`${file.path} must not import ${imported}`];
    }
    if (!deterministic.includes(folder) || packagesOfTheMiddle.includes(imported)) return [];
    return [`${file.path} must not import the package ${imported}`];
  });
}

function findBannedWords({ path, text }: SourceFile): readonly string[] {
  if (!deterministic.includes(folderOf(path) ?? '')) return [];
  const code = bareCode(text);
  return bans
    .filter(({ word }) => word.test(code))
    .map(({ word, instead }) => `${path}: not ${word.source}, but ${instead}`);
}

function findLooseTypes({ path, text }: SourceFile): readonly string[] {
  const code = bareCode(text).replace(/^(?:import|export)\b[^;]*?;/gm, '');
  const loose: string[] = [];
  if (/\bas\s+(?:[A-Z{([]|string|number|boolean|bigint|unknown|never|object|any)/.test(code))
    loose.push(`${path}: a cast silences the compiler`);
  if (/(?::|<|\|)\s*any\b/.test(code)) loose.push(`${path}: any`);
  if (/\w!(?:\.|\)|;|,|\[)/.test(code)) loose.push(`${path}: a non-null assertion`);
  if (/@ts-(?:ignore|expect-error|nocheck)/.test(text)) loose.push(`${path}: the compiler is told to look away`);
  if (/^(?:let|var)\b/m.test(code)) loose.push(`${path}: a module keeps state`);
  if (/\b(?:TODO|FIXME)\b/.test(text)) loose.push(`${path}: something is left to do`);
  return loose;
}

function readSource(): readonly SourceFile[] {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({
      path: relative('.', name).replaceAll('\\', '/'),
      text: readFileSync(join(root, name), 'utf8'),
    }));
}

describe('the source', () => {
  const source = readSource();

  it('is found', () => {
    expect(source.length).toBeGreaterThan(30);
    expect(source.flatMap(importsOf).length).toBeGreaterThan(100);
  });

  it('imports in the direction of the arrows only', () => {
    expect(source.flatMap(findForbiddenImports)).toEqual([]);
  });

  it('asks nobody but the ports for time, dice, or anything of the process, in its middle', () => {
    expect(source.flatMap(findBannedWords)).toEqual([]);
  });

  it('does not silence the compiler, keeps no state in modules, and leaves nothing to do', () => {
    expect(source.flatMap(findLooseTypes)).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it.each([
    ['core/a.ts', "import { x } from '../engine/lottery.ts';"],
    ['core/a.ts', "import fs from 'node:fs';"],
    ['engine/a.ts', "import {\n  x,\n} from '../net/outbox.ts';"],
    ['protocol/a.ts', "export { x } from '../engine/ports.ts';"],
    ['net/a.ts', "import type { Lottery } from '../engine/lottery.ts';"],
    ['store/a.ts', "import '../net/outbox.ts';"],
    ['elsewhere/a.ts', ''],
  ])('find a forbidden import in %s', (path, text) => {
    expect(findForbiddenImports({ path, text })).toHaveLength(1);
  });

  it.each([
    ['main.ts', "import { x } from './net/outbox.ts';"],
    ['core/hash.ts', "import { hash } from 'node:crypto';"],
    ['net/a.ts', "import { createServer } from 'node:net';\nimport { x } from '../protocol/text.ts';"],
  ])('let a good import in %s pass', (path, text) => {
    expect(findForbiddenImports({ path, text })).toEqual([]);
  });

  it.each(['new Date();', 'setTimeout(f, 1);', 'x = process.env;', 'Math.random()'])(
    'find the banned words of %s',
    (text) => {
      expect(findBannedWords({ path: 'engine/a.ts', text })).toHaveLength(1);
      expect(findBannedWords({ path: 'system/a.ts', text })).toEqual([]);
      expect(findBannedWords({ path: 'engine/a.ts', text: `/** ${text} */\nf('${text}');` })).toEqual([]);
    },
  );

  it.each(['const a = b as string;', 'let state = 1;', 'f(a!.b);', 'let a: any;', '// TODO later'])(
    'find the loose %s',
    (text) => {
      expect(findLooseTypes({ path: 'core/a.ts', text }).length).toBeGreaterThan(0);
    },
  );

  it('take `as const` for what it is', () => {
    expect(findLooseTypes({ path: 'core/a.ts', text: 'const a = { b: 1 } as const;' })).toEqual([]);
  });
});
