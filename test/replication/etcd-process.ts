import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

/** Debian's package etcd-server puts it here. */
const executablePath = '/usr/bin/etcd';

/** False where no etcd is installed: tests that need one say that they were skipped. */
export const hasEtcd: boolean = existsSync(executablePath);

/** What such a test is called. */
export const withEtcd: string = `with an etcd (skipped where ${executablePath} is not there)`;

/** An etcd with one member, on free ports, that ends with the test. */
export class EtcdProcess {
  readonly host: string;
  readonly #child: ChildProcess;

  private constructor(host: string, child: ChildProcess) {
    this.host = host;
    this.#child = child;
  }

  static async start(): Promise<EtcdProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'etcd-'));
    const [clients, peers] = await freePorts(2);
    const host = `http://127.0.0.1:${clients}`;
    const peer = `http://127.0.0.1:${peers}`;
    const child = spawn(
      executablePath,
      [
        ...['--name', 'only', '--data-dir', directory],
        ...['--listen-client-urls', host, '--advertise-client-urls', host],
        ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `only=${peer}`],
      ],
      { stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(async () => {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    });
    await expect.poll(() => isHealthy(host)).toBe(true);
    return new EtcdProcess(host, child);
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }
}

async function isHealthy(host: string): Promise<boolean> {
  try {
    return (await (await fetch(`${host}/health`)).text()).includes('true');
  } catch {
    return false;
  }
}

/** Ports that were free a moment ago, all different. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
