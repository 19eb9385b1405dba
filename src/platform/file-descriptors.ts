import { limits } from './limits.ts';

/** The limit of open files and sockets of this process; undefined where the system does not report it. */
export function fileDescriptorLimit(): number | undefined {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('userLimits' in report)) return undefined;
  const { userLimits } = report;
  if (typeof userLimits !== 'object' || userLimits === null || !('open_files' in userLimits)) return undefined;
  const { open_files: openFiles } = userLimits;
  if (typeof openFiles !== 'object' || openFiles === null || !('soft' in openFiles)) return undefined;
  return typeof openFiles.soft === 'number' ? openFiles.soft : undefined;
}

/** How many connections there are file descriptors for. */
export interface Places {
  readonly people: number;
  readonly page: number;
}

/**
 * Divides the file descriptors between participants and the dashboard. `descriptors` undefined means unlimited. Participants get at most
 * `connectionsMax` and at least one place.
 */
export function placesWithin(descriptors: number | undefined, connectionsMax: number, hasPage: boolean): Places {
  const all = descriptors ?? Number.POSITIVE_INFINITY;
  const share = Math.floor(all * limits.dashboardDescriptorShare);
  const page = hasPage ? Math.min(limits.dashboardConnectionsMax, share) : 0;
  return { people: Math.max(1, Math.min(connectionsMax, all - limits.fileDescriptorReserve - page)), page };
}

/** The number of file descriptors that all places need. */
export function descriptorsFor(connectionsMax: number, hasPage: boolean): number {
  return connectionsMax + limits.fileDescriptorReserve + (hasPage ? limits.dashboardConnectionsMax : 0);
}
