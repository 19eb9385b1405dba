import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileDescriptorLimit } from '../../platform/file-descriptors.ts';
import { type Command, type CommandIo, type CommandOutput, UsageError } from '../command.ts';
import { type Config, readConfig } from '../config/config.ts';
import { settingsHere } from '../config/current-config.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { findAlternatives } from './alternatives.ts';
import { type DataFacts, judgeDirectory, judgeSecret } from './data.ts';
import { judgeSpace, judgeSyncs } from './disk.ts';
import { type Finding, failures, report, reportJson } from './finding.ts';
import { limits } from './limits.ts';
import { type ClockLook, judgeClock, judgeFiles, judgeNode } from './machine.ts';
import { judgeHost, judgeIPv6 } from './network.ts';
import { judgePage, judgePort } from './port.ts';
import { examineChain } from './probe-chain.ts';
import { probeData } from './probe-data.ts';
import { probeDisk } from './probe-disk.ts';
import { codeOfListening, probePort } from './probe-port.ts';
import { startCommandWith } from './start-command.ts';

/** Looks for whatever could keep a server from running here, or people from joining it. It leaves everything as it is. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'look for what could keep a server from running here, and say what to do about it',
  get help() {
    return `Looks at this machine as a server would find it that is started here, with the same settings: Node, the settings themselves, files,
the ports and who has them, the data directory with its whole chain and its secret, the disk, the clock, and who can join how. It changes nothing.

Usage: ${commandLine('doctor')} [--json] [settings as for npm start, like --port 9100]

  --json         one line of JSON: {"fails":0,"findings":[{"topic":…,"verdict":"ok"|"warn"|"fail","says":…,"cure":…}]}
  -h, --help     shows this

Examples:
  ${commandLine('doctor')}
  ${commandLine('doctor')} --host 0.0.0.0 --port 9100
  ${commandLine('doctor')} --json | python3 -m json.tool

Exit codes: 0 nothing fails (there may be warnings), 1 something fails, 2 wrong usage, 4 the chain in DATA_DIR is of
an unreleased version, 5 the output cannot be written.
`;
  },
  async run(words, stage) {
    watchOutput(stage);
    const settings = words.filter((word) => word !== '--json');
    const { findings, isUnreleased } = await examine(settings, stage);
    stage.output.write(words.includes('--json') ? reportJson(findings) : report(findings, stage.paint));
    if (isUnreleased) return exitCodes.unreadable;
    return failures(findings) === 0 ? exitCodes.fine : exitCodes.failed;
  },
};

interface Examination {
  readonly findings: readonly Finding[];
  /** The chain in DATA_DIR is of a version that was never released. */
  readonly isUnreleased: boolean;
}

async function examine(words: readonly string[], io: CommandIo): Promise<Examination> {
  const node = judgeNode(process.versions.node, enginesOfPackage());
  // A slip in the words is the person's; one in .env is what doctor is asked about.
  const spoken = readConfig({ words, environment: {}, envFile: undefined, version: io.version });
  if (spoken.kind === 'wrong') throw new UsageError(spoken.why);
  if (spoken.kind === 'print') {
    throw new UsageError('doctor takes --json and the settings of the server, for example --port 9100');
  }
  const command = settingsHere(words, io);
  if (command.kind === 'serve') {
    const data = await probeData(command.config.dataDir);
    const findings = [node, ...(await examineFor(command.config, data, words, io.errors))];
    return { findings, isUnreleased: data.isUnreleased };
  }
  const says = command.kind === 'wrong' ? command.why : 'they cannot be read';
  const cure = 'see npm start -- --help; nothing else can be looked at before that';
  return { findings: [node, { topic: 'settings', verdict: 'fail', says, cure }], isUnreleased: false };
}

async function examineFor(
  config: Config,
  data: DataFacts,
  words: readonly string[],
  errors: CommandOutput,
): Promise<readonly Finding[]> {
  const { host, port, dataDir, dashboardPort } = config;
  const before = lookAtClocks();
  const disk = probeDisk(dataDir);
  const onPort = await probePort(host, port);
  const onPage = await probePort(host, dashboardPort);
  const elsewhere = await findAlternatives(config, onPort, onPage, data);
  const startLine = startCommandWith(words, elsewhere);
  const canListen = onPort.code === undefined || onPort.code === 'EADDRINUSE';
  const loopbackCode = await codeOfListening('::1', 0);
  await delay(limits.clockLookMs);
  return [
    { topic: 'settings', verdict: 'ok', says: 'they can be read; npm start -- --print-config shows them' },
    judgeFiles(fileDescriptorLimit(), config.maxConnections, dashboardPort !== 0),
    judgePort(onPort, data.lockedBy, elsewhere, startLine),
    judgePage(onPage, onPort, data.lockedBy, elsewhere, startLine),
    judgeDirectory(data, onPort.owner?.pid, elsewhere, startLine),
    ...(data.hasChain ? [await examineChain(dataDir, errors)] : []),
    judgeSecret(data),
    judgeSyncs(disk, config.lotteryIntervalMs),
    judgeSpace(disk.freeBytes),
    judgeClock(before, lookAtClocks()),
    judgeIPv6(loopbackCode),
    // Nobody can join at an address that this machine does not have.
    ...(canListen ? [judgeHost(host, port, networkInterfaces(), elsewhere, startLine)] : []),
  ];
}

function lookAtClocks(): ClockLook {
  return { wallMs: Date.now(), monotonicMs: performance.now() };
}

function enginesOfPackage(): string {
  const file: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  if (typeof file !== 'object' || file === null || !('engines' in file)) throw new Error('package.json has no engines');
  const { engines } = file;
  if (typeof engines !== 'object' || engines === null || !('node' in engines))
    throw new Error('package.json wants no Node');
  return String(engines.node);
}
