import { limits } from './limits.ts';

/** How many files and sockets this process may have open at once; undefined where the system does not say. */
export function fileDescriptorLimit(): number | undefined {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('userLimits' in report)) return undefined;
  const { userLimits } = report;
  if (typeof userLimits !== 'object' || userLimits === null || !('open_files' in userLimits)) return undefined;
  const { open_files: openFiles } = userLimits;
  if (typeof openFiles !== 'object' || openFiles === null || !('soft' in openFiles)) return undefined;
  return typeof openFiles.soft === 'number' ? openFiles.soft : undefined;
}

/** How many connections there is room for. */
export interface Places {
  readonly people: number;
  readonly page: number;
}

/**
 * As many places as were asked for, or as so many file descriptors allow, undefined being any number; where there is a page, it has a share of
 * them. There is room for one person at least.
 */
export function placesWithin(descriptors: number | undefined, connectionsMax: number, hasPage: boolean): Places {
  const all = descriptors ?? Number.POSITIVE_INFINITY;
  const share = Math.floor(all * limits.dashboardDescriptorShare);
  const page = hasPage ? Math.min(limits.dashboardConnectionsMax, share) : 0;
  return { people: Math.max(1, Math.min(connectionsMax, all - limits.fileDescriptorReserve - page)), page };
}

/** A number of file descriptors that is enough for all places. */
export function descriptorsFor(connectionsMax: number, hasPage: boolean): number {
  return connectionsMax + limits.fileDescriptorReserve + (hasPage ? limits.dashboardConnectionsMax : 0);
}
