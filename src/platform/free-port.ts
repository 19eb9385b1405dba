import { createServer } from 'node:net';
import { limits } from './limits.ts';

/** The first free port after `port` at an address that is not in `except`; undefined when none of the next `limits.portTriesMax` is free. */
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
