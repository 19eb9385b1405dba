import type { IncomingMessage } from 'node:http';

/** Headers that only ask for another protocol. */
const asking: readonly string[] = ['upgrade', 'http2-settings', 'connection'];

/** Whether a request asks for a WebSocket. */
export function wantsWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * The head of a request as it would be without the wish for another protocol. A server may pass over that wish (RFC 9110, 7.8), which curl has by
 * habit; but Node parses no body behind it.
 */
export function plainHead({ method, url, httpVersion, rawHeaders, headers }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const [name = '', value = ''] = rawHeaders.slice(place, place + 2);
    if (!asking.includes(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  const options = (headers.connection ?? '').split(',').map((option) => option.trim());
  const others = options.filter((option) => option !== '' && !asking.includes(option.toLowerCase()));
  if (others.length > 0) lines.push(`Connection: ${others.join(', ')}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
