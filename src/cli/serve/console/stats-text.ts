import type { ChalkInstance } from 'chalk';
import { pluralize } from '../../../base/formatting.ts';
import type { LogStatus } from '../../../consensus/engine.ts';
import { limits } from '../limits.ts';

/** How the server does. */
export interface Stats {
  /** Since its start, ms. */
  readonly upMs: number;
  /** Since the stats before, ms: the time that rates and delays are of. */
  readonly spanMs: number;
  readonly connections: number;
  readonly connectionsMax: number;
  readonly validators: number;
  /** Everything that is counted by its name, a row of names each. */
  readonly ended: Counts;
  readonly refused: Counts;
  readonly slowed: Counts;
  readonly chains: Counts;
  /** Where this server is one of several doors. */
  readonly log?: LogStatus;
  readonly linesIn: Flow;
  readonly bytesIn: Flow;
  readonly bytesOut: Flow;
  /** How late the event loop came to what was due since the stats before, ms. */
  readonly late: { readonly medianMs: number; readonly mostMs: number; readonly longestMs: number };
  readonly memory: {
    readonly residentBytes: number;
    readonly heapBytes: number;
    readonly heapMaxBytes: number;
    readonly buffersBytes: number;
  };
}

/** Where the values begin. */
const labelColumns = 14;

type Counts = readonly (readonly [name: string, count: number])[];

interface Flow {
  readonly all: number;
  readonly perSecond: number;
}

/** The stats as lines of the console. */
export function statsText(stats: Stats, paint: ChalkInstance): string {
  const { linesIn, late, memory } = stats;
  const rows = [
    ['up', `${duration(stats.upMs)}; rates and delays are those of the last ${duration(stats.spanMs)}`],
    ['connections', `${stats.connections} of ${stats.connectionsMax}, ${stats.validators} with a balance`],
    ['ended', counts(stats.ended)],
    ['refused', counts(stats.refused)],
    ['slowed', counts(stats.slowed)],
    ['chains', counts(stats.chains)],
    ...(stats.log === undefined ? [] : [['log', logText(stats.log)]]),
    ['lines in', `${linesIn.all}, ${linesIn.perSecond.toFixed(1)} a second`],
    ['bytes in', flow(stats.bytesIn)],
    ['bytes out', flow(stats.bytesOut)],
    [
      'event loop',
      `late by ${late.medianMs.toFixed(1)} ms (median), ${late.mostMs.toFixed(1)} ms (99 %), ${late.longestMs.toFixed(1)} ms (once)`,
    ],
    [
      'memory',
      `${size(memory.residentBytes)} resident; heap ${size(memory.heapBytes)} of ${size(memory.heapMaxBytes)}; buffers ${size(memory.buffersBytes)}`,
    ],
  ];
  return rows.map(([label = '', value = '']) => `  ${paint.dim(label.padEnd(labelColumns - 3))} ${value}\n`).join('');
}

/** As many lines as a terminal needs that must not break a word. */
function counts(rows: Counts): string {
  const lines: string[] = [];
  for (const [name, count] of rows) {
    const words = `${name} ${count}`;
    const line = lines.pop();
    if (line === undefined) lines.push(words);
    else if (labelColumns + `${line}, ${words},`.length <= limits.consoleColumns) lines.push(`${line}, ${words}`);
    else lines.push(`${line},`, words);
  }
  return lines.join(`\n${' '.repeat(labelColumns)}`);
}

function flow({ all, perSecond }: Flow): string {
  return `${size(all)}, ${size(perSecond)} a second`;
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function size(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Where this door stands in the log of all. */
function logText({ leader, isLeader, term, waiting, failovers }: LogStatus): string {
  const who = isLeader ? 'this door leads' : leader === undefined ? 'no door leads' : `door ${leader} leads`;
  return `${who}, term ${term}; ${waiting} waiting; ${pluralize(failovers, 'failover')}`;
}
