import { PassThrough, Writable } from 'node:stream';
import { Chalk } from 'chalk';
import { FailedError } from '../../cli/command-error.ts';
import { LotteryServer } from '../../cli/serve/server.ts';
import { directoryWorld, type ServerStore, type ServerWorld } from '../../cli/serve/server-world.ts';
import { readVersion } from '../../cli/version.ts';
import type { Clock } from '../../consensus/clock.ts';
import { limits as lotteryLimits } from '../../consensus/lottery/limits.ts';
import type { Secrets, Wallets } from '../../node/ports.ts';
import type { TimeControl } from '../../node/sandbox.ts';
import { memoryWorld } from './memory-world.ts';
import { RunningNode } from './running-node.ts';
import { readSettings, type Settings } from './settings.ts';

/** What a node is started with: its settings, and parts of its world that a test may want to hold. */
export interface StartOptions extends Settings {
  /** Hears what the server would print. */
  readonly log?: (text: string) => void;
  /** What time it is; the clock of the machine where it is left out. */
  readonly clock?: Clock & TimeControl;
  /** Where its randomness comes from; the system where it is left out. */
  readonly secrets?: Secrets;
  /** The wallets of the node in a chain with a ledger; new ones where they are left out. */
  readonly wallets?: Wallets;
  /** Where its chain is kept, whatever `dataDir` says. */
  readonly store?: ServerStore;
  /** How many draws a series of secrets of a new lottery is for. A test that draws a few times begins faster with fewer. */
  readonly linksPerChain?: number;
}

/**
 * Starts a node: the server of `npm start`, without its process. It reads no environment, no .env and no signals, prints nothing, and
 * lets no error end the process. Rejects with a UsageError where a setting is wrong, with a FailedError where the page has no port; a ChainError
 * or a ListenError says what is wrong with a directory or a port. Nothing is left open then.
 */
export async function start(options: StartOptions = {}): Promise<RunningNode> {
  const { log = () => undefined, clock, secrets, wallets, store, linksPerChain, ...settings } = options;
  const config = readSettings(settings);
  const place = settings.dataDir === undefined ? memoryWorld(config.seed) : directoryWorld(config.dataDir, config.seed);
  const world: ServerWorld = {
    ...place,
    ...(clock === undefined ? {} : { clock, time: clock }),
    ...(secrets === undefined ? {} : { openSecrets: () => secrets }),
    ...(wallets === undefined ? {} : { openWallets: () => wallets }),
    ...(store === undefined ? {} : { openStore: async () => store }),
  };
  const stopping = new AbortController();
  const server = await LotteryServer.start({
    config,
    linksPerChain: linksPerChain ?? lotteryLimits.linksPerChain,
    version: readVersion(),
    // Nobody types.
    input: new PassThrough(),
    output: outputTo(log),
    paint: new Chalk({ level: 0 }),
    stopAsked: stopping.signal,
    askToStop: () => stopping.abort(),
    world,
    hasPage: true,
  });
  const { pagePort } = server;
  if (pagePort === undefined) {
    await server.stop();
    throw new FailedError(`the page cannot be served at port ${config.dashboardPort}: it is in use, or not ours`);
  }
  return new RunningNode({ server, host: config.host, pagePort, stopping });
}

/** A terminal that is a function. */
function outputTo(log: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(text: string | Buffer, _, done) {
      log(String(text));
      done();
    },
  });
}
