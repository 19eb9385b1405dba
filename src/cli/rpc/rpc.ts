import type { Command } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { nodeForms, openNode } from '../node-connection.ts';
import { readOptions } from '../options.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { paramsOfWords, printableJson } from './json-words.ts';

/** Calls a method of a server that runs. */
export const rpc: Command = {
  get help() {
    return `Calls a method of a running server (JSON-RPC, POST /rpc of its page) and prints the result as JSON.

Usage: ${commandLine('rpc')} METHOD [PARAMETER…] [options]

  METHOD             help lists all methods, help METHOD says all of one
  PARAMETER…         in their order, for example 12 or an address; or all by name as one object, '{"block":12}'
  --data-dir DIR     the server's data directory: what its operator may do needs the file rpc.cookie in it [the DATA_DIR
                     of .env, or data]
  --dashboard-port N the port of its page on this machine [the DASHBOARD_PORT of .env, or 9001]
  --url URL          its page, if that is elsewhere. The cookie goes to another machine only with --data-dir
  -h, --help         shows this

Examples:
  ${commandLine('rpc', 'help')}
  ${commandLine('rpc', 'getblock', '1')}
  ${commandLine('rpc', 'pause')}

Exit codes: 0 it was done, 1 the server refused or did not answer, 2 wrong usage, or no such method or parameter.
`;
  },
  async run(args, io) {
    const options = readOptions(args, nodeForms);
    const [method, ...words] = options.positionals;
    if (method === undefined) {
      throw new UsageError(
        `rpc takes the name of a method, for example ${commandLine('rpc', 'help')}, which lists all`,
      );
    }
    const result = await openNode(options, io).call(method, paramsOfWords(words));
    watchOutput(io);
    io.output.write(`${printableJson(result)}\n`);
    return exitCodes.fine;
  },
};
