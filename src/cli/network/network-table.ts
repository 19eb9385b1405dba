import { pageUrl } from '../../base/host.ts';
import type { NodePlace, NodeReport } from './network-node.ts';

/** The nodes of a network, a line each: where people join, where the page is, and how far its chain is. */
export function networkTable(
  rows: readonly { readonly place: NodePlace; readonly report: NodeReport | undefined }[],
): string {
  const lines = rows.map(({ place, report }) => {
    const state =
      report === undefined
        ? 'no answer'
        : `${String(report.height).padStart(6)}  ${report.hash.slice(0, 8)}  ${String(report.peers).padStart(5)}`;
    const join = `nc localhost ${place.port}`.padEnd(18);
    return `  ${place.name.padEnd(8)}  ${join}  ${pageUrl('localhost', place.pagePort).padEnd(23)}  ${state}\n`;
  });
  return `  ${'node'.padEnd(8)}  ${'join'.padEnd(18)}  ${'page'.padEnd(23)}  height  last hash  peers\n${lines.join('')}`;
}
