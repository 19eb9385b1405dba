import { randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { onOneLine } from '../../base/escape-for-display.ts';
import { isMissing, listenAddresses } from '../../base/host.ts';
import { type BeaconInfo, infoOfKey } from '../../core/beacon-info.ts';
import type { BeaconServer } from '../../http/beacon-server.ts';
import { ChainError } from '../../node/ports.ts';
import { type BeaconKey, readBeaconKey, writeBeaconKey } from '../../platform/beacon-key-file.ts';
import { freePortAfter } from '../../platform/free-port.ts';
import { SystemClock } from '../../platform/system-clock.ts';
import type { Command } from '../command.ts';
import { type CommandError, PortInUseError, UnreadableError, UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { beaconBanner } from './beacon-banner.ts';
import { type BeaconOptions, readBeaconOptions } from './beacon-options.ts';

/** Runs a randomness beacon until it is asked to stop. */
export const beacon: Command = {
  get help() {
    return `Runs a randomness beacon: every few seconds a value that nobody can choose or know before its time. The draws of a lottery that
names it wait for its rounds, so that the operator of the lottery cannot know them either, unless you and the operator do it together.

Usage: ${commandLine('beacon')} [options]

  --port N         where it is asked, over HTTP [9003]
  --host ADDRESS   localhost is for this machine alone; 0.0.0.0 lets other machines ask [localhost]
  --period TIME    between two rounds, in whole seconds, such as 3 or 3s; of a new beacon [3]
  --name NAME      what it is called in chains, 1 to 32 of a-z 0-9 -; of a new beacon [beacon]
  --data-dir DIR   where its key is kept, in beacon-key.json [the DATA_DIR of .env, or data]
  -h, --help       shows this

It speaks drand's HTTP interface (/info, /public/latest, /public/N) and its scheme bls-unchained-g1-rfc9380. The first start makes
the key, in a file for you alone (mode 0600), and from then on its rounds have their times. It keeps nothing else: started again, it
answers every round there was in between. Never give the key away, and let the clock of the machine be right.

Examples:
  ${commandLine('beacon')} --host 0.0.0.0 --name anna
  curl localhost:9003/public/latest

Exit codes: 0 stopped as asked, 1 failure, 2 wrong usage, 3 the port is in use, 4 the key cannot be read or written.
`;
  },
  async run(args, io) {
    const options = readBeaconOptions(args, io);
    // Before there is anything to stop: a program that waits for the banner may send a signal at once.
    const asked = untilAskedToStop();
    watchOutput(io);
    const clock = new SystemClock();
    const { info, sign } = await openSigner(options, clock.timestamp());
    const [{ BeaconServer }, { BeaconRounds }] = await Promise.all([
      import('../../http/beacon-server.ts'),
      import('../../http/beacon-rounds.ts'),
    ]);
    const rounds = new BeaconRounds({ info, sign, timestamp: () => clock.timestamp() });
    const failed = (error: unknown): void => {
      io.errors.write(`sortition: ${onOneLine(String(error))}.\n`);
    };
    const server = new BeaconServer({ rounds, turns: clock, failed });
    const place = await open(server, options);
    const { keyFile, host } = options;
    const facts = { ...place, host, info, keyFile, version: io.version, timestamp: clock.timestamp() };
    io.output.write(beaconBanner({ ...facts, networkInterfaces: networkInterfaces() }, io.paint));
    await asked;
    server.close();
    return exitCodes.fine;
  },
};

interface OpenSigner {
  readonly info: BeaconInfo;
  sign(round: number): string;
}

/** Reads the key of the beacon, or begins a new one now. */
async function openSigner({ keyFile, name, period }: BeaconOptions, timestamp: string): Promise<OpenSigner> {
  const { DrandSigner } = await import('../../core/drand-signer.ts');
  const key = asUnreadable(() => {
    const known = readBeaconKey(keyFile);
    if (known !== undefined) return known;
    const GenesisTime = Math.floor(Date.parse(timestamp) / 1000);
    const Secret = DrandSigner.newSecret(randomBytes(48));
    const made = { Name: name ?? 'beacon', GenesisTime, Period: period ?? 3, Secret };
    writeBeaconKey(keyFile, made);
    return made;
  });
  if (!DrandSigner.isSecret(key.Secret)) throw new UnreadableError(`${keyFile} is damaged: its Secret is no key`);
  refuseOther(key, 'name', key.Name, name, keyFile);
  refuseOther(key, 'period', key.Period, period, keyFile);
  const signer = new DrandSigner(key.Secret);
  return { info: infoOfKey(signer.publicKey, key), sign: (round) => signer.sign(round) };
}

/** Name and period are part of a beacon: chains that name it would not know it any more. */
function refuseOther<T>({ Name, Period }: BeaconKey, option: string, was: T, asked: T | undefined, file: string): void {
  if (asked === undefined || asked === was) return;
  throw new UsageError(
    `--${option} is ${asked}, but the beacon in ${onOneLine(file)} is ${Name} with a round every ${Period} s, for ever. Leave --${option} out, or begin another beacon with another --data-dir`,
  );
}

/** What a file of a key refuses, as an error of a command. */
function asUnreadable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ChainError ? new UnreadableError(error.message) : error;
  }
}

/** Listens, and says where. An address of `localhost` that this machine does not have is left out: IPv6 is often switched off. */
async function open(
  server: BeaconServer,
  { host, port }: BeaconOptions,
): Promise<{ readonly addresses: readonly string[]; readonly port: number }> {
  const all = listenAddresses(host);
  const [first = host] = all;
  for (const addresses of all.length > 1 ? [all, [first]] : [all]) {
    try {
      return { addresses, port: await server.open(addresses, port) };
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      if (code === undefined) throw error;
      if (!isMissing(code) || addresses.length === 1) throw await listenError(code, first, port);
    }
  }
  throw await listenError('EADDRNOTAVAIL', first, port);
}

async function listenError(code: string, address: string, port: number): Promise<CommandError> {
  if (code === 'EADDRINUSE') {
    const other = await freePortAfter(port, address, []);
    const cure = other === undefined ? 'Choose another with --port' : `Try --port ${other}`;
    return new PortInUseError(`port ${port} on ${address} is in use by another program. ${cure}`);
  }
  if (code === 'EACCES') return new UsageError(`this user may not listen on port ${port}. Try --port 9003`);
  return new UsageError(
    `this machine cannot listen on ${onOneLine(address)} (${code}). Try --host localhost or --host 0.0.0.0`,
  );
}

function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
