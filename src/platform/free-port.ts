import { createServer } from 'node:net';
import { limits } from './limits.ts';

/** The first port after `port` that nobody listens on at an address, other than those in `except`; undefined when there is none near. */
export async function freePortAfter(
  port: number,
  address: string,
  except: readonly number[],
): Promise<number | undefined> {
  for (let candidate = port + 1; candidate <= Math.min(port + limits.portTriesMax, limits.portMax); candidate++) {
    if (!except.includes(candidate) && (await isFree(candidate, address))) return candidate;
  }
  return undefined;
}

async function isFree(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: address, port }, () => server.close(() => resolve(true)));
  });
}
