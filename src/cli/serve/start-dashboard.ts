import { messageOf } from '../../base/error-message.ts';
import { pageUrl } from '../../base/host.ts';
import { PerSubnetLimiter } from '../../base/per-subnet-limiter.ts';
import type { Dashboard } from '../../http/dashboard.ts';
import type { DashboardOptions } from '../../http/dashboard-options.ts';
import { limits as httpLimits } from '../../http/limits.ts';
import { limits as rpcLimits } from '../../http/rpc/limits.ts';
import type { LotteryService } from '../../node/participant.ts';
import type { RpcCookie } from '../../platform/rpc-cookie.ts';
import type { ClientHub } from '../../tcp/client-hub.ts';
import type { Config } from '../config/config.ts';
import { joinCommands, type ListeningPlace, reachableHosts } from '../join-commands.ts';

/** What the page is made from. */
export interface DashboardParts
  extends Pick<
    DashboardOptions,
    'version' | 'clock' | 'store' | 'connectionsMax' | 'traffic' | 'failed' | 'peers' | 'play'
  > {
  readonly hasPage: boolean;
  readonly config: Config;
  /** Why people cannot take part over HTTP; undefined where they can. */
  readonly refusal: () => string | undefined;
  /** How many people are connected. */
  readonly connections: () => number;
  readonly clients: ClientHub;
  /** What the operator's programs authenticate with. */
  readonly cookie: RpcCookie;
  /** Stops the server. */
  readonly askToStop: () => void;
  readonly lottery: () => LotteryService & ReturnType<DashboardOptions['lottery']>;
}

/** Makes the page, where there is to be one. It is loaded only then: it is most of what a server has to load. */
export async function makeDashboard({
  hasPage,
  config,
  clients,
  cookie,
  askToStop,
  refusal,
  ...rest
}: DashboardParts): Promise<Dashboard | undefined> {
  if (!hasPage) return undefined;
  const { Dashboard } = await import('../../http/dashboard.ts');
  return new Dashboard({
    ...rest,
    intervalMs: config.lotteryIntervalMs,
    isDoor: config.log !== undefined,
    chain: () => clients.chain,
    connectionLimiter: new PerSubnetLimiter(Math.ceil(rest.connectionsMax * httpLimits.dashboardAddressShare)),
    seatRules: {
      service: rest.lottery,
      kind: () => rest.lottery().status().kind,
      rules: { stakeMax: config.maxStake, slashAfter: config.slashAfter },
      seatsMax: Math.min(config.maxConnections, httpLimits.seatsMax),
      subnetLimiter: new PerSubnetLimiter(config.maxConnectionsPerAddress),
      idleMs: Math.max(httpLimits.seatIdleMs, 2 * config.lotteryIntervalMs),
    },
    rpc: { cookie: () => cookie.credentials, bodyMs: rpcLimits.bodyMs, stop: askToStop },
    writeBounds: {
      refusal,
      perSecond: config.maxLinesPerSecond,
      bodyMs: httpLimits.writeBodyMs,
      searchMs: httpLimits.searchWaitMs,
    },
  });
}

/** Opens the page. Returns its address, or the reason why there is no page. */
export async function openPage(
  dashboard: Dashboard,
  { host, dashboardPort }: Config,
  addresses: readonly string[],
  interfaces: ListeningPlace,
): Promise<string> {
  const hosts = reachableHosts(interfaces);
  const place = { addresses, port: dashboardPort, join: joinCommands(interfaces) };
  try {
    const port = await dashboard.open({ ...place, hosts: host === 'localhost' ? [] : hosts });
    return pageUrl(hosts[0] ?? 'localhost', port);
  } catch (error) {
    return `none: ${whyNoPage(error, dashboardPort)}`;
  }
}

/** The lottery runs without its page, so this is no error but a line for the operator. */
function whyNoPage(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `port ${port} is in use; choose another with --dashboard-port`;
  if (code === 'EACCES') return `this user may not listen on port ${port}; choose another with --dashboard-port`;
  return messageOf(error);
}
