import { connect, createServer } from 'node:net';
import { isMissing, listenAddresses } from '../../base/host.ts';
import { portOwner } from '../../platform/process-info.ts';
import { balancePrompt } from '../../tcp/seat-text.ts';
import { limits } from '../limits.ts';
import type { PortFacts } from './facts.ts';

/** Listens for a moment where a server would, and finds out who is there when that fails. */
export async function probePort(host: string, port: number): Promise<PortFacts> {
  const addresses = listenAddresses(host);
  const nobody = { port, host, isLottery: false, owner: undefined };
  for (const address of addresses) {
    const code = await codeOfListening(address, port);
    const isPassedOver = addresses.length > 1 && isMissing(code);
    if (code === undefined || isPassedOver) continue;
    if (code !== 'EADDRINUSE') return { ...nobody, code };
    return { port, host, code, isLottery: await isLottery(address, port), owner: portOwner(port) };
  }
  return { ...nobody, code: undefined };
}

/** What listening at a port of an address leads to: the system's code, undefined when it works. No connection is accepted. */
export async function codeOfListening(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function isLottery(address: string, port: number): Promise<boolean> {
  const actual = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return new Promise((resolve) => {
    const socket = connect({ host: actual, port, timeout: limits.greetingMs });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding('latin1');
    socket.once('data', (text: string) => end(text.startsWith(balancePrompt)));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
    socket.once('end', () => end(false));
  });
}
