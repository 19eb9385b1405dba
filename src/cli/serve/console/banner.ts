import type { NetworkInterfaceInfo } from 'node:os';
import type { ChalkInstance } from 'chalk';

/** Where a server listens, and what that means on this machine. */
export interface Reachable {
  readonly host: string;
  readonly port: number;
  readonly networkInterfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
}

export interface BannerFacts extends Reachable {
  readonly version: string;
  /** The addresses that are listened on. */
  readonly addresses: readonly string[];
  readonly height: number;
  readonly dataDir: string;
  readonly lotteryIntervalMs: number;
  readonly chainBroadcastIntervalMs: number;
  readonly connectionsMax: number;
  /** Why fewer connections are taken than the settings ask for; undefined when they are not. */
  readonly connectionsNote: string | undefined;
  /** The address of the page, or why there is none; undefined when nobody wants one. */
  readonly page: string | undefined;
}

/** What the server says when it is ready. The last lines are the commands to join. */
export function banner(facts: BannerFacts, paint: ChalkInstance): string {
  const note = facts.connectionsNote === undefined ? '' : `, ${facts.connectionsNote}`;
  const rows = [
    [
      'chain',
      `${facts.height === 0 ? 'only its genesis so far' : `${facts.height + 1} blocks`}, verified, kept in ${facts.dataDir}`,
    ],
    [
      'rounds',
      `every ${seconds(facts.lotteryIntervalMs)}; the whole chain to everybody every ${seconds(facts.chainBroadcastIntervalMs)}`,
    ],
    [
      'listening',
      `${facts.addresses.join(' and ')}, port ${facts.port}; up to ${facts.connectionsMax} connections${note}`,
    ],
    ...(facts.page === undefined ? [] : [['page', facts.page]]),
    ['console', 'type help for what you can do here'],
  ];
  const lines = rows.map(([label = '', value = '']) => `  ${paint.dim(label.padEnd(10))} ${value}\n`);
  const commands = joinCommands(facts).map((command) => `${paint.bold.green(command)}\n`);
  return `${paint.bold('sortition')} ${facts.version}\n${lines.join('')}\nJoin from another terminal:\n${commands.join('')}`;
}

/** The commands that reach this server: one for each address of the machine when it listens on all of them. */
export function joinCommands(facts: Reachable): readonly string[] {
  const { host, port } = facts;
  const local = host === '0.0.0.0' || host === '::' ? ['localhost'] : [];
  return [...local, ...reachableHosts(facts)].map((name) => `nc ${name} ${port}`);
}

/** The names or addresses under which a server is reached: one for each address of the machine when it listens on all of them. */
export function reachableHosts(facts: Omit<Reachable, 'port'>): readonly string[] {
  const { host, networkInterfaces } = facts;
  if (host !== '0.0.0.0' && host !== '::') return [host];
  return (
    Object.values(networkInterfaces)
      .flatMap((entries) => entries ?? [])
      // A link-local address means nothing without the name of the interface on the other machine.
      .filter(({ internal, family, address }) => {
        return !internal && (family === 'IPv4' || host === '::') && !address.startsWith('fe80:');
      })
      .map(({ address }) => address)
  );
}

function seconds(intervalMs: number): string {
  return intervalMs % 1000 === 0 ? `${intervalMs / 1000} s` : `${intervalMs} ms`;
}
