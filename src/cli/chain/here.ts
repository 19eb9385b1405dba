import { joinCommands } from '../../console/banner.ts';
import { settingsHere } from '../settings.ts';
import { UsageError } from '../verb.ts';

/** The data directory of a server that is started here. Throws a UsageError when the settings are wrong. */
export function dataDirectory(version: string): string {
  const command = settingsHere([], version);
  if (command.kind === 'wrong') throw new UsageError(command.why);
  return command.kind === 'serve' ? command.config.dataDir : 'data';
}

/** How to check the chain of a server that runs: what to type. With -N, nc ends when its input does. */
export function chainAdvice(version: string): string {
  const command = settingsHere([], version);
  const { config } = command.kind === 'serve' ? command : { config: undefined };
  const host = config?.host ?? 'localhost';
  const [nc = ''] = joinCommands({ host, port: config?.port || 9000, networkInterfaces: {} });
  const seconds = Math.ceil((config?.chainBroadcastIntervalMs ?? 60_000) / 1000) + 1;
  return `Check what it sends: sleep ${seconds} | ${nc.replace('nc', 'nc -N')} > chain.txt; npx sortition verify chain.txt`;
}
