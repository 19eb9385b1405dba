import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { limits as platformLimits } from '../../platform/limits.ts';
import { UsageError } from '../command-error.ts';
import { limits } from './limits.ts';

/** Where a server is. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

const example = 'for example localhost:9000, 192.168.1.7 or [::1]:9000';

/**
 * Reads `HOST`, `HOST:PORT`, `[IPv6]:PORT`, a bare IPv6 address, `PORT`, or nothing, which is `localhost` and the initial port. `HOST PORT`
 * is taken too, so that a line for nc works as it is. Throws a UsageError for anything else.
 */
export function readAddress(words: readonly string[], initialPort: number): ServerAddress {
  const [first, second, third] = words;
  if (third !== undefined)
    throw new UsageError(`"${escapeForDisplay(third)}" is one word too many: give one server, ${example}`);
  if (first === undefined) return { host: 'localhost', port: initialPort };
  if (second !== undefined) return { host: readHost(first), port: readPort(second) };
  if (/^[0-9]+$/.test(first)) return { host: 'localhost', port: readPort(first) };
  const [, bracketed, portAfterBrackets] = /^\[([^\]]*)\](?::(.*))?$/.exec(first) ?? [];
  if (bracketed !== undefined) {
    return {
      host: readHost(bracketed),
      port: portAfterBrackets === undefined ? initialPort : readPort(portAfterBrackets),
    };
  }
  const [, host, port] = /^([^:]*):([^:]*)$/.exec(first) ?? [];
  if (host !== undefined && port !== undefined) return { host: readHost(host), port: readPort(port) };
  return { host: readHost(first), port: initialPort };
}

/** How a person writes it: an IPv6 address stands in brackets before its port. */
export function shownAddress({ host, port }: ServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function readHost(text: string): string {
  const isName = text.length <= limits.hostNameCharactersMax && /^[0-9A-Za-z_-][0-9A-Za-z._-]*$/.test(text);
  const isIPv6 = /^[0-9A-Fa-f:.]{2,45}(?:%[0-9A-Za-z._-]{1,32})?$/.test(text) && text.includes(':');
  if (!isName && !isIPv6)
    throw new UsageError(`"${escapeForDisplay(text)}" is no name or address of a machine, ${example}`);
  return text;
}

function readPort(text: string): number {
  const port = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > platformLimits.portMax) {
    throw new UsageError(
      `"${escapeForDisplay(text)}" is no port: a port is a whole number from 1 to ${platformLimits.portMax}, for example 9000`,
    );
  }
  return port;
}
