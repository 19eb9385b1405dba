import { messageOf } from '../../base/error-message.ts';
import { pageUrl } from '../../base/page-url.ts';
import type { Dashboard } from '../../http/dashboard.ts';
import type { Config } from '../config/config.ts';
import { joinCommands, type Reachable, reachableHosts } from './console/banner.ts';

/** Opens the page and returns its address, or why there is none. */
export async function openPage(
  dashboard: Dashboard,
  { host, dashboardPort }: Config,
  addresses: readonly string[],
  interfaces: Reachable,
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
