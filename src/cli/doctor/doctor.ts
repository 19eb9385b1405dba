import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileDescriptorLimit } from '../../platform/file-descriptors.ts';
import type { Command, CommandIo, CommandOutput } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { type Config, readConfig } from '../config/config.ts';
import { readCurrentConfig } from '../config/current-config.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { findAlternatives } from './alternatives.ts';
import { examineChain } from './check-chain.ts';
import { checkDirectory, checkSecret } from './check-data.ts';
import { checkSpace, checkSyncs } from './check-disk.ts';
import { checkClock, checkFiles, checkNode } from './check-machine.ts';
import { checkHost, checkIPv6 } from './check-network.ts';
import { checkPage, checkPort } from './check-port.ts';
import type { ClockReadings, DataFacts } from './facts.ts';
import { type Finding, failures, report, reportJson } from './finding.ts';
import { limits } from './limits.ts';
import { probeData } from './probe-data.ts';
import { probeDisk } from './probe-disk.ts';
import { codeOfListening, probePort } from './probe-port.ts';
import { commandSuggester } from './suggested-command.ts';

/** Looks for everything that could keep a server from running here, or people from joining it. It changes nothing. */
export const doctor: Command = {
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
  async run(args, io) {
    watchOutput(io);
    const settings = args.filter((word) => word !== '--json');
    const { findings, isUnreleased } = await examine(settings, io);
    io.output.write(args.includes('--json') ? reportJson(findings) : report(findings, io.paint));
    if (isUnreleased) return exitCodes.unreadable;
    return failures(findings) === 0 ? exitCodes.fine : exitCodes.failed;
  },
};

interface Examination {
  readonly findings: readonly Finding[];
  /** The chain in DATA_DIR is of a version that was never released. */
  readonly isUnreleased: boolean;
}

async function examine(args: readonly string[], io: CommandIo): Promise<Examination> {
  const node = checkNode(process.versions.node, enginesOfPackage());
  // A wrong argument ends doctor, as it does every command. A wrong line in .env is what doctor should find.
  const spoken = readConfig({ args, environment: {}, envFile: undefined, version: io.version });
  if (spoken.kind === 'wrong') throw new UsageError(spoken.why);
  if (spoken.kind === 'print') {
    throw new UsageError('doctor takes --json and the settings of the server, for example --port 9100');
  }
  const command = readCurrentConfig(args, io);
  if (command.kind === 'serve') {
    const data = await probeData(command.config.dataDir);
    const findings = [node, ...(await examineFor(command.config, data, args, io.errors))];
    return { findings, isUnreleased: data.isUnreleased };
  }
  const says = command.kind === 'wrong' ? command.why : 'they cannot be read';
  const cure = 'see npm start -- --help; nothing else can be looked at before that';
  return { findings: [node, { topic: 'settings', verdict: 'fail', says, cure }], isUnreleased: false };
}

async function examineFor(
  config: Config,
  data: DataFacts,
  args: readonly string[],
  errors: CommandOutput,
): Promise<readonly Finding[]> {
  const { host, port, dataDir, dashboardPort } = config;
  const before = readClocks();
  const disk = probeDisk(dataDir);
  const onPort = await probePort(host, port);
  const onPage = await probePort(host, dashboardPort);
  const alternatives = await findAlternatives(config, onPort, onPage, data);
  const suggestCommand = commandSuggester(args, alternatives);
  const canListen = onPort.code === undefined || onPort.code === 'EADDRINUSE';
  const loopbackCode = await codeOfListening('::1', 0);
  await delay(limits.clockLookMs);
  return [
    { topic: 'settings', verdict: 'ok', says: 'they can be read; npm start -- --print-config shows them' },
    checkFiles(fileDescriptorLimit(), config.maxConnections, dashboardPort !== 0),
    checkPort(onPort, data.lockedBy, alternatives, suggestCommand),
    checkPage(onPage, onPort, data.lockedBy, alternatives, suggestCommand),
    checkDirectory(data, onPort.owner?.pid, alternatives, suggestCommand),
    ...(data.hasChain ? [await examineChain(dataDir, errors)] : []),
    checkSecret(data),
    checkSyncs(disk, config.lotteryIntervalMs),
    checkSpace(disk.freeBytes),
    checkClock(before, readClocks()),
    checkIPv6(loopbackCode),
    // People cannot join at an address that this machine does not have.
    ...(canListen ? [checkHost(host, port, networkInterfaces(), alternatives, suggestCommand)] : []),
  ];
}

function readClocks(): ClockReadings {
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
