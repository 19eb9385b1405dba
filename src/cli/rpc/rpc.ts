import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeForDisplay, onOneLine } from '../../base/escape-for-display.ts';
import { isLoopback, pageUrl } from '../../base/host.ts';
import { callErrors } from '../../http/rpc/json-rpc.ts';
import { limits as platformLimits } from '../../platform/limits.ts';
import { dataDirForm } from '../chain/chain-name.ts';
import type { Command, CommandIo } from '../command.ts';
import { FailedError, UsageError } from '../command-error.ts';
import { readCurrentDataDirectory, readCurrentPage } from '../config/current-config.ts';
import { exitCodes } from '../exit-codes.ts';
import { type OptionForm, type Options, readOptions, readWhole } from '../options.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { paramsOfWords, printableJson } from './json-words.ts';
import { type RpcAnswer, RpcClient } from './rpc-client.ts';

const forms: readonly OptionForm[] = [
  { name: 'url', example: 'http://localhost:9001/' },
  { name: 'dashboard-port', example: '9001' },
  dataDirForm,
];

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
    const options = readOptions(args, forms);
    const [method, ...words] = options.positionals;
    if (method === undefined) {
      throw new UsageError(
        `rpc takes the name of a method, for example ${commandLine('rpc', 'help')}, which lists all`,
      );
    }
    const url = readUrl(options, io);
    const client = new RpcClient({ url: url.href, readCredentials: () => readCookie(url, options, io) });
    const result = resultOf(await client.call(method, paramsOfWords(words)), url);
    watchOutput(io);
    io.output.write(`${printableJson(result)}\n`);
    return exitCodes.fine;
  },
};

/** The address of POST /rpc at the page that the options and settings name. */
function readUrl({ values }: Options, io: CommandIo): URL {
  const [text, port] = [values.get('url'), values.get('dashboard-port')];
  if (text === undefined) {
    const page = readCurrentPage(io);
    const number =
      port === undefined
        ? page.port
        : Number(readWhole(forms, 'dashboard-port', port, [1n, BigInt(platformLimits.portMax)]));
    if (number === 0) {
      throw new UsageError(
        'DASHBOARD_PORT is 0, and a server without a page cannot be called. Name another with --dashboard-port 9001',
      );
    }
    return new URL('rpc', pageUrl(page.host, number));
  }
  if (port !== undefined) throw new UsageError('--url has the port in it: leave --dashboard-port out');
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new UsageError(
      `--url is "${escapeForDisplay(text)}", but must be the address of a page, for example --url http://localhost:9001/`,
    );
  }
  return new URL('/rpc', text);
}

/** The cookie of the server, for itself alone: another machine gets it only where a person names the directory. */
function readCookie(url: URL, { values }: Options, io: CommandIo): string | undefined {
  const directory = values.get(dataDirForm.name);
  const isOurs = values.get('url') === undefined || isLoopback(url.hostname.replace(/^\[|\]$/g, ''));
  if (directory === undefined && !isOurs) return undefined;
  try {
    return readFileSync(join(directory ?? readCurrentDataDirectory(io), 'rpc.cookie'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

function resultOf(answer: RpcAnswer, url: URL): unknown {
  switch (answer.kind) {
    case 'result':
      return answer.result;
    case 'error': {
      const { invalidParams, methodNotFound, invalidRequest } = callErrors;
      const isUsage = [invalidParams, methodNotFound, invalidRequest].some(({ code }) => code === answer.code);
      const words = onOneLine(answer.words);
      throw isUsage ? new UsageError(words) : new FailedError(words);
    }
    case 'refused': {
      const cure = answer.status === 401 ? '. Name the data directory with --data-dir, as a user who may read it' : '';
      throw new FailedError(`the server refused this (${answer.status}): ${onOneLine(answer.words)}${cure}`);
    }
    case 'silent':
      throw new FailedError(
        `${onOneLine(url.host)} does not answer: ${onOneLine(answer.why)}. Start a server, or name its page with --url`,
      );
  }
}
