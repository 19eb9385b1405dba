import { once } from 'node:events';
import { listenAddresses } from '../../base/host.ts';
import { limits as lotteryLimits } from '../../consensus/lottery/limits.ts';
import { AccountsError, ChainError, DamageError, DiskFullError, StoreError } from '../../node/ports.ts';
import { PeerListenError } from '../../p2p/peer-listen-error.ts';
import { freePortAfter } from '../../platform/free-port.ts';
import { portOwner, processText } from '../../platform/process-info.ts';
import { ScriptRunner } from '../../platform/script-runner.ts';
import { ListenError } from '../../tcp/tcp-server.ts';
import type { Command, CommandIo } from '../command.ts';
import { UsageError } from '../command-error.ts';
import type { Config } from '../config/config.ts';
import { readCurrentConfig } from '../config/current-config.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandLine, cureText, repairLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { ConsoleOutput } from './console/console-output.ts';
import { serveHelp } from './help.ts';
import { limits } from './limits.ts';

/** Runs the lottery until it is asked to stop: what `npm start` does. */
export const serve: Command = {
  help: serveHelp(),
  async run(args, io) {
    const command = readCurrentConfig(args, io);
    switch (command.kind) {
      case 'print':
        watchOutput(io);
        io.output.write(command.text);
        return exitCodes.fine;
      case 'wrong':
        throw new UsageError(command.why);
      case 'serve':
        return run(command.config, io);
    }
  },
};

async function run(config: Config, io: CommandIo): Promise<number> {
  const stopping = new AbortController();
  const askToStop = (): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    // The process ends in time even where a disk or a reader hangs.
    setTimeout(() => process.exit(exitCodes.failed), limits.stopMs).unref();
  };
  // Before there is anything to stop: a program that waits for the banner may send a signal at once.
  listenForSignals(askToStop);
  const output = new ConsoleOutput(io.output, 1);
  const errors = new ConsoleOutput(io.errors, 2);
  stopOnFault(errors);
  stopWithRunner(askToStop);
  const exitCode = await serveUntilAsked(config, io, { output, errors, stopping, askToStop });
  // Output that is not read must not keep the process from ending.
  if (!((await output.settles()) && (await errors.settles()))) process.exit(exitCode);
  return exitCode;
}

interface Running {
  readonly output: ConsoleOutput;
  readonly errors: ConsoleOutput;
  readonly stopping: AbortController;
  readonly askToStop: () => void;
}

async function serveUntilAsked(config: Config, io: CommandIo, running: Running): Promise<number> {
  const { output, errors, stopping, askToStop } = running;
  try {
    // Loaded here, because only a server needs all of it, and every other command would wait for it.
    const { LotteryServer } = await import('./server.ts');
    const server = await LotteryServer.start({
      config,
      linksPerChain: lotteryLimits.linksPerChain,
      version: io.version,
      input: io.input,
      output,
      paint: io.paint,
      stopAsked: stopping.signal,
      askToStop,
    });
    await Promise.race([whenAborted(stopping.signal), server.ended]).catch(() => undefined);
    askToStop();
    await server.stop();
    await server.ended;
    return exitCodes.fine;
  } catch (error) {
    if (error === stopping.signal.reason) return exitCodes.fine;
    return explain(error, config, errors);
  }
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** Writes one line for each error that can be foreseen, and returns the exit code (SPEC 5). A fault of ours is thrown on, with its stack. */
async function explain(error: unknown, config: Config, errors: ConsoleOutput): Promise<number> {
  const complain = (args: string, exitCode: number): number => {
    errors.write(`sortition: ${args}.\n`);
    return exitCode;
  };
  if (error instanceof DamageError) {
    return complain(`${error.message}. ${cureText(repairLine(config.dataDir))}`, exitCodes.unreadable);
  }
  if (error instanceof AccountsError) {
    const cure = `Rebuild them from the blocks with: ${commandLine('repair', '--reindex', config.dataDir)}`;
    return complain(`${error.message}. ${cure}`, exitCodes.unreadable);
  }
  if (error instanceof ChainError) return complain(error.message, exitCodes.unreadable);
  if (error instanceof StoreError) {
    const cure = error instanceof DiskFullError ? 'Free space on that disk' : 'Mend the disk';
    const known = 'Nothing of it was announced; it is not known whether it was kept, and the chain will show it';
    return complain(`${error.message}. ${known}. ${cure} and start again: the chain goes on`, exitCodes.unwritable);
  }
  if (error instanceof PeerListenError) {
    const isInUse = error.code === 'EADDRINUSE';
    const exitCode = isInUse ? exitCodes.portInUse : exitCodes.wrongUsage;
    return complain(await adviceOnPeers(error, config), exitCode);
  }
  if (error instanceof ListenError) {
    const isInUse = error.code === 'EADDRINUSE';
    return complain(await adviceOnListening(error, config), isInUse ? exitCodes.portInUse : exitCodes.wrongUsage);
  }
  throw error;
}

async function adviceOnListening({ code, address }: ListenError, { port, dashboardPort }: Config): Promise<string> {
  if (code === 'EADDRINUSE') {
    const other = await freePortAfter(port, address, [dashboardPort]);
    const cure = other === undefined ? 'Choose another with --port' : `Try: npm start -- --port ${other}`;
    const owner = portOwner(port);
    const holder = owner === undefined ? 'another program' : `another program, ${processText(owner)}`;
    return `port ${port} on ${address} is in use by ${holder}. ${cure}`;
  }
  if (code === 'EACCES') {
    return `PORT is ${port}, but this user may not listen on it. Choose one from 1024 on, for example PORT=9000`;
  }
  return `HOST is ${address}, but this machine cannot listen there (${code}). Try HOST=localhost or HOST=0.0.0.0`;
}

async function adviceOnPeers({ code }: PeerListenError, config: Config): Promise<string> {
  const { host, port, dashboardPort, peerPort = 0 } = config;
  const [address = host] = listenAddresses(host);
  if (code === 'EADDRINUSE') {
    const other = await freePortAfter(peerPort, address, [port, dashboardPort]);
    const cure = other === undefined ? 'Choose another with --peer-port' : `Try: --peer-port ${other}`;
    return `port ${peerPort} for peers on ${address} is in use by another program. ${cure}`;
  }
  return `PEER_PORT is ${peerPort}, but this machine cannot listen there on ${address} (${code}). Choose one from 1024 on, for example --peer-port 9002`;
}

/** What cannot happen has happened, so nothing in memory can be trusted any more: the process says so and ends at once. */
function stopOnFault(errors: ConsoleOutput): void {
  process.on('uncaughtException', (error) => {
    errors.write(
      `\nsortition: a fault of its own stops the server, so that it does not go on with something that is wrong. Every block that was announced is stored: start it again, and report this:\n${error.stack ?? error.message}\n`,
    );
    process.exit(exitCodes.failed);
  });
}

/** The first signal asks the server to stop, a second one ends the process at once. */
function listenForSignals(askToStop: () => void): void {
  let firstMs: number | undefined;
  const hear = (): void => {
    const nowMs = performance.now();
    if (firstMs === undefined) {
      firstMs = nowMs;
      askToStop();
    } else if (nowMs - firstMs > limits.sameSignalMs) {
      process.exit(exitCodes.failed);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
}

/**
 * The end of npm, however it came about, is the end of the server that `npm start` began: otherwise it would run on, unseen, and keep the port.
 * The shell between the two passes no signal on.
 */
function stopWithRunner(askToStop: () => void): void {
  const runner = ScriptRunner.find();
  if (runner === undefined) return;
  setInterval(() => {
    if (runner.isGone) askToStop();
  }, limits.parentCheckMs).unref();
}
