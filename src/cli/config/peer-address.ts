import { isIP } from 'node:net';
import { parseDigits } from '../../base/amount.ts';
import { limits as syncLimits } from '../../node/sync/limits.ts';
import { limits } from '../../platform/limits.ts';

/** A peer that is asked for its identity when it is dialled. */
const place = /^\/(?:ip4|ip6|dns|dns4|dns6)\/[0-9A-Za-z.:-]+\/tcp\/(\d{1,5})(?:\/p2p\/[1-9A-HJ-NP-Za-km-z]{32,64})?$/;

/**
 * The address of a peer as it is dialled: a multiaddr, which is what the banner of a node prints, or HOST:PORT. Undefined where the text is
 * neither.
 */
export function parsePeerAddress(text: string): string | undefined {
  if (text.length > syncLimits.addressCharactersMax) return undefined;
  const [, multiaddrPort] = place.exec(text) ?? [];
  if (multiaddrPort !== undefined) return isPort(multiaddrPort) ? text : undefined;
  const [, host = '', port = ''] = /^([0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (!isPort(port)) return undefined;
  const name = host.replace(/^\[|\]$/g, '');
  const kind = ({ 0: 'dns', 4: 'ip4', 6: 'ip6' } as const)[isIP(name)] ?? 'dns';
  return host.startsWith('[') && kind !== 'ip6' ? undefined : `/${kind}/${name}/tcp/${Number(port)}`;
}

function isPort(digits: string): boolean {
  const port = parseDigits(digits);
  return port !== undefined && port >= 1n && port <= BigInt(limits.portMax);
}
