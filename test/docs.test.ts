import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verbs } from '../src/cli/cli.ts';
import { flagOf, settings } from '../src/cli/config/setting.ts';
import { attacks } from '../src/cli/lab/attacks/attacks.ts';
import { findFault } from '../src/consensus/verifier.ts';
import { nativeVerifier } from '../src/platform/ed25519.ts';
import { closeReasons } from '../src/tcp/close-reason.ts';
import * as operatorText from '../src/tcp/operator-text.ts';
import * as refusalText from '../src/tcp/refusal-text.ts';
import * as roundText from '../src/tcp/round-text.ts';
import * as rulesText from '../src/tcp/rules-text.ts';
import * as seatText from '../src/tcp/seat-text.ts';
import * as slashingText from '../src/tcp/slashing-text.ts';

interface Document {
  /** Its path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

const root = new URL('../', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

function document(path: string): Document {
  return { path, text: read(path) };
}

const readme = document('README.md');
const operations = document('docs/operations.md');
const protocol = document('docs/protocol.md');
const tools = document('docs/tools.md');
const benchmarks = document('docs/benchmarks.md');
const documents: readonly Document[] = [
  readme,
  document('CONTRIBUTING.md'),
  document('CHANGELOG.md'),
  ...readdirSync(new URL('docs/', root)).map((name) => document(`docs/${name}`)),
];

/** What a pattern's first group finds in all documents, each with where it was found. */
function findAll(pattern: RegExp): readonly { readonly path: string; readonly found: string }[] {
  return documents.flatMap(({ path, text }) => [...text.matchAll(pattern)].map(([, found = '']) => ({ path, found })));
}

/** The cells of the rows of a document's table below a heading. */
function tableBelow({ text }: Document, heading: string): readonly (readonly string[])[] {
  const section = text.split(`\n${heading}\n`)[1]?.split(/\n##+ /)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The name by which a link leads to a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

describe('the documents', () => {
  it('link to files and headings that exist', () => {
    const broken = findAll(/\]\(([^)\s]+)\)/g).filter(({ path, found }) => {
      if (/^https?:/.test(found)) return false;
      const [file = '', anchor] = found.split('#');
      const target = file === '' ? path : posix.join(posix.dirname(path), file);
      if (!existsSync(new URL(target, root))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('name files and folders that exist', () => {
    const named = findAll(/(?<![\w/.-])((?:src|test|docs|public|assets)\/[\w./-]*\w\/?)/g);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(({ found }) => !existsSync(new URL(found, root)))).toEqual([]);
    const drawn = findAll(/(?<= )((?:tcp|node|core|consensus|storage|http|cli)\/[\w/-]+\.ts)/g);
    expect(drawn.length).toBeGreaterThan(20);
    expect(drawn.filter(({ found }) => !existsSync(new URL(`src/${found}`, root)))).toEqual([]);
  });

  it('name functions and classes in files that have them', () => {
    const pairs = documents.flatMap(({ text }) =>
      [...text.matchAll(/`(src\/[\w./-]+\.ts)`: ((?:`#?\w+`(?:, | and )?)+)/g)].flatMap(([, path = '', names = '']) =>
        [...names.matchAll(/`(#?\w+)`/g)].map(([, name = '']) => ({ path, name })),
      ),
    );
    expect(pairs.length).toBeGreaterThan(12);
    expect(pairs.filter(({ path, name }) => !new RegExp(`(?<!\\w)${name}\\b`).test(read(path)))).toEqual([]);
  });

  it('name verbs that exist, with options that their help has', async () => {
    const helps = new Map<string, string>();
    for (const { name, load } of verbs) helps.set(name, (await load()).help);
    const lines = findAll(/node dist\/main\.js ([^\n`|;&>#]*)/g);
    expect(lines.length).toBeGreaterThan(20);
    const wrong = lines.filter(({ found }) => {
      const [verb = '', ...rest] = found.trim().split(/\s+/);
      if (verb === 'VERB' || verb === 'help' || verb === '') return false;
      const help = helps.get(verb.replace(/[,.:)]+$/, ''));
      if (help === undefined) return true;
      const flags = rest.filter((word) => word.startsWith('--')).map((flag) => flag.replace(/[,.:)]+$/, ''));
      const known = `${help} --data-dir ${settings.map(({ name }) => `--${flagOf(name)}`).join(' ')}`;
      return flags.some((flag) => !known.includes(flag));
    });
    expect(wrong).toEqual([]);
  });

  it('name scripts of npm and settings of the server that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const wrongScripts = findAll(/npm run (?:-s )?([\w:]+)/g).filter(({ found }) => !(found in scripts));
    expect(wrongScripts).toEqual([]);
    const flags = [...settings.map(({ name }) => flagOf(name)), 'help', 'print-config', 'version'];
    const wrongFlags = findAll(/npm start -- ([^\n`]*)/g).flatMap(({ found }) =>
      [...found.matchAll(/--([\w-]+)/g)].map(([, flag = '']) => flag).filter((flag) => !flags.includes(flag)),
    );
    expect(wrongFlags).toEqual([]);
    const environment = ['TEST_EFFORT', 'SIM_SEED', 'CHROMIUM', 'UPDATE_TRANSCRIPTS'];
    const names = [...settings.map(({ name }) => name), ...environment];
    const wrongNames = findAll(/`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g).filter(({ found }) => !names.includes(found));
    expect(wrongNames).toEqual([]);
  });

  it('name endpoints that the API describes', () => {
    const { paths }: { paths: Record<string, unknown> } = JSON.parse(read('public/openapi.json'));
    const known = Object.keys(paths).map((path) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`));
    const named = findAll(/(?<![\w.])(\/(?:api\/[\w./<>]*[\w>]|healthz|metrics))/g);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ found }) => !known.some((path) => path.test(found)))).toEqual([]);
  });

  it('name metrics that there are, and all of them', () => {
    const metrics = [...read('src/http/metrics.ts').matchAll(/'(sortition_\w+)'/g)].map(([, name]) => name);
    const named = findAll(/(?<!\w)(sortition_\w+)/g).map(({ found }) => found);
    expect([...new Set(named)].sort()).toEqual([...new Set(metrics)].sort());
  });
});

describe('the README', () => {
  it('stays short', () => {
    expect(readme.text.split('\n').length).toBeLessThanOrEqual(220);
  });

  it('has every verb in its table, in the words of the help', () => {
    const expected = verbs.map(({ name, summary }) => [`\`${name}\``, summary]);
    expect(tableBelow(readme, '## The commands')).toEqual(expected);
  });

  it('leads to every document', () => {
    const links = tableBelow(readme, '## Where to read on').map(([link = '']) => /\]\((.*)\)/.exec(link)?.[1]);
    expect(links.sort()).toEqual(
      documents
        .map(({ path }) => path)
        .filter((path) => path !== 'README.md')
        .sort(),
    );
  });
});

describe('the page about operations', () => {
  it('has every setting in its table, with its default', () => {
    const rows = tableBelow(operations, '## Settings');
    const names = rows.flatMap(([cell = '', initial = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name], place) => [name, initial.replaceAll('`', '').split(', ')[place]]),
    );
    const expected = settings.map(({ name, initial }) => [name, initial]);
    expect([...names].sort()).toEqual([...expected].sort());
  });

  it('has every way in which a connection ends', () => {
    const rows = tableBelow(operations, '## How connections end');
    const named = rows.flatMap(([cell = '']) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
    expect(named.sort()).toEqual([...closeReasons].sort());
  });

  it('has only commands that the console knows', () => {
    const operator = read('src/cli/serve/console/operator.ts');
    const rows = tableBelow(operations, '## The console');
    expect(rows.length).toBeGreaterThan(8);
    for (const [cell = ''] of rows) expect(operator).toContain(`'${/`(\w+)/.exec(cell)?.[1]}'`);
  });
});

describe('the page about the tools', () => {
  it('gives a forgery that changes block 1 of any chain with a draw', () => {
    const [, nth] = /\$ sed 's\/"BPM":\/"BPM":9\/(\d)' chain\.txt > changed\.txt/.exec(tools.text) ?? [];
    const { chain }: { chain: readonly unknown[] } = JSON.parse(read('test/fixtures/chain-example.json'));
    let place = 0;
    const changed = JSON.stringify(chain).replaceAll('"BPM":', (key) => (++place === Number(nth) ? `${key}9` : key));
    expect(findFault(JSON.parse(changed), nativeVerifier())).toMatchObject({ index: 1, rule: 'hash' });
  });

  it('lists every attack of the lab', () => {
    for (const { name, title } of attacks) {
      expect(tools.text).toMatch(new RegExp(`^ +${name} +${title.replaceAll('?', '\\?')}$`, 'm'));
    }
  });
});

describe('the page about benchmarks', () => {
  it('names every group', () => {
    const [, list = ''] = /const groups[^=]*= \[([^\]]*)\]/.exec(read('test/bench/main.ts')) ?? [];
    const groups = list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    expect(groups.length).toBeGreaterThan(5);
    for (const name of groups) expect(benchmarks.text).toContain(`\`${name}\``);
  });
});

describe('the page about the protocol', () => {
  const invalidBpm = { text: '72.5', problem: 'not a number', max: 2_147_483_647 } as const;
  const invalidBalance = { text: 'ten', problem: 'not a number', max: 1000n } as const;

  it.each([
    operatorText.drawsArePaused(),
    operatorText.drawsAreResumed(30_000),
    operatorText.drawIsLate(1),
    operatorText.diskIsFull(),
    operatorText.operatorSays('We begin in five minutes'),
    operatorText.serverStops(0, 0),
    operatorText.diskRefused(),
    operatorText.chainIsGone(),
    seatText.notABalance(invalidBalance, false),
    seatText.unknownCode('rejoin ABCD', false),
    seatText.tooManyCodes(false),
    seatText.sessionTakenOver(),
    slashingText.slashed({ kind: 'slashed', invalid: invalidBpm, stake: 100n, stored: undefined }),
    slashingText.tainted({ kind: 'strike', invalid: invalidBpm, stake: 100n, strikesLeft: 1, stored: undefined }),
    roundText.roundIsFull(72),
    refusalText.editingKeys('\x1b[A'),
    refusalText.tooLong(),
    refusalText.readsTooSlowly(),
    refusalText.serverIsFull(10_000),
    refusalText.addressIsFull(1000),
    refusalText.evicted(),
    operatorText.kicked(false),
    refusalText.faultOfOurs(),
    seatText.goodbye(false, 0),
    refusalText.forForeignProtocol('tls', '192.0.2.1', 9000, undefined),
    operatorText.searchIsPaused(),
    operatorText.searchIsResumed(),
    operatorText.blocksWait(),
    slashingText.slashed({ kind: 'slashed', invalid: invalidBpm, stake: 0n, stored: undefined }, 'work'),
    operatorText.kicked(false, 'work'),
  ])('has %j', (line) => {
    expect(protocol.text).toContain(`\`${line.trim()}\``);
  });

  it('has what is added to these lines', () => {
    const [stops, tells] = [operatorText.serverStops(0, 0), seatText.goodbye(false, 0)];
    const last = seatText.notABalance(invalidBalance, true);
    const additions = [
      operatorText.serverStops(1, 0).slice(stops.trimEnd().length),
      operatorText.serverStops(0, 120_000).slice(stops.trimEnd().length),
      operatorText.serverStops(0, 0, 'lottery', 1).slice(stops.trimEnd().length),
      seatText.goodbye(true, 0).slice(tells.trimEnd().length),
      operatorText.serverStops(1, 0, 'work').slice(stops.trimEnd().length),
      seatText.goodbye(true, 0, 'work').slice(tells.trimEnd().length),
      seatText.goodbye(false, 120_000).slice(tells.trimEnd().length),
      operatorText.kicked(true).slice(operatorText.kicked(false).trimEnd().length),
      last.slice(seatText.notABalance(invalidBalance, false).trimEnd().length),
    ];
    for (const addition of additions) expect(protocol.text).toContain(`\`${addition.trimEnd()}\``);
  });

  it('has the rules that help says', () => {
    const rules = rulesText.rules({ stakeMax: 1000n, slashAfter: 1, rejoinGraceMs: 0 });
    expect(protocol.text.replaceAll(/^ {4}/gm, '')).toContain(rules);
  });
});
