import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Alternatives } from '../../../src/cli/doctor/alternatives.ts';
import { checkDirectory, checkSecret } from '../../../src/cli/doctor/check-data.ts';
import { checkSpace, checkSyncs } from '../../../src/cli/doctor/check-disk.ts';
import { checkClock, checkFiles, checkNode } from '../../../src/cli/doctor/check-machine.ts';
import { checkHost, checkIPv6 } from '../../../src/cli/doctor/check-network.ts';
import { checkPage, checkPort } from '../../../src/cli/doctor/check-port.ts';
import type { DataFacts, PortFacts } from '../../../src/cli/doctor/facts.ts';
import { type Finding, report, reportJson } from '../../../src/cli/doctor/finding.ts';
import { limits as doctorLimits } from '../../../src/cli/doctor/limits.ts';
import { commandSuggester } from '../../../src/cli/doctor/suggested-command.ts';
import { placesWithin } from '../../../src/platform/file-descriptors.ts';
import { limits as platformLimits } from '../../../src/platform/limits.ts';
import type { ProcessFacts } from '../../../src/platform/process-info.ts';
import { startProcessWithPage } from '../../e2e/page-server.ts';
import { ServerProcess } from '../../e2e/server-process.ts';
import { program } from '../../program.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { type Finished, runCommand } from '../run-command.ts';

/** Everything can stay where it is. */
const nowhere: Alternatives = { port: undefined, dashboardPort: undefined, dataDir: undefined };
const nginx: ProcessFacts = { pid: 7, name: 'nginx' };
const server: ProcessFacts = { pid: 42, name: 'node' };

describe('the judgment of the machine', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['20.19.1', 'ok'],
    ['22.0.0', 'ok'],
    ['20.18.9', 'fail'],
    ['18.20.0', 'fail'],
  ])('of Node %s is %s where 20.19 is wanted', (version, verdict) => {
    expect(checkNode(version, '>=20.19').verdict).toBe(verdict);
  });

  it.each([true, false])('of the file descriptors is what a server does with them, with a page (%s)', (hasPage) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 12_000 }), (files, people) => {
        const finding = checkFiles(files, people, hasPage);
        const places = placesWithin(files, people, hasPage);
        expect(finding.verdict === 'ok').toBe(places.people === people && files > platformLimits.fileDescriptorReserve);
        if (finding.verdict === 'warn')
          expect(finding.says).toContain(`enough for ${places.people.toLocaleString('en-US')} connections`);
        if (finding.verdict === 'ok') return;
        const cured = Number(/ulimit -n (\d+)/.exec(finding.cure ?? '')?.[1]);
        expect(checkFiles(cured, people, hasPage).verdict).toBe('ok');
        expect(placesWithin(cured, people, hasPage).people).toBe(people);
      }),
    );
    expect(checkFiles(undefined, 10_000, hasPage).verdict).toBe('ok');
  });

  it('of the clock looks at its year and whether it goes on like the monotonic one', () => {
    const before = { wallMs: Date.UTC(2026, 0), monotonicMs: 500 };
    const judged = (wallMs: number): object => checkClock(before, { wallMs: before.wallMs + wallMs, monotonicMs: 700 });
    expect(judged(200)).toMatchObject({ verdict: 'ok', says: '2026-01-01T00:00:00.200Z, steady' });
    expect(judged(200 + doctorLimits.clockJumpMs)).toMatchObject({ verdict: 'ok' });
    expect(judged(201 + doctorLimits.clockJumpMs)).toMatchObject({ verdict: 'warn' });
    expect(judged(-3_600_000)).toMatchObject({ verdict: 'warn', says: expect.stringContaining('by -3600200 ms') });
    expect(checkClock(before, { wallMs: 0, monotonicMs: 700 })).toMatchObject({ verdict: 'warn' });
  });
});

describe('the judgment of the data directory', () => {
  const facts: DataFacts = {
    directory: 'data',
    state: 'writable',
    hasChain: true,
    isUnreleased: false,
    lockedBy: undefined,
    secret: { state: 'whole', isOpen: false },
  };

  it.each([
    [{}, 'ok', 'data is writable and has a chain'],
    [{ hasChain: false }, 'ok', 'has no chain yet'],
    [{ isUnreleased: true }, 'fail', 'begun by an unreleased version'],
    [{ lockedBy: 1234 }, 'fail', 'in use by a running server, process 1234'],
    [{ state: 'missing' }, 'ok', 'the first start makes it'],
    [{ state: 'unmakeable' }, 'fail', 'this user cannot make it'],
    [{ state: 'no directory' }, 'fail', 'is not a directory'],
    [{ state: 'not writable' }, 'fail', 'may not write'],
  ] as const)('with %j is %s', (change, verdict, says) => {
    expect(checkDirectory({ ...facts, ...change }, undefined, nowhere, commandSuggester([], nowhere))).toMatchObject({
      verdict,
      says: expect.stringContaining(says),
    });
  });

  it.each([
    [{}, 'ok', 'for its owner alone'],
    [{ secret: { state: 'whole', isOpen: true } }, 'warn', 'others may read'],
    [{ secret: { state: 'missing', isOpen: false } }, 'fail', 'can be checked but not continued'],
    [{ secret: { state: 'missing', isOpen: false }, hasChain: false }, 'ok', 'the first start makes one'],
    [{ secret: { state: 'damaged', isOpen: false } }, 'fail', 'must hold 64 hex digits'],
    [{ secret: { state: 'unreadable', isOpen: false } }, 'fail', 'may not read'],
  ] as const)('of its secret with %j is %s', (change, verdict, says) => {
    expect(checkSecret({ ...facts, ...change })).toMatchObject({ verdict, says: expect.stringContaining(says) });
  });

  it.each([
    [[0.5, 0.6, 0.7], false, 'ok', '3 syncs took 0.600 ms in the middle, 0.700 ms at most'],
    [[0.5, 0.6, 0.7], true, 'warn', 'a file system in memory'],
    [[0.001, 0.001, 5], false, 'warn', 'no disk stores that quickly'],
    [[20, 150, 180], false, 'warn', 'that is slow'],
    [[1, 1, 8000], false, 'warn', 'slow for rounds of 30000 ms'],
    ['EIO: i/o error\x1b', false, 'fail', 'writing failed: EIO: i/o error\\x1b'],
  ])('of syncs of %j ms (in memory: %j) is %s', (syncsMs, isInMemory, verdict, says) => {
    const finding = checkSyncs({ syncsMs, isInMemory, freeBytes: undefined }, 30_000);
    expect(finding).toMatchObject({ verdict, says: expect.stringContaining(says) });
  });

  it('knows the server that has the port and the directory, and says how to start another', () => {
    const locked = { ...facts, lockedBy: server.pid };
    const elsewhere = { port: 9002, dashboardPort: undefined, dataDir: 'other' };
    const finding = checkDirectory(locked, server.pid, elsewhere, commandSuggester([], elsewhere));
    expect(finding).toMatchObject({
      says: 'data is in use by the same server, process 42',
      cure: 'join that server, stop it, or run a second one: npm start -- --port 9002 --data-dir other',
    });
    expect(checkDirectory(locked, 7, nowhere, commandSuggester([], nowhere))).toMatchObject({
      says: 'data is in use by a running server, process 42',
      cure: 'join that server, stop it, or choose another directory with --data-dir',
    });
    const hidden = checkDirectory({ ...facts, lockedBy: 0 }, undefined, nowhere, commandSuggester([], nowhere));
    expect(hidden.says).toBe('data is in use by a running server');
  });

  it('of its space knows enough, little and none', () => {
    expect(checkSpace(83_300_000_000)).toMatchObject({ verdict: 'ok', says: '83.3 GB free' });
    expect(checkSpace(doctorLimits.freeBytesLow - 1).verdict).toBe('warn');
    expect(checkSpace(doctorLimits.freeBytesMin - 1).verdict).toBe('fail');
    expect(checkSpace(0)).toMatchObject({ verdict: 'fail', says: '0 bytes free' });
    expect(checkSpace(undefined).verdict).toBe('ok');
  });
});

describe('the judgment of the network', () => {
  const facts: PortFacts = {
    port: 9000,
    host: 'localhost',
    code: undefined,
    isLottery: false,
    owner: undefined,
  };
  const elsewhere: Alternatives = { port: 9002, dashboardPort: 9003, dataDir: 'other' };

  it.each([
    [{}, 'ok', '9000 is free on localhost', undefined],
    [{ port: 0 }, 'ok', 'the system chooses', undefined],
    [{ code: 'EADDRINUSE', owner: nginx }, 'fail', 'in use by another program, process 7 (nginx)', '--port 9002'],
    [{ code: 'EADDRINUSE', owner: server }, 'fail', "in use by this directory's server, process 42 (node)", '9002'],
    [{ code: 'EADDRINUSE', isLottery: true }, 'fail', 'a lottery already runs at 9000', '--data-dir other'],
    [
      { code: 'EADDRINUSE', isLottery: true, owner: server },
      'fail',
      "this directory's server already runs at 9000, process 42 (node)",
      'npm start -- --port 9002 --dashboard-port 9003 --data-dir other',
    ],
    [{ code: 'EACCES', port: 80 }, 'fail', 'may not listen on port 80', 'from 1024 on'],
    [{ code: 'EADDRNOTAVAIL', host: '10.9.9.9' }, 'fail', 'HOST=10.9.9.9 (EADDRNOTAVAIL)', 'HOST=0.0.0.0'],
  ])('with %j is %s', (change, verdict, says, cure) => {
    const finding = checkPort({ ...facts, ...change }, server.pid, elsewhere, commandSuggester([], elsewhere));
    expect(finding).toMatchObject({ verdict, says: expect.stringContaining(says) });
    if (cure === undefined) expect(finding.cure).toBeUndefined();
    else expect(finding.cure).toContain(cure);
  });

  it('says with which setting to look on where no free port is near', () => {
    const taken = { ...facts, code: 'EADDRINUSE' };
    const startLine = commandSuggester([], nowhere);
    expect(checkPort(taken, undefined, nowhere, startLine).cure).toBe('choose another with --port');
    expect(checkPort({ ...taken, isLottery: true }, undefined, nowhere, startLine).cure).toBe(
      'join it, or choose another port with --port',
    );
    expect(checkPage({ ...taken, port: 9001 }, facts, undefined, nowhere, startLine).cure).toBe(
      'choose another with --dashboard-port',
    );
  });

  it('gives the line with which others join, as the HOST is and as it could be', () => {
    const entry = {
      family: 'IPv4',
      address: '192.168.1.7',
      netmask: '',
      mac: '',
      internal: false,
      cidr: null,
    } as const;
    const machine = { eth0: [entry] };
    const judged = (host: string, interfaces = {}, moved = nowhere): Finding =>
      checkHost(host, 9000, interfaces, moved, commandSuggester([], moved));
    expect(judged('localhost', machine)).toMatchObject({
      verdict: 'ok',
      says: 'HOST=localhost: this machine only, nc localhost 9000',
      cure: 'for others: npm start -- --host 0.0.0.0, and they type nc 192.168.1.7 9000',
    });
    expect(judged('localhost', machine, elsewhere).cure).toBe(
      'for others: npm start -- --port 9002 --dashboard-port 9003 --data-dir other --host 0.0.0.0, and they type nc 192.168.1.7 9002',
    );
    expect(judged('0.0.0.0', machine).says).toBe('HOST=0.0.0.0: others type nc 192.168.1.7 9000');
    expect(judged('192.168.1.7', machine).says).toContain('others type nc 192.168.1.7 9000');
    expect(judged('0.0.0.0')).toMatchObject({ verdict: 'warn' });
    expect(judged('127.0.0.1')).not.toHaveProperty('cure');
  });

  it.each([
    [{ port: 9001 }, 'ok', '9001 is free on localhost', undefined],
    [{ port: 0 }, 'ok', 'none is wanted', undefined],
    [{ port: 9000 }, 'warn', 'DASHBOARD_PORT=9000 is also PORT: there will be no page', '--dashboard-port 9003'],
    [
      { port: 9001, code: 'EADDRINUSE', owner: nginx },
      'warn',
      'in use by another program, process 7 (nginx)',
      '--dashboard-port 9003',
    ],
    [{ port: 9001, code: 'EADDRINUSE', isLottery: true }, 'warn', 'in use by a lottery', '--dashboard-port 9003'],
    [
      { port: 9001, code: 'EADDRINUSE', owner: server },
      'warn',
      "in use by this directory's server, process 42 (node)",
      '--dashboard-port 9003',
    ],
    [{ port: 80, code: 'EACCES' }, 'warn', 'DASHBOARD_PORT=80 cannot be listened on', '--dashboard-port 9003'],
  ])('of the page with %j is %s where PORT is 9000', (change, verdict, says, cure) => {
    const startLine = commandSuggester([], elsewhere);
    const finding = checkPage({ ...facts, ...change }, facts, server.pid, elsewhere, startLine);
    expect(finding).toMatchObject({ topic: 'page', verdict, says: expect.stringContaining(says) });
    if (cure === undefined) expect(finding.cure).toBeUndefined();
    else expect(finding.cure).toContain(cure);
  });

  it.each([
    [true, 'the same server'],
    [false, 'the same program'],
  ])('knows who has both ports (a lottery: %j)', (isLottery, who) => {
    const port = { ...facts, code: 'EADDRINUSE', isLottery, owner: server };
    const page = { ...facts, port: 9001, code: 'EADDRINUSE', owner: server };
    const finding = checkPage(page, port, undefined, elsewhere, commandSuggester([], elsewhere));
    expect(finding.says).toContain(`is in use by ${who}, process 42 (node): there will be no page`);
  });

  it('keeps every setting of the command line in what it tells to type', () => {
    const words = ['--port', '9647', "--data-dir=my data/it's=\x1b", '--host', 'localhost', '--', '--slash-after', '3'];
    const startLine = commandSuggester(words, nowhere);
    const kept = "--data-dir 'my data/it'\\''s=\\x1b' --host";
    expect(startLine()).toBe(`npm start -- --port 9647 ${kept} localhost --slash-after 3`);
    expect(startLine({ host: '0.0.0.0' })).toBe(`npm start -- --port 9647 ${kept} 0.0.0.0 --slash-after 3`);
    const moved = commandSuggester(['--port', '9000', '--max-stake=5'], elsewhere);
    expect(moved()).toBe('npm start -- --port 9002 --max-stake 5 --dashboard-port 9003 --data-dir other');
  });

  it('is not worried by a missing IPv6', () => {
    expect(checkIPv6(undefined).verdict).toBe('ok');
    expect(checkIPv6('EADDRNOTAVAIL').verdict).toBe('warn');
  });
});

describe('the report', () => {
  const findings: readonly Finding[] = [
    { topic: 'node', verdict: 'ok', says: 'new' },
    { topic: 'port', verdict: 'fail', says: 'taken', cure: 'another' },
    { topic: 'clock', verdict: 'warn', says: 'odd' },
  ];

  it('has a line for each finding, its cure below it, and the sum', () => {
    expect(report(findings, new Chalk({ level: 0 }))).toBe(
      `ok    node        new
fail  port        taken
                  -> another
warn  clock       odd

1 of 3 fails, 1 warning.
`,
    );
    expect(report(findings.slice(0, 1), new Chalk({ level: 0 }))).toContain('\nNothing fails.\n');
  });

  it('is one line of JSON for a program', () => {
    expect(reportJson(findings)).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(reportJson(findings))).toEqual({ fails: 1, findings });
  });
});

function examined(words: readonly string[], environment = {}): Promise<Finished> {
  return runCommand(['doctor', ...words], { environment });
}

describe('sortition doctor', () => {
  it('finds nothing that fails where a server can start, and leaves nothing behind', async () => {
    const parent = temporaryDirectory();
    const words = ['--json', '--port', '0', '--data-dir', join(parent, 'data')];
    const { code, out } = await examined(words);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ fails: 0 });
    expect(out).toContain('the first start makes it');
    expect(readdirSync(parent)).toEqual([]);
  });

  it('knows a running lottery and its lock, and does not disturb it', async () => {
    const server = await ServerProcess.start();
    const before = readdirSync(join(server.dataDir, 'chain'));
    const { code, out } = await examined(['--port', String(server.port), '--data-dir', server.dataDir]);
    expect(code).toBe(1);
    expect(out).toMatch(/^fail {2}port +(?:this directory's server|a lottery) already runs at \d+/m);
    expect(out).toMatch(/^ok {4}secret /m);
    // Who has the lock, only Linux tells.
    const isLockSeen = existsSync('/proc/locks');
    if (isLockSeen) expect(out).toContain(`in use by the same server, process ${server.child.pid}\n`);
    // At another port, a start would fail all the same.
    const elsewhere = await examined(['--port', '0', '--data-dir', server.dataDir]);
    const saysWho = new RegExp(`^fail {2}data .* is in use by a running server, process ${server.child.pid}$`, 'm');
    if (isLockSeen) expect(elsewhere).toMatchObject({ code: 1, out: expect.stringMatching(saysWho) });
    expect(readdirSync(join(server.dataDir, 'chain'))).toEqual(before);
    expect(await server.stop()).toBe(0);
  });

  it('gives one line that starts a second server beside one with a page', async () => {
    const { server, pagePort } = await startProcessWithPage();
    const words = ['--port', `${server.port}`, '--dashboard-port', `${pagePort}`, '--data-dir', server.dataDir];
    const { findings } = JSON.parse((await examined(['--json', ...words])).out);
    const cureOf = (wanted: string): string => {
      const { cure } = findings.find(({ topic }: Finding) => topic === wanted);
      return /npm start -- (.*)$/.exec(cure)?.[1] ?? '';
    };
    const line = cureOf('port');
    expect(cureOf('page')).toBe(line);
    // Who has a port and a lock, only Linux tells.
    if (existsSync('/proc/locks')) {
      expect(cureOf('data')).toBe(line);
      expect(JSON.stringify(findings)).toContain(`is in use by the same server, process ${server.child.pid} (`);
      expect(JSON.stringify(findings)).toContain(`is in use by the same server, process ${server.child.pid}"`);
    }
    const directory = temporaryDirectory();
    const found = await examined(['--json', ...line.replace(' other', ` ${join(directory, 'other')}`).split(' ')]);
    const verdicts = JSON.parse(found.out).findings.filter(({ topic }: Finding) =>
      ['port', 'page', 'data'].includes(topic),
    );
    expect(verdicts.map(({ verdict }: Finding) => verdict)).toEqual(['ok', 'ok', 'ok']);
    expect(await server.stop()).toBe(0);
  });

  it('fails for a port that another program has, and a chain without its secret', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    onTestFinished(() => {
      other.close();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    const dataDir = temporaryDirectory();
    mkdirSync(join(dataDir, 'chain'));
    writeFileSync(join(dataDir, 'chain', 'CURRENT'), '');
    const port = String(address.port);
    const { code, out } = await examined(['--port', port, '--dashboard-port', port, '--data-dir', dataDir]);
    expect(code).toBe(1);
    expect(out).toMatch(/^warn {2}page +DASHBOARD_PORT=\d+ is also PORT/m);
    expect(out).toMatch(/^fail {2}port +\d+ on localhost is in use by another program/m);
    expect(out).toMatch(/^fail {2}secret .* is missing/m);
    expect(out).toMatch(/^fail {2}chain .* cannot be opened: /m);
    expect(out).toMatch(/\n3 of \d+ fail/);
  });

  it('warns of a secret that others may read, and does not change it', async () => {
    const dataDir = temporaryDirectory();
    const file = join(dataDir, 'master-secret');
    writeFileSync(file, `${'a'.repeat(64)}\n`);
    chmodSync(file, 0o644);
    for (let look = 0; look < 2; look++) {
      const { out } = await examined(['--port', '0', '--data-dir', dataDir]);
      expect(out).toMatch(/^warn {2}secret .* and who has read it knows all draws to come/m);
      expect(out).not.toContain('aaaa');
    }
  });

  it.skipIf(process.platform === 'win32')(
    'is not even begun where too few files may be open, which is said in one line',
    () => {
      const cwd = temporaryDirectory();
      const examinedWith = (files: number): ReturnType<typeof spawnSync> =>
        spawnSync('sh', ['-c', `ulimit -n ${files} && exec "${process.execPath}" "${program}" doctor`], {
          encoding: 'utf8',
          cwd,
        });
      // Each Node has its own number from which on it can load the doctor, who then says the same.
      let files = 40;
      let answer = examinedWith(files);
      while (answer.stdout !== '' && files > 10) {
        files -= 1;
        answer = examinedWith(files);
      }
      const { status, stdout, stderr } = answer;
      expect(stderr).toMatch(/^sortition: too few files may be open: .*\n$/);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    },
  );

  it('takes a wrong setting of the environment for a finding, and a wrong word for a slip', async () => {
    const setting = await examined([], { PORT: 'abc' });
    expect(setting.code).toBe(1);
    expect(setting.out).toMatch(/^fail {2}settings +PORT=abc in the environment is wrong: it must be/m);
    const slip = await examined(['--porty']);
    expect(slip).toMatchObject({
      code: 2,
      out: '',
      err: 'sortition: there is no option --porty. See --help for those that there are.\n',
    });
  });
});
