import { join, resolve } from 'node:path';
import { listenAddresses } from '../../base/host.ts';
import { freePortAfter } from '../../platform/free-port.ts';
import { lockOwner } from '../../platform/process-info.ts';
import type { Config } from '../config/config.ts';
import type { DataFacts, PortFacts } from './facts.ts';

/** A port and a directory for a server beside what runs here already. Undefined for what can stay as it is, and where no place was found. */
export interface Alternatives {
  readonly port: number | undefined;
  readonly dashboardPort: number | undefined;
  readonly dataDir: string | undefined;
}

/** Directories for a second server, in the current one. */
const directoryNames = ['other', 'another', 'yet-another'];

/** Finds other places for all that is taken. They fit together, so that one start with all of them works: no port is named twice. */
export async function findAlternatives(
  { host, port, dashboardPort, dataDir }: Config,
  onPort: PortFacts,
  onPage: PortFacts,
  data: DataFacts,
): Promise<Alternatives> {
  const [address = host] = listenAddresses(host);
  const otherPort =
    onPort.code === 'EADDRINUSE' ? await freePortAfter(port, address, [port, dashboardPort]) : undefined;
  const isPageTaken = dashboardPort !== 0 && (dashboardPort === port || onPage.code === 'EADDRINUSE');
  const taken = otherPort === undefined ? [port] : [port, otherPort];
  return {
    port: otherPort,
    dashboardPort: isPageTaken ? await freePortAfter(dashboardPort, address, taken) : undefined,
    dataDir: mayHold(data, onPort) ? directoryNames.find((name) => isFree(name, dataDir)) : undefined,
  };
}

/** True where a server has the directory, or may have it: a lottery at the port whose process cannot be seen. */
function mayHold({ lockedBy }: DataFacts, { isLottery, owner }: PortFacts): boolean {
  return lockedBy !== undefined || (isLottery && owner === undefined);
}

function isFree(name: string, dataDir: string): boolean {
  return resolve(name) !== resolve(dataDir) && lockOwner(join(name, 'chain', 'LOCK')) === undefined;
}
