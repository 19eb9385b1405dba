import type { NetworkInterfaceInfo } from 'node:os';
import { isLoopback } from '../../base/host.ts';
import { initialOf } from '../config/setting.ts';
import { joinCommands } from '../join-commands.ts';
import type { Alternatives } from './alternatives.ts';
import type { Finding } from './finding.ts';
import type { SuggestCommand } from './suggested-command.ts';

/** Whether ::1 works; `code` is what trying it led to. */
export function checkIPv6(code: string | undefined): Finding {
  const topic = 'ipv6';
  if (code === undefined) return { topic, verdict: 'ok', says: '::1 works' };
  return {
    topic,
    verdict: 'warn',
    says: `::1 does not work here (${code})`,
    cure: 'nothing has to be done: people connect to 127.0.0.1',
  };
}

/** Who can reach a server with this HOST, and the lines with which they join. */
export function checkHost(
  host: string,
  port: number,
  networkInterfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
  alternatives: Alternatives,
  suggestCommand: SuggestCommand,
): Finding {
  const topic = 'join';
  const portOrExample = port === 0 ? Number(initialOf('PORT')) : port;
  const commandsFor = (someHost: string, somePort: number): readonly string[] =>
    joinCommands({ host: someHost, port: somePort, networkInterfaces });
  if (isLoopback(host)) {
    // The first one is for this machine itself.
    const others = commandsFor('0.0.0.0', alternatives.port ?? portOrExample).slice(1);
    const says = `HOST=${host}: this machine only, ${commandsFor(host, portOrExample).join()}`;
    const cure =
      others.length === 0
        ? undefined
        : `for others: ${suggestCommand({ host: '0.0.0.0' })}, and they type ${others.join(' or ')}`;
    return { topic, verdict: 'ok', says, ...(cure === undefined ? {} : { cure }) };
  }
  const commands = commandsFor(host, portOrExample);
  const reachable = host === '0.0.0.0' || host === '::' ? commands.slice(1) : commands;
  if (reachable.length === 0) {
    const cure = 'connect it to a network; until then only this machine can join';
    return {
      topic,
      verdict: 'warn',
      says: `HOST=${host}, but this machine has no address that others could use`,
      cure,
    };
  }
  const cure = 'a firewall must let that port through; from this machine nobody can see whether it does';
  return { topic, verdict: 'ok', says: `HOST=${host}: others type ${reachable.join(' or ')}`, cure };
}
