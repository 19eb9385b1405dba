import { joinCommands } from '../../console/banner.ts';
import { settingsHere } from '../settings.ts';
import { type Stage, UsageError } from '../verb.ts';
import type { ChainSource } from './chain-source.ts';
import { openSource } from './open-source.ts';

/** Opens what a person named, or the data directory of a server that is started here. Throws an UnreadableError or a UsageError. */
export async function openHere(word: string | undefined, { input, errors, version }: Stage): Promise<ChainSource> {
  if (word === '-' && input.isTTY) {
    errors.write(
      'Paste the chain, then press Ctrl-D. Terminals cut lines at 4095 characters: save a longer one to a file.\n',
    );
  }
  return openSource(word ?? dataDirectory(version), input, chainAdvice(version));
}

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
