import { escapeForDisplay } from '../base/escape-for-display.ts';
import type { ChainKind } from '../consensus/engine.ts';
import { errorLine } from './error-line.ts';
import type { ForeignProtocol } from './foreign-protocol.ts';
import { limits } from './limits.ts';

/**
 * What a connection reads that the server does not serve, or not for longer.
 * `line` is always what a person typed, and is shown escaped.
 */

/** Arrow keys and the like, which nc sends as they are; they cost nothing (SPEC 1). */
export function editingKeys(line: string): string {
  return errorLine(
    `"${escapeForDisplay(line)}" has an arrow or another such key in it: editing keys do not work in nc, only Backspace does. Nothing is lost: type the line again.`,
  );
}

/** The last words to a line without end. */
export function tooLong(): string {
  return errorLine(
    `that line is longer than ${limits.lineBytesMax} bytes, so the server closes this connection. A line is one number, for example 72.`,
  );
}

/** The last words to a person who reads too slowly. */
export function readsTooSlowly(): string {
  return `\n${errorLine(
    'too many bytes wait for you to read them, so the server closes this connection. Connect again to go on.',
  )}`;
}

/** The only words to a connection that is refused because all places are taken. */
export function serverIsFull(connectionsMax: number): string {
  return errorLine(`the server has all the ${connectionsMax} connections it can take. Try again in a minute.`);
}

/** The only words to a connection that is refused because its network address has all its places. */
export function addressIsFull(connectionsMax: number): string {
  return errorLine(
    `your network address has all the ${connectionsMax} connections that one address may have. Try again in a minute.`,
  );
}

/** The last words to an evicted connection, which had no balance. */
export function evicted(): string {
  return `\n${errorLine('the server is full, and whoever has not entered a balance makes room for others. Connect again, and enter one.')}`;
}

/** To a program that speaks a foreign protocol: where people take part, and for a browser the address of the page, where there is one. */
export function forForeignProtocol(
  protocol: ForeignProtocol,
  host: string,
  port: number,
  page: string | undefined,
  kind: ChainKind = 'lottery',
): string {
  const command = `nc ${host} ${port}`;
  const [what, how] = kind === 'lottery' ? ['lottery', 'is played'] : ['chain of blocks', 'grows'];
  if (protocol !== 'http') {
    return errorLine(
      `this is a ${what} in plain text, without ${protocol.toUpperCase()}. Type into a terminal: ${command}`,
    );
  }
  const link = page === undefined ? '' : `<p>Or take part in your browser: <a href="${page}play">${page}play</a></p>\n`;
  const document = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>sortition</title>
<p>This is a ${what} that ${how} in a terminal. Open one and type:</p>
<pre>
    ${command}
</pre>
${link}</html>
`;
  const head = [
    'HTTP/1.1 200 OK',
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${document.length}`,
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: no-referrer',
    'Cache-Control: no-store',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${document}`;
}

/** The last words when serving this person failed. */
export function faultOfOurs(): string {
  return `\n${errorLine('something went wrong in the server, and it closes this connection. It was not your doing: connect again.')}`;
}
