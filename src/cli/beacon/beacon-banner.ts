import type { ChalkInstance } from 'chalk';
import { onOneLine } from '../../base/escape-for-display.ts';
import { isLoopback, pageUrl } from '../../base/host.ts';
import type { BeaconInfo } from '../../core/beacon-info.ts';
import { type ListeningPlace, reachableHosts } from '../join-commands.ts';

export interface BeaconBannerFacts extends ListeningPlace {
  readonly version: string;
  readonly info: BeaconInfo;
  readonly keyFile: string;
  readonly addresses: readonly string[];
  /** The clock of this machine. */
  readonly timestamp: string;
}

/** What a beacon says when it is ready. The last lines are what a lottery server is given. */
export function beaconBanner(facts: BeaconBannerFacts, paint: ChalkInstance): string {
  const { version, info, keyFile, addresses, timestamp, host, port } = facts;
  const since = new Date(info.genesis_time * 1000).toISOString();
  const rows = [
    ['beacon', `${info.metadata.beaconID}, a round every ${info.period} s since ${since}`],
    ['chain', info.hash],
    ['clock', `${timestamp} on this machine; it must be right, for it says when each round may be told`],
    ['key', `${onOneLine(keyFile)}, for you alone: a person who reads it knows every round before`],
    ['listening', `${addresses.join(' and ')}, port ${port}`],
  ];
  const lines = rows.map(([label = '', value = '']) => `  ${paint.dim(label.padEnd(10))} ${value}\n`);
  // The URL of a beacon has no slash at its end: what is asked for comes behind it.
  const hosts = isLoopback(host) ? ['localhost'] : reachableHosts(facts);
  const urls = hosts.map((name) => pageUrl(name, port).slice(0, -1));
  const commands = urls.map((url) => `${paint.bold.green(`npm start -- --beacon ${url}`)}\n`);
  const hint = isLoopback(host) ? 'Other machines reach it when it is started with --host 0.0.0.0.\n' : '';
  return `${paint.bold('sortition beacon')} ${version}\n${lines.join('')}\nA lottery whose draws wait for it is begun with:\n${commands.join('')}${hint}`;
}
