import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Which folders of src/ each folder may import from, besides itself. Arrows go one way only; files directly in src/ may import all. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  consensus: ['core'],
  protocol: ['core'],
  engine: ['core', 'consensus'],
  net: ['core', 'protocol'],
  store: [
    'core',
    'engine/ports.ts',
    'system/disk-full.ts',
    'system/make-directory.ts',
    'system/system-turns.ts',
    'system/whole-file.ts',
  ],
  system: ['core', 'engine/ports.ts'],
  console: ['core', 'protocol/printable.ts', 'engine/ports.ts'],
  cli: [
    'core',
    'consensus',
    'protocol',
    'engine/ports.ts',
    'store',
    'system',
    'console/terminal.ts',
    'console/banner.ts',
    'console/progress.ts',
    'config.ts',
    'setting.ts',
  ],
  dashboard: ['core', 'consensus', 'protocol', 'engine/ports.ts'],
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

const deterministic = ['core', 'consensus', 'protocol', 'engine'];
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

const httpStatuses: readonly string[] = ['200', '304', '400', '404', '405', '409', '421', '500', '503'];

/** Numbers of three and more digits that are no bounds, by file, and what they are instead. All others belong into core/limits.ts. */
const numbersThatAreNoBounds: Readonly<Record<string, { readonly numbers: readonly string[]; readonly are: string }>> =
  {
    'serve-help.ts': { numbers: ['500', '9100'], are: 'examples in a text' },
    'setting-reader.ts': { numbers: ['500'], are: 'an example in a text' },
    'core/duration.ts': { numbers: ['1000n', '60_000n'], are: 'the milliseconds of units' },
    'core/draw.ts': { numbers: ['256'], are: 'the bits of a SHA-256' },
    'core/keys.ts': { numbers: ['128'], are: 'the hex digits of a signature' },
    'core/form.ts': { numbers: ['400'], are: 'the Gregorian calendar' },
    'engine/seats.ts': { numbers: ['60_000'], are: 'the milliseconds of a minute' },
    'system/system-clock.ts': { numbers: ['2_147_483_647'], are: 'what a timer of Node can wait at most' },
    'console/reporter.ts': { numbers: ['1000'], are: 'the milliseconds of a second' },
    'console/stats-text.ts': { numbers: ['1000', '1_000_000'], are: 'the bytes of a KB and a MB' },
    'cli/join/join-options.ts': {
      numbers: ['100n', '1000n'],
      are: 'what bots stake and propose when nobody says anything',
    },
    'cli/simulation/svg.ts': { numbers: ['620', '300', '400'], are: 'the measures of a picture' },
    'cli/simulation/report.ts': { numbers: ['100'], are: 'words of a text' },
    'cli/tamper/tamper-report.ts': { numbers: ['256'], are: 'words of a text' },
    'dashboard/app.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'dashboard/metrics.ts': { numbers: ['100'], are: 'a percentile' },
    'dashboard/ticket-bar.ts': { numbers: ['256'], are: 'the values of a byte' },
    'dashboard/page/ed25519.ts': { numbers: ['256n'], are: 'the values of a byte' },
    'dashboard/page/fairness-page.ts': { numbers: ['192'], are: 'the width of a drawing' },
    'dashboard/page/wins-chart.ts': {
      numbers: ['100', '200', '500', '1000', '5000', '10_000', '280', '240'],
      are: 'the steps of an axis, and the measures of a chart',
    },
    'dashboard/page/colours.ts': {
      numbers: ['65_536', '360'],
      are: 'the values of four hex digits; the degrees of a circle',
    },
    'cli/statistics.ts': { numbers: ['1000', '676', '1259', '771', '176'], are: 'constants of approximations' },
  };

/** Numbers of three and more digits in code, but for powers of ten beside a multiplication or division: these convert units. */
function findNumbers({ path, text }: SourceFile): readonly string[] {
  const isElsewhere =
    path === 'core/limits.ts' ||
    // Models of flawed lotteries, whose numbers are the story that they tell.
    path.startsWith('cli/attacks/') ||
    // How much a page shows and for how long, each with its reason.
    path === 'dashboard/page/look.ts';
  if (isElsewhere) return [];
  const code = bareCode(text).replace(/[*/%] 1[0_]*n?\b|\b1[0_]*n? [*/%]/g, '');
  const expected = numbersThatAreNoBounds[path]?.numbers ?? [];
  const found = [...code.matchAll(/(?<![\w.$])\d[\d_]{2,}n?/g)].map(([number]) => number);
  return found.filter((number) => !expected.includes(number)).map((number) => `${path}: ${number}`);
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

  it('has its bounds in core/limits.ts, each with its reason', () => {
    expect(source.flatMap(findNumbers)).toEqual([]);
  });

  it('does not silence the compiler, keeps no state in modules, and leaves nothing to do', () => {
    expect(source.flatMap(findLooseTypes)).toEqual([]);
  });
});

describe('the tests of units', () => {
  it('start no process: vitest.config.ts names those that do', () => {
    const folder = new URL('./', import.meta.url);
    const config = readFileSync(new URL('../vitest.config.ts', folder), 'utf8');
    const starts = /from '[^']*\b(?:run-verb|verb-process|server-process|page-server|watched-process)\.ts'/;
    const starters = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts') && !path.startsWith('e2e/'))
      .filter((path) => starts.test(readFileSync(new URL(path, folder), 'utf8')));
    expect(starters.length).toBeGreaterThan(10);
    expect(starters.filter((path) => !config.includes(`'test/${path}'`))).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it.each(['const max = 4096;', 'f(1000);', 'const big = 1_000_000n;', 'if (count > 100) return;', 'x = 400 * y;'])(
    'find the bound in %s',
    (text) => {
      expect(findNumbers({ path: 'net/a.ts', text })).toHaveLength(1);
      expect(findNumbers({ path: 'core/limits.ts', text })).toEqual([]);
    },
  );

  it.each(['s = ms / 1000;', 'p = 100 * share;', 'x = (a * 1_000_000n) / b;', "f('1234');", '// 1234', 'x = 64;'])(
    'find no bound in %s',
    (text) => {
      expect(findNumbers({ path: 'net/a.ts', text })).toEqual([]);
    },
  );

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
