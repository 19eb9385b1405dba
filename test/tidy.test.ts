import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** The middle: what is true, without any clock, dice, socket or disk of its own. Each room may import those before it. */
const middle = ['base', 'core', 'ledger', 'consensus', 'node'] as const;

/** What of node's platform storage may use: files that survive a power cut are made in one place only. */
const files = ['disk-full', 'make-directory', 'system-turns', 'whole-file'].map((name) => `platform/${name}.ts`);

/**
 * Which rooms of src/ each room may import from, besides itself. Arrows go one way only. The edges (tcp, http, storage, platform) are siblings:
 * none needs another. Files directly in src/ are the way in and may import the command line alone.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  base: [],
  core: ['base'],
  ledger: ['core', 'base'],
  consensus: ['ledger', 'core', 'base'],
  node: ['consensus', 'ledger', 'core', 'base'],
  tcp: ['node', 'consensus', 'ledger', 'core', 'base'],
  http: ['node', 'consensus', 'ledger', 'core', 'base'],
  // A browser loads its files, and gets none of the rest of http.
  'http/api': ['consensus', 'ledger', 'core', 'base'],
  storage: ['node', 'consensus', 'ledger', 'core', 'base', ...files],
  p2p: ['node', 'consensus', 'ledger', 'core', 'base'],
  platform: ['node', 'consensus', 'ledger', 'core', 'base'],
  replication: ['node', 'consensus', 'ledger', 'core', 'base'],
  // Runs in browsers, so it needs nothing of Node.
  library: ['consensus', 'ledger', 'core', 'base', 'http/api'],
  // Starts the whole server in the process of a program.
  'library/node': [
    ...['library', 'cli', 'tcp', 'http', 'p2p', 'storage', 'platform', 'node', 'consensus', 'ledger', 'core', 'base'],
  ],
  web: ['library', 'consensus', 'ledger', 'core', 'base', 'http/api'],
  cli: ['tcp', 'http', 'p2p', 'replication', 'storage', 'platform', 'node', 'consensus', 'ledger', 'core', 'base'],
  '': ['cli'],
};

/** Words that the deterministic middle must not use, and what to use instead. */
const bans: readonly { readonly word: RegExp; readonly instead: string }[] = [
  { word: /\bDate\b/, instead: 'Clock.timestamp' },
  { word: /\bMath\.random\b/, instead: 'Secrets' },
  { word: /\bperformance\b/, instead: 'Clock.monotonicMs' },
  { word: /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/, instead: 'Clock.wakeAt or Clock.turn' },
  { word: /\bprocess\b/, instead: 'a parameter' },
  { word: /\bconsole\b/, instead: 'EventListener' },
];

const deterministic: readonly string[] = middle;
/** Its sockets are real, but all that it knows of time comes from a port, so that the simulation can run it. */
const timeless: readonly string[] = ['tcp'];
/** Rooms that use no packages but these. */
const portable: readonly string[] = [...middle, 'library'];
/** SHA-256, Ed25519 and bech32m are not ours to write: Node has the first, @noble the two for a browser, @scure the last. */
const packagesOfTheMiddle: readonly string[] = ['#sha256', '@noble/', '@scure/base'];
/** What `#sha256` is in Node (package.json). Everywhere else it is core/portable-sha256.ts. */
const asksNodeForHashes = 'core/native-sha256.ts';
/** One file asks node:net for isIP, which is a rule of texts and touches no network. */
const readsAddresses = 'base/subnet.ts';

interface SourceFile {
  /** The path below src/, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** The room that a file is in; empty for a file directly in src/. */
function roomOf(path: string): string {
  const inner = ['http/api', 'library/node'].find((room) => path.startsWith(`${room}/`));
  if (inner !== undefined) return inner;
  return path.includes('/') ? (path.split('/')[0] ?? '') : '';
}

/** The code without comments and strings, in which words mean what they say. */
function bareCode(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/`(?:[^`\\$]|\\.|\$(?!\{)|\$\{[^`}]*\})*`/g, '``');
}

/** What a file imports: from static and dynamic imports, by types and for their effects. */
function importsOf({ path, text }: SourceFile): readonly string[] {
  const statics = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)';|^import '([^']+)';/gm);
  const dynamics = text.matchAll(/\bimport\(\s*'([^']+)'/g);
  return [...statics, ...dynamics].map(([, from, bare]) => {
    const specifier = from ?? bare ?? '';
    return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
  });
}

function findForbiddenImports(file: SourceFile): readonly string[] {
  const room = roomOf(file.path);
  const allowed = arrows[room];
  if (allowed === undefined) return [`${file.path}: the room ${room} has no arrows yet`];
  return importsOf(file).flatMap((imported) => {
    if (imported.endsWith('.ts')) {
      const isAllowed = [room, ...allowed].some(
        (place) => imported === place || (place !== '' && imported.startsWith(`${place}/`)),
      );
      return isAllowed ? [] : [`${file.path} must not import ${imported}`];
    }
    if (!portable.includes(room) || packagesOfTheMiddle.some((name) => imported.startsWith(name))) return [];
    if (file.path === readsAddresses && imported === 'node:net') return [];
    if (file.path === asksNodeForHashes && imported === 'node:crypto') return [];
    return [`${file.path} must not import the package ${imported}`];
  });
}

/** Folders of cli/ that several commands share; every other one is a command's. */
const sharedByCommands: readonly string[] = ['chain', 'config'];
/** What one command may use of another. The attack `split` runs the very simulation that people can run themselves. */
const shownToAnotherCommand: readonly string[] = ['cli/simulate/simulation.ts'];

/** A command's folder is its own: what two of them need is directly in cli/, or in a folder that they share. */
function findImportsOfOtherCommands(file: SourceFile): readonly string[] {
  const commandOf = (path: string): string | undefined => {
    const [, folder] = /^cli\/([^/]+)\//.exec(path) ?? [];
    return folder === undefined || sharedByCommands.includes(folder) ? undefined : folder;
  };
  // The list of all commands.
  if (!file.path.startsWith('cli/') || file.path === 'cli/cli.ts') return [];
  return importsOf(file)
    .filter((imported) => commandOf(imported) !== undefined && commandOf(imported) !== commandOf(file.path))
    .filter((imported) => !shownToAnotherCommand.includes(imported))
    .map((imported) => `${file.path} must not import ${imported}`);
}

function findBannedWords({ path, text }: SourceFile): readonly string[] {
  if (!deterministic.includes(roomOf(path)) && !timeless.includes(roomOf(path))) return [];
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

const httpStatuses: readonly string[] = [
  ...['200', '201', '202', '204', '304'],
  ...['400', '401', '403', '404', '405', '408', '409', '413', '421', '425', '426', '429'],
  ...['500', '503'],
];

/** Numbers of three and more digits that are no bounds, by file, and what they are instead. All others belong into the limits.ts of their room. */
const numbersThatAreNoBounds: Readonly<Record<string, { readonly numbers: readonly string[]; readonly are: string }>> =
  {
    'cli/serve/help.ts': { numbers: ['500', '9100'], are: 'examples in a text' },
    'cli/config/setting-reader.ts': { numbers: ['500'], are: 'an example in a text' },
    'base/duration.ts': { numbers: ['1000n', '60_000n'], are: 'the milliseconds of units' },
    'core/draw.ts': { numbers: ['256'], are: 'the bits of a SHA-256' },
    'ledger/candidate.ts': { numbers: ['128'], are: 'the hex digits of a signature' },
    'ledger/parse-transaction.ts': { numbers: ['128'], are: 'the hex digits of a signature' },
    'core/keys.ts': { numbers: ['128'], are: 'the hex digits of a signature' },
    'core/timestamp.ts': { numbers: ['719_528', '86_400_000', '365', '400', '1000'], are: 'the Gregorian calendar' },
    'consensus/work/difficulty.ts': { numbers: ['256n'], are: 'the bits of a SHA-256' },
    'node/sync/peer-group.ts': { numbers: ['192', '169', '172'], are: 'the beginnings of private addresses' },
    'node/resumable-sessions.ts': { numbers: ['60_000'], are: 'the milliseconds of a minute' },
    'platform/wallet-file.ts': {
      numbers: ['128', '128'],
      are: 'the bytes of a block of scrypt, of which it takes N × r',
    },
    'platform/wallet-keys.ts': { numbers: ['2048'], are: 'the rounds that BIP-39 asks for' },
    'platform/system-clock.ts': { numbers: ['2_147_483_647'], are: 'what a timer of Node can wait at most' },
    'cli/serve/console/reporter.ts': { numbers: ['1000'], are: 'the milliseconds of a second' },
    'cli/serve/console/stats-text.ts': { numbers: ['1000', '1_000_000'], are: 'the bytes of a KB and a MB' },
    'cli/join/join-options.ts': {
      numbers: ['100n', '1000n'],
      are: 'what bots stake and propose when nobody says anything',
    },
    'cli/rpc-client.ts': { numbers: ['200', '401'], are: 'statuses of HTTP' },
    'cli/node-connection.ts': { numbers: ['401'], are: 'a status of HTTP' },
    'cli/wallet/wallet.ts': { numbers: ['0600', '256'], are: 'words of a text' },
    'cli/simulate/svg.ts': { numbers: ['620', '300', '400'], are: 'the measures of a picture' },
    'cli/simulate/report.ts': { numbers: ['100'], are: 'words of a text' },
    'cli/scenario/scenario.ts': { numbers: ['100'], are: 'words of a text' },
    'cli/show/genesis-text.ts': { numbers: ['256'], are: 'words of a text' },
    'cli/lab/tamper/tamper-report.ts': { numbers: ['256'], are: 'words of a text' },
    'http/admission.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/api-routes.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/event-route.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/guard.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/beacon-routes.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'cli/beacon/beacon.ts': { numbers: ['0600'], are: 'words of a text' },
    'http/block-answers.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/seat-answers.ts': { numbers: [...httpStatuses, '100'], are: 'statuses of HTTP, and words of a text' },
    'http/write-routes.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/seal-routes.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/ticket-routes.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'web/api-client.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/ledger-routes.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/page-routes.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/rpc-route.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/rpc/json-rpc.ts': {
      numbers: ['32_700', '32_600', '32_601', '32_602', '32_603', '32_001', '32_002', '32_003', '32_004'],
      are: 'the error codes of JSON-RPC',
    },
    'http/rpc/chain-methods.ts': { numbers: ['100'], are: 'how many validators are listed when nothing is said' },
    'http/play-route.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/responder.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/routes.ts': { numbers: httpStatuses, are: 'statuses of HTTP' },
    'http/metrics.ts': { numbers: ['100'], are: 'a percentile' },
    'http/api/ticket-bar.ts': { numbers: ['256'], are: 'the values of a byte' },
    'core/portable-ed25519.ts': { numbers: ['256n'], are: 'the values of a byte' },
    'web/draw-sound.ts': { numbers: ['440', '660', '880'], are: 'the pitches of tones, in hertz' },
    'web/fairness-plot.ts': { numbers: ['100', '100'], are: 'the measures of a drawing' },
    'web/fairness-page.ts': { numbers: ['192'], are: 'the width of a drawing' },
    'web/chart-frame.ts': { numbers: ['280', '240'], are: 'the measures of a chart' },
    'web/difficulty-chart.ts': { numbers: ['100'], are: 'a step of an axis' },
    'web/wins-chart.ts': {
      numbers: ['100', '200', '500', '1000', '5000', '10_000'],
      are: 'the steps of an axis',
    },
    'web/work-text.ts': {
      numbers: ['1000', '60_000', '3_600_000', '86_400_000', '31_557_600_000'],
      are: 'units of time in milliseconds',
    },
    'web/colours.ts': {
      numbers: ['65_536', '360'],
      are: 'the values of four hex digits; the degrees of a circle',
    },
    'base/statistics/chi-square.ts': {
      numbers: ['676', '1259', '771', '176'],
      are: "coefficients of Lanczos' approximation",
    },
    'base/statistics/streak-chance.ts': { numbers: ['1000'], are: 'the rounds after which an approximation is good' },
  };

/** Numbers of three and more digits in code, but for powers of ten beside a multiplication or division: these convert units. */
function findNumbers({ path, text }: SourceFile): readonly string[] {
  const isElsewhere =
    path.endsWith('/limits.ts') ||
    // Models of flawed lotteries, whose numbers are the story that they tell.
    path.startsWith('cli/lab/attacks/') ||
    // How much a page shows and for how long, each with its reason.
    path === 'web/ui-constants.ts';
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

  it('keeps the folder of each command to itself', () => {
    expect(source.flatMap(findImportsOfOtherCommands)).toEqual([]);
  });

  it('asks nobody but the ports for time, dice, or anything of the process, in its middle', () => {
    expect(source.flatMap(findBannedWords)).toEqual([]);
  });

  it('loads the pairing of beacons in one place, and only when that is called', () => {
    const importersOf = (name: string): readonly string[] =>
      source.filter((file) => importsOf(file).includes(name)).map(({ path }) => path);
    expect(importersOf('@noble/curves/bls12-381.js')).toEqual(['core/drand-signature.ts', 'core/drand-signer.ts']);
    expect(importersOf('core/drand-signature.ts')).toEqual(['core/drand-signer.ts', 'core/load-beacon-verifier.ts']);
    // A beacon signs, and has loaded nothing of a lottery.
    expect(importersOf('core/drand-signer.ts')).toEqual(['cli/beacon/beacon.ts']);
    const loader = source.find(({ path }) => path === 'core/load-beacon-verifier.ts')?.text;
    expect(loader).toContain("await import('./drand-signature.ts')");
    expect(loader).not.toMatch(/^import [^;]*drand-signature/m);
  });

  it('loads the library of peers in one room, and that only when a server or a wallet is asked to have peers', () => {
    const isOfPeers = (imported: string): boolean => /^(?:libp2p|@libp2p\/.*|@multiformats\/.*)$/.test(imported);
    const rooms = source.filter((file) => importsOf(file).some(isOfPeers)).map(({ path }) => roomOf(path));
    expect([...new Set(rooms)]).toEqual(['p2p']);
    const importing = (name: string): readonly string[] =>
      source.filter((file) => importsOf(file).includes(name)).map(({ path }) => path);
    expect(importing('p2p/libp2p-network.ts')).toEqual(['cli/serve/peer-side.ts', 'cli/wallet/followed-chain.ts']);
    for (const { path, text } of source)
      if (path.startsWith('cli/')) expect(text, path).not.toMatch(/^import [^;]*libp2p-network/m);
    const server = source.find(({ path }) => path === 'cli/serve/server.ts')?.text;
    expect(server).not.toMatch(/^import (?!type)[^;]*(?:peer-side|follower|seat-server|relayed-connection)\.ts/m);
  });

  it('starts threads that sign only where many blocks come together', () => {
    const importers = source.filter((file) => importsOf(file).includes('platform/signing-threads.ts'));
    expect(importers.map(({ path }) => path)).toEqual(['platform/group-signer.ts']);
    expect(importers[0]?.text).not.toMatch(/^import (?!type)[^;]*signing-threads/m);
  });

  it('has its bounds in the limits.ts of each room, each with its reason', () => {
    expect(source.flatMap(findNumbers)).toEqual([]);
  });

  it('does not silence the compiler, keeps no state in modules, and leaves nothing to do', () => {
    expect(source.flatMap(findLooseTypes)).toEqual([]);
  });
});

describe('the tests of units', () => {
  it('start no process: vitest.config.ts names those that do, and no others', () => {
    const folder = new URL('./', import.meta.url);
    const config = readFileSync(new URL('../vitest.config.ts', folder), 'utf8');
    const starts =
      /from '(?:[^']*\b(?:run-verb|verb-process|server-process|page-server|etcd-process|watched-process|python-process|enclosure)\.ts|node:child_process)'/;
    const starters = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.test.ts') && !path.startsWith('e2e/'))
      .filter((path) => starts.test(readFileSync(new URL(path, folder), 'utf8')));
    const named = [...config.matchAll(/'test\/(?!e2e\/)([^'*]+\.test\.ts)'/g)].map(([, path]) => path);
    expect(named.sort()).toEqual(starters.sort());
  });
});

describe('the checks themselves', () => {
  it.each(['const max = 4096;', 'f(1000);', 'const big = 1_000_000n;', 'if (count > 100) return;', 'x = 400 * y;'])(
    'find the bound in %s',
    (text) => {
      expect(findNumbers({ path: 'tcp/a.ts', text })).toHaveLength(1);
      expect(findNumbers({ path: 'tcp/limits.ts', text })).toEqual([]);
    },
  );

  it.each(['s = ms / 1000;', 'p = 100 * share;', 'x = (a * 1_000_000n) / b;', "f('1234');", '// 1234', 'x = 64;'])(
    'find no bound in %s',
    (text) => {
      expect(findNumbers({ path: 'tcp/a.ts', text })).toEqual([]);
    },
  );

  it.each([
    ['core/a.ts', "import { x } from '../node/membership.ts';"],
    ['core/a.ts', "import fs from 'node:fs';"],
    ['core/a.ts', "import { hash } from 'node:crypto';"],
    ['library/a.ts', "import { x } from '../node/chain.ts';"],
    ['library/a.ts', "import fs from 'node:fs';"],
    ['node/a.ts', "import {\n  x,\n} from '../tcp/send-buffer.ts';"],
    ['tcp/a.ts', "export { x } from '../http/routes.ts';"],
    ['consensus/a.ts', "import type { Chain } from '../node/chain.ts';"],
    ['storage/a.ts', "import '../tcp/send-buffer.ts';"],
    ['storage/a.ts', "import { x } from '../platform/system-clock.ts';"],
    ['web/a.ts', "const x = await import('../http/routes.ts');"],
    ['http/api/a.ts', "import { limits } from '../limits.ts';"],
    ['main.ts', "import { x } from './tcp/send-buffer.ts';"],
    ['main.ts', "const x = await import('./node/chain.ts');"],
    ['elsewhere/a.ts', ''],
  ])('find a forbidden import in %s', (path, text) => {
    expect(findForbiddenImports({ path, text })).toHaveLength(1);
  });

  it.each([
    ['main.ts', "import { x } from './cli/cli.ts';"],
    ['core/hash.ts', "import { hash } from '#sha256';"],
    ['core/native-sha256.ts', "export { hash } from 'node:crypto';"],
    ['tcp/a.ts', "import { createServer } from 'node:net';\nimport { x } from '../node/ports.ts';"],
    ['web/a.ts', "import type { Status } from '../http/api/types.ts';"],
  ])('let a good import in %s pass', (path, text) => {
    expect(findForbiddenImports({ path, text })).toEqual([]);
  });

  it.each([
    ['cli/verify/a.ts', "import { x } from '../serve/limits.ts';"],
    ['cli/config/a.ts', "import { x } from '../doctor/facts.ts';"],
    ['cli/options.ts', "import { x } from './show/show.ts';"],
  ])('find an import of another command in %s', (path, text) => {
    expect(findImportsOfOtherCommands({ path, text })).toHaveLength(1);
  });

  it.each([
    ['cli/verify/a.ts', "import { x } from '../chain/verification.ts';\nimport { y } from './b.ts';"],
    ['cli/lab/attacks/a.ts', "import { x } from '../../simulate/simulation.ts';"],
    ['cli/cli.ts', "import { x } from './show/show.ts';"],
  ])('let the imports of a command in %s pass', (path, text) => {
    expect(findImportsOfOtherCommands({ path, text })).toEqual([]);
  });

  it.each(['new Date();', 'setTimeout(f, 1);', 'x = process.env;', 'Math.random()'])(
    'find the banned words of %s',
    (text) => {
      expect(findBannedWords({ path: 'node/a.ts', text })).toHaveLength(1);
      expect(findBannedWords({ path: 'platform/a.ts', text })).toEqual([]);
      expect(findBannedWords({ path: 'node/a.ts', text: `/** ${text} */\nf('${text}');` })).toEqual([]);
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
