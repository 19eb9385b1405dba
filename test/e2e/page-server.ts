import { createServer } from 'node:net';
import { type LocalOptions, LocalServer } from './local-server.ts';
import { type ProcessOptions, ServerProcess } from './server-process.ts';

export interface PageServer<Server = LocalServer> {
  readonly server: Server;
  /** Where the page is, without a slash at its end. */
  readonly base: string;
  readonly pagePort: number;
}

/** A server with its page, on a free port each, in the process of the test. */
export async function startWithPage({ words = [], ...options }: LocalOptions = {}): Promise<PageServer> {
  const pagePort = await freePort();
  const server = await LocalServer.start({ ...options, words: ['--dashboard-port', String(pagePort), ...words] });
  return { server, pagePort, base: `http://127.0.0.1:${pagePort}` };
}

/** The real program with its page, on a free port each. */
export async function startProcessWithPage({
  words = [],
  ...options
}: ProcessOptions = {}): Promise<PageServer<ServerProcess>> {
  const pagePort = await freePort();
  const server = await ServerProcess.start({ ...options, words: ['--dashboard-port', String(pagePort), ...words] });
  return { server, pagePort, base: `http://127.0.0.1:${pagePort}` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}
