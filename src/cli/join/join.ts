import { fileDescriptorLimit } from '../../platform/file-descriptors.ts';
import type { Command, CommandIo } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { readCurrentConfig } from '../config/current-config.ts';
import { initialOf } from '../config/setting.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { BotFleet } from './bot-fleet.ts';
import { InteractiveClient } from './interactive-client.ts';
import { readJoinOptions } from './join-options.ts';
import { limits } from './limits.ts';
import { readAddress } from './server-address.ts';

/** A client for people without nc, and for bots. */
export const join: Command = {
  get help() {
    return `Joins a lottery, shows what the server says, and checks every chain that it sends: that the chain holds, that nothing in it has
changed, and that its winners are those who were announced.

Usage: ${commandLine('join')} [HOST[:PORT]] [options]          without HOST: localhost, with the PORT of .env or 9000

  --stake 100          enters this balance
  --bpm 60..100        proposes by itself, a BPM of this range, or always the same (--bpm 72); needs --stake
                       where nobody types
  --every 5s           proposes this often (500ms, 5s, 1m) instead of once a round; a round takes one candidate only
  --every once-per-round
  --rounds 10          leaves after so many draws
  --bots 20            so many validators from one process, each on a connection of its own
  --stakes 1..1000     what they stake [1..1000]
  --page URL           the server's page: where draws wait for beacons, the signature of each sealed pool is kept, which convicts the
                       server where it draws from another pool
  -h, --help           shows this

On a terminal there are a history, editing keys and, as soon as it can be known, the time until the draw. A line that would
cost your stake is only sent when you enter it twice. Where input or output is a pipe it is lines in and lines out: after the last
line of its input it hears the result of the round.

Examples:
  ${commandLine('join')}                                        play at this machine's server
  ${commandLine('join')} 192.168.1.7                            at another one's; [::1]:9000 is IPv6
  ${commandLine('join')} --stake 100 --bpm 60..100              play by yourself, without typing
  printf '100\\n72\\n' | ${commandLine('join')}                   one candidate, one result
  ${commandLine('join')} --bots 20 --stakes 1..1000 --rounds 10 fill a room

Exit codes: 0 left, or played to the end, 1 not played to the end (no connection, or lost; slashed, or thrown out; no balance accepted;
what answers is no lottery), 2 wrong usage, 4 the chain is of an unreleased version, 5 the output cannot be written, 6 something the server said does not hold.
`;
  },
  async run(args, io) {
    watchOutput(io);
    const options = readJoinOptions(args);
    if (options.bots === undefined && options.bpm !== undefined && options.stake === undefined && !io.input.isTTY) {
      throw new UsageError(
        'to play by itself, with --bpm or --every, it needs --stake where nobody types: for example --stake 100 --bpm 60..100',
      );
    }
    const address = readAddress(options.server, portHere(io));
    if (options.bots === undefined) return new InteractiveClient(options, address, io).run();
    const botsMax = (fileDescriptorLimit() ?? limits.botsMax) - limits.clientFilesReserve;
    if (options.bots.count > botsMax) {
      throw new UsageError(
        `--bots is ${options.bots.count}, but the file descriptor limit leaves room for ${botsMax}: raise it with ulimit -n ${options.bots.count + limits.clientFilesReserve}`,
      );
    }
    return new BotFleet(options, options.bots, address, io).run();
  },
};

/** The port of a server that is started here. */
function portHere(io: CommandIo): number {
  const command = readCurrentConfig([], io);
  if (command.kind === 'wrong') throw new UsageError(command.why);
  // With PORT=0 the system chooses the port, and it cannot be known here.
  return command.kind === 'serve' && command.config.port > 0 ? command.config.port : Number(initialOf('PORT'));
}
