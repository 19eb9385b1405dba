import { availableParallelism } from 'node:os';
import { parse as parseDotenv } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeForDisplay } from '../../../src/base/escape-for-display.ts';
import { UsageError } from '../../../src/cli/command-error.ts';
import {
  type Config,
  type ConfigResult,
  type ConfigSources,
  readConfig,
  takesChainOfPeers,
} from '../../../src/cli/config/config.ts';
import { flagOf, settings } from '../../../src/cli/config/setting.ts';
import { serveHelp } from '../../../src/cli/serve/help.ts';
import { limits } from '../../../src/consensus/lottery/limits.ts';
import { anyText } from '../../any-text.ts';

function read(sources: Partial<ConfigSources>): ConfigResult {
  return readConfig({ args: [], environment: {}, envFile: undefined, version: '1.2.3', ...sources });
}

function configOf(sources: Partial<ConfigSources>): Config {
  const command = read(sources);
  if (command.kind !== 'serve') throw new Error(JSON.stringify(command));
  return command.config;
}

/** What is wrong with a value, or with the words themselves. */
function complaintOf(sources: Partial<ConfigSources>): string {
  try {
    const command = read(sources);
    return command.kind === 'wrong' ? command.why : `accepted: ${command.kind}`;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
}

function printed(args: readonly string[], sources: Partial<ConfigSources> = {}): string {
  const command = read({ args, ...sources });
  return command.kind === 'print' ? command.text : JSON.stringify(command);
}

/** Name, smallest and largest accepted value of every setting that is a number. */
const numbers: readonly (readonly [string, bigint, bigint])[] = [
  ['PORT', 0n, 65_535n],
  ['LOTTERY_INTERVAL_MS', 10n, 86_400_000n],
  ['CHAIN_BROADCAST_INTERVAL_MS', 10n, 86_400_000n],
  ['MAX_STAKE', 1n, limits.stakeCeiling],
  ['SLASH_AFTER', 1n, 1_000_000n],
  ['MAX_LINES_PER_SECOND', 0n, 1_000_000n],
  ['MAX_CONNECTIONS', 1n, 1_000_000n],
  ['MAX_CONNECTIONS_PER_ADDRESS', 0n, 1_000_000n],
  ['DASHBOARD_PORT', 0n, 65_535n],
  ['FAUCET_GRANT', 1n, 1_000_000_000_000_000n],
  ['REWARD', 1n, 1_000_000_000_000_000n],
  ['DIFFICULTY', 1n, 10n ** 77n - 1n],
  ['WORK_INTERVAL_MS', 10n, 86_400_000n],
];

describe('the settings', () => {
  it('have the defaults of the specification when nobody says anything', () => {
    expect(configOf({})).toEqual({
      port: 9000,
      host: 'localhost',
      lotteryIntervalMs: 30_000,
      chainBroadcastIntervalMs: 60_000,
      dataDir: 'data',
      maxStake: 1_000_000_000_000_000n,
      slashAfter: 1,
      maxLinesPerSecond: 100,
      maxConnections: 10_000,
      maxConnectionsPerAddress: 1000,
      consensus: undefined,
      difficulty: 1_048_576n,
      workIntervalMs: 10_000,
      ledger: undefined,
      dev: undefined,
      verifyAll: false,
      chainTail: 0,
      seed: undefined,
      faucetGrant: 1000n,
      reward: undefined,
      mine: 'waiting',
      miners: Math.max(1, availableParallelism() - 1),
      dashboardPort: 9001,
      rejoinGraceMs: 0,
      peerPort: undefined,
      peers: [],
      chainId: undefined,
      mdns: false,
      beacons: [],
    });
  });

  it('cannot be changed once they are read', () => {
    expect(Object.isFrozen(configOf({}))).toBe(true);
  });

  it('come from the command line, else the environment, else .env', () => {
    const envFile = 'PORT=1001\nSLASH_AFTER=2\nHOST=::1\n';
    const environment = { PORT: '1002', SLASH_AFTER: '3' };
    expect(configOf({ envFile })).toMatchObject({ port: 1001, slashAfter: 2, host: '::1' });
    expect(configOf({ envFile, environment })).toMatchObject({ port: 1002, slashAfter: 3, host: '::1' });
    expect(configOf({ envFile, environment, args: ['--port', '1003'] })).toMatchObject({ port: 1003, slashAfter: 3 });
  });

  it('may be flags with a space or an equals sign, and the last flag of a name counts', () => {
    expect(configOf({ args: ['--port', '1', '--port=2'] }).port).toBe(2);
    expect(configOf({ args: ['--data-dir', 'a b'] }).dataDir).toBe('a b');
  });

  it('are not set by an empty variable, but an empty flag is a slip', () => {
    expect(configOf({ environment: { PORT: '' }, envFile: 'PORT=\n' }).port).toBe(9000);
    expect(complaintOf({ args: ['--port='] })).toBe('--port needs a value, for example --port 9000');
  });

  it('are not set by what another program means with the same name in the environment', () => {
    expect(configOf({ environment: { DEV: '1' } }).dev).toBe(configOf({}).dev);
    expect(configOf({ environment: { DEV: 'true' } }).dev).toBe(true);
    expect(complaintOf({ args: ['--dev=1'] })).toContain('--dev 1');
    expect(complaintOf({ envFile: 'DEV=1' })).toContain('DEV=1 in .env is wrong');
  });

  it('may have spaces around them', () => {
    expect(configOf({ environment: { PORT: ' 9100 ' } }).port).toBe(9100);
  });
});

describe.each(numbers)('%s', (name, min, max) => {
  it(`is accepted at ${min} and at ${max}, and refused just outside`, () => {
    for (const value of [min, max]) expect(read({ environment: { [name]: String(value) } }).kind).toBe('serve');
    for (const value of [min - 1n, max + 1n]) {
      expect(complaintOf({ environment: { [name]: String(value) } })).toContain(
        `${name}=${escapeForDisplay(String(value))} in the environment is wrong: it must be`,
      );
    }
  });

  it.each(['1e3', '0x10', '1.5', '-1', '+1', '1_000', 'many', '１２'])('is not "%s"', (value) => {
    expect(complaintOf({ environment: { [name]: value } })).toContain(`${name}=`);
  });
});

describe('a duration', () => {
  it.each(['LOTTERY_INTERVAL_MS', 'CHAIN_BROADCAST_INTERVAL_MS', 'WORK_INTERVAL_MS', 'REJOIN_GRACE_MS'])(
    'is read alike for %s',
    (name) => {
      const field = name.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      for (const [text, ms] of [
        ['5s', 5000],
        ['2m', 120_000],
        ['500ms', 500],
        ['700', 700],
      ] as const) {
        for (const sources of [
          { args: [`--${flagOf(name)}`, text] },
          { environment: { [name]: text } },
          { envFile: `${name}=${text}\n` },
        ]) {
          expect(configOf(sources)).toMatchObject({ [field]: ms });
        }
      }
      for (const text of ['1.5s', '5 s', '2d', '1441m', 's']) {
        expect(complaintOf({ args: [`--${flagOf(name)}`, text] })).toMatch(/such as 5s, 2m or 500ms, for example --/);
      }
    },
  );
});

describe('HOST', () => {
  it.each(['localhost', '127.0.0.1', '0.0.0.0', '::1', '::', '192.168.1.7'])('may be %s', (host) => {
    expect(configOf({ environment: { HOST: host } }).host).toBe(host);
  });

  it.each(['example.org', '1.2.3', 'localhost:9000', '*'])('may not be %s', (host) => {
    expect(complaintOf({ environment: { HOST: host } })).toMatch(
      /^HOST=.* in the environment is wrong: it must be localhost or an IP address/,
    );
  });
});

describe('REJOIN_GRACE_MS', () => {
  it.each([
    ['localhost', 0],
    ['127.0.0.1', 0],
    ['::1', 0],
    ['0.0.0.0', 120_000],
    ['192.168.1.7', 120_000],
  ])('is, where nobody sets it, for HOST=%s %i', (host, rejoinGraceMs) => {
    expect(configOf({ environment: { HOST: host } }).rejoinGraceMs).toBe(rejoinGraceMs);
  });

  it('is what somebody sets, and refused just outside', () => {
    for (const value of [0, 86_400_000]) {
      expect(configOf({ environment: { REJOIN_GRACE_MS: String(value) } }).rejoinGraceMs).toBe(value);
    }
    for (const value of ['86400001', '-1', 'Auto']) {
      expect(complaintOf({ environment: { REJOIN_GRACE_MS: value } })).toContain(
        `REJOIN_GRACE_MS=${value} in the environment is wrong: it must be auto, or a time from 0 to 86400000 ms, such as 5s`,
      );
    }
  });
});

describe('CONSENSUS', () => {
  it.each(['lottery', 'work', 'instant'])('may be %s', (consensus) => {
    expect(configOf({ args: ['--consensus', consensus] }).consensus).toBe(consensus);
    expect(configOf({ envFile: `CONSENSUS=${consensus}` }).consensus).toBe(consensus);
  });

  it('is no other word', () => {
    expect(complaintOf({ args: ['--consensus', 'stake'] })).toBe(
      '--consensus stake is wrong: it must be lottery, work or instant, for example --consensus lottery',
    );
  });
});

describe('LEDGER', () => {
  it('is said by its name alone on the command line, or as true or false', () => {
    expect(configOf({}).ledger).toBeUndefined();
    expect(configOf({ args: ['--ledger', '--port', '1'] })).toMatchObject({ ledger: true, port: 1 });
    expect(configOf({ args: ['--ledger=false'] }).ledger).toBe(false);
    expect(configOf({ environment: { LEDGER: 'true' } }).ledger).toBe(true);
  });

  it('is no other word', () => {
    expect(complaintOf({ args: ['--ledger=yes'] })).toBe(
      '--ledger yes is wrong: it must be false or true, for example --ledger false',
    );
  });
});

describe('MINE', () => {
  it.each(['waiting', 'always'])('may be %s', (mine) => {
    expect(configOf({ args: ['--mine', mine] }).mine).toBe(mine);
  });

  it.each(['never', 'Always', '1'])('may not be %s', (mine) => {
    expect(complaintOf({ args: ['--mine', mine] })).toBe(
      `--mine ${mine} is wrong: it must be waiting or always, for example --mine waiting`,
    );
  });
});

describe('MINERS', () => {
  it('are so many, or all cores but one, and refused just outside', () => {
    for (const count of [1, 2, 1024]) expect(configOf({ args: ['--miners', String(count)] }).miners).toBe(count);
    expect(configOf({ args: ['--miners', 'auto'] }).miners).toBe(configOf({}).miners);
    for (const count of ['0', '1025', '-1', 'Auto', '1.5']) {
      expect(complaintOf({ args: ['--miners', count] })).toBe(
        `--miners ${count} is wrong: it must be auto, or a whole number from 1 to 1024, for example --miners 2`,
      );
    }
  });
});

describe('a complaint', () => {
  it('says what came, what is accepted, and gives an example', () => {
    expect(complaintOf({ args: ['--port', '70000'] })).toBe(
      '--port 70000 is wrong: it must be a whole number from 0 to 65535, for example --port 9000',
    );
    expect(complaintOf({ args: ['--data-dir', ' '] })).toBe(
      '--data-dir "" is wrong: it must be the path of a directory, for example --data-dir data',
    );
  });

  it('names the setting as it was typed, wherever that was', () => {
    const why = 'is wrong: it must be a whole number from 0 to 65535, for example';
    expect(complaintOf({ args: ['--port=abc'], envFile: 'PORT=1' })).toBe(`--port abc ${why} --port 9000`);
    expect(complaintOf({ environment: { PORT: 'abc' } })).toBe(`PORT=abc in the environment ${why} PORT=9000`);
    expect(complaintOf({ envFile: 'PORT=abc\n' })).toBe(`PORT=abc in .env ${why} PORT=9000`);
    expect(complaintOf({ args: ['--port', '\u001b[2J'] })).toContain('--port \\x1b[2J is wrong');
  });

  it('is about a word, an unknown option or a missing value where that is the slip', () => {
    expect(complaintOf({ args: ['9000'] })).toContain('"9000" is not understood: settings are given like --port 9000');
    expect(complaintOf({ args: ['--prot', '9000'] })).toContain('there is no option --prot');
    expect(complaintOf({ args: ['-p'] })).toContain('there is no option -p');
    expect(complaintOf({ args: ['--port'] })).toContain('--port needs a value, for example --port 9000');
  });

  it('is one printable line whatever was given', () => {
    const wrong = fc.oneof(
      fc.record({ args: fc.array(anyText(), { minLength: 1, maxLength: 3 }) }),
      fc.record({ environment: fc.record({ HOST: anyText({ minLength: 1 }) }) }),
    );
    fc.assert(
      fc.property(wrong, (sources) => {
        expect(complaintOf(sources)).toMatch(/^[ -~]+$/);
      }),
    );
  });
});

describe('the settings of peers', () => {
  const line = '/ip4/192.0.2.1/tcp/9002/p2p/12D3KooWFAwAkAfJaEG4jw8c2VpBzta8LK6rwYskk1MXWS2Yxg7K';

  it('take PEER_PORT from 0 to 65535, and none', () => {
    expect(configOf({ args: ['--peer-port', '0'] }).peerPort).toBe(0);
    expect(configOf({ args: ['--peer-port', '65535'] }).peerPort).toBe(65_535);
    expect(configOf({ args: ['--peer-port', 'none'] }).peerPort).toBeUndefined();
    expect(complaintOf({ args: ['--peer-port', '65536'] })).toBe(
      '--peer-port 65536 is wrong: it must be none, or a whole number from 0 to 65535, for example --peer-port 9002',
    );
  });

  it('take MDNS, with which a new chain comes from the local network where CHAIN says which', () => {
    expect(configOf({ args: [] }).mdns).toBe(false);
    expect(configOf({ args: ['--mdns'] }).mdns).toBe(true);
    const chain = 'a1'.repeat(32);
    expect(takesChainOfPeers(configOf({ args: ['--mdns', '--chain', chain] }))).toBe(true);
    expect(takesChainOfPeers(configOf({ args: ['--mdns'] }))).toBe(false);
    expect(takesChainOfPeers(configOf({ args: ['--chain', chain] }))).toBe(false);
    expect(takesChainOfPeers(configOf({ args: ['--peer', line] }))).toBe(true);
  });

  it('take several peers with commas and with several flags', () => {
    const args = ['--peer', `${line}, localhost:9002`, '--peer', '[::1]:9003', '--peer=192.0.2.7:9004'];
    expect(configOf({ args }).peers).toEqual([
      line,
      '/dns/localhost/tcp/9002',
      '/ip6/::1/tcp/9003',
      '/ip4/192.0.2.7/tcp/9004',
    ]);
    expect(configOf({ envFile: `PEER=${line}\n` }).peers).toEqual([line]);
  });

  it.each(['9002', 'localhost', 'localhost:0', 'localhost:65536', '/ip4/1.2.3.4', `${line}/p2p-circuit`, '\x1b[2J:1'])(
    'refuse %j as a peer',
    (text) => {
      expect(complaintOf({ args: ['--peer', text] })).toMatch(
        /^--peer .* is wrong: it must be the line that another node prints for --peer, or HOST:PORT, for example --peer localhost:9002$/,
      );
    },
  );

  it('take a ChainId as 64 hex digits', () => {
    expect(configOf({ args: ['--chain', 'ab'.repeat(32)] }).chainId).toBe('ab'.repeat(32));
    expect(complaintOf({ args: ['--chain', 'ab'.repeat(31)] })).toContain('none, or 64 lower-case hex digits');
  });

  it('keep seats on localhost, too, where other nodes connect', () => {
    expect(configOf({ args: ['--peer-port', '9002'] }).rejoinGraceMs).toBe(120_000);
  });
});

describe('the setting of beacons', () => {
  it('takes drand and addresses, with commas and with several flags, each once', () => {
    const args = ['--beacon', 'drand, http://localhost:9003/', '--beacon=https://a.example/b', '--beacon', 'drand'];
    expect(configOf({ args }).beacons).toEqual(['drand', 'http://localhost:9003', 'https://a.example/b']);
    expect(configOf({ envFile: 'BEACON=drand\n' }).beacons).toEqual(['drand']);
    expect(configOf({ environment: { BEACON: 'none' } }).beacons).toEqual([]);
  });

  it.each([
    'localhost:9003',
    'ftp://a.example',
    'http://',
    'http://a.example/?b',
    'http://a:b@c.example',
    'drand,',
    '\x1b[2J',
  ])('refuses %j', (text) => {
    expect(complaintOf({ args: ['--beacon', text] })).toMatch(
      /^--beacon .* is wrong: it must be none, drand, or the address of a beacon, for example --beacon http:\/\/localhost:9003$/,
    );
  });
});

describe('what can be asked instead of serving', () => {
  it('--version answers even when a setting is wrong', () => {
    expect(printed(['--version', '--port', 'x'])).toBe('sortition 1.2.3\n');
  });

  it('--print-config shows where each value comes from, as a file that .env may be', () => {
    const args = ['--print-config', '--port', '9100'];
    const text = printed(args, { environment: { HOST: '::1' }, envFile: 'SLASH_AFTER=3\n' });
    expect(text).toMatch(/^PORT=9100 +# command line$/m);
    expect(text).toMatch(/^HOST=::1 +# environment$/m);
    expect(text).toMatch(/^SLASH_AFTER=3 +# \.env$/m);
    expect(text).toMatch(/^MAX_STAKE=1000000000000000 +# default$/m);
    expect(parseDotenv(text)).toMatchObject({ PORT: '9100', HOST: '::1', DATA_DIR: 'data' });
    expect(configOf({ envFile: text })).toEqual(
      configOf({ args: ['--port', '9100', '--host', '::1', '--slash-after', '3'] }),
    );
  });

  it('--print-config sets the kind of a new chain only where that is set, so that its lines contradict no chain', () => {
    const left = printed(['--print-config']);
    expect(left).toMatch(/^# CONSENSUS=lottery +# default$/m);
    expect(configOf({ envFile: left }).consensus).toBeUndefined();
    const set = printed(['--print-config'], { environment: { CONSENSUS: 'lottery' } });
    expect(set).toMatch(/^CONSENSUS=lottery +# environment$/m);
    expect(configOf({ envFile: set }).consensus).toBe('lottery');
  });

  it('--print-config of a wrong setting is the complaint', () => {
    expect(complaintOf({ args: ['--print-config', '--port', 'x'] })).toContain('--port x is wrong');
  });
});

it('the help names every setting, every exit code, and shows examples', () => {
  const help = serveHelp();
  for (const { name, initial } of settings)
    expect(help).toMatch(new RegExp(`^  --${flagOf(name)} .*${initial}\\]$`, 'm'));
  for (const code of [0, 1, 2, 3, 4, 5]) expect(help).toMatch(new RegExp(`\\b${code} [a-z]`));
  expect(help).toContain('Examples:\n  npm start');
});
