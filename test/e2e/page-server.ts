import { createServer } from 'node:net';
import { type ProcessOptions, ServerProcess } from './server-process.ts';

export interface PageServer {
  readonly server: ServerProcess;
  /** Where the page is, without a slash at its end. */
  readonly base: string;
  readonly pagePort: number;
}

/** The real program with its page, on a free port each. */
export async function startWithPage({ words = [], ...options }: ProcessOptions = {}): Promise<PageServer> {
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
