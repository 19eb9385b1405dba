/** Protocols of programs that connect to our port by mistake. In all of them the client speaks first. */
export type ForeignProtocol = 'http' | 'tls' | 'ssh';

/** How the first line of each protocol begins. Only a whole HTTP request line tells a browser from a person who types words. */
const signatures: readonly (readonly [ForeignProtocol, RegExp])[] = [
  // RFC 8446, 5.1: a record of a handshake (22), version 3.x. A person cannot type these bytes at a prompt.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the bytes that TLS begins with
  ['tls', /^\x16\x03[\x00-\x04]/],
  // RFC 4253, 4.2: SSH-2.0-OpenSSH_9.2
  ['ssh', /^SSH-\d\.\d/],
  // RFC 9112, 3: GET / HTTP/1.1. The path may be longer than a line.
  ['http', /^[A-Z-]+ (?:\S+ HTTP\/\d(?:\.\d)?$|[/*h]\S{4000})/],
];

/**
 * The protocol that is spoken, by its first line or by as much of it as has come; undefined for a person.
 *
 * @param line bytes as a latin1 string, one character a byte
 */
export function recogniseProtocol(line: string): ForeignProtocol | undefined {
  return signatures.find(([, signature]) => signature.test(line))?.[0];
}
