import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeForDisplay, onOneLine } from '../base/escape-for-display.ts';
import { isLoopback, pageUrl } from '../base/host.ts';
import { callErrors } from '../http/rpc/json-rpc.ts';
import { limits as platformLimits } from '../platform/limits.ts';
import { dataDirForm } from './chain/chain-name.ts';
import type { CommandIo } from './command.ts';
import { FailedError, UsageError } from './command-error.ts';
import { readCurrentDataDirectory, readCurrentPage } from './config/current-config.ts';
import { type OptionForm, type Options, readWhole } from './options.ts';
import { type RpcAnswer, RpcClient } from './rpc-client.ts';

/** The options that name a running server. */
export const nodeForms: readonly OptionForm[] = [
  { name: 'url', example: 'http://localhost:9001/' },
  { name: 'dashboard-port', example: '9001' },
  dataDirForm,
];

/** A running server that a command asks. */
export interface NodeConnection {
  /** The result of a method. Throws a UsageError where the server says that method or parameters are none, else a FailedError. */
  call(method: string, params: unknown): Promise<unknown>;
  /** The same; undefined where the server says that there is no such thing. */
  find(method: string, params: unknown): Promise<unknown>;
}

/** The running server that the options and settings name. It is asked with the first call. */
export function openNode(options: Options, io: CommandIo): NodeConnection {
  const url = readUrl(options, io);
  const client = new RpcClient({ url: url.href, readCredentials: () => readCookie(url, options, io) });
  return {
    call: async (method, params) => resultOf(await client.call(method, params), url),
    find: async (method, params) => {
      const answer = await client.call(method, params);
      const isMissing = answer.kind === 'error' && answer.code === callErrors.notFound.code;
      return isMissing ? undefined : resultOf(answer, url);
    },
  };
}

/** The address of POST /rpc at the page that the options and settings name. */
function readUrl({ values }: Options, io: CommandIo): URL {
  const [text, port] = [values.get('url'), values.get('dashboard-port')];
  if (text === undefined) {
    const page = readCurrentPage(io);
    const number =
      port === undefined
        ? page.port
        : Number(readWhole(nodeForms, 'dashboard-port', port, [1n, BigInt(platformLimits.portMax)]));
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
