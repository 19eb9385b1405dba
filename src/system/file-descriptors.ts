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
