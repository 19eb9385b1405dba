import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileDescriptorLimit } from '../../../src/platform/file-descriptors.ts';
import { freePortAfter } from '../../../src/platform/free-port.ts';

async function listen(port: number): Promise<number> {
  const server = createServer();
  onTestFinished(() => {
    server.close();
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port }, resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return address.port;
}

describe('the file descriptor limit', () => {
  it('is what the shell says', () => {
    const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
    expect(String(fileDescriptorLimit() ?? 'unlimited')).toBe(limit);
  });
});

describe('a free port', () => {
  it('is one after the wanted one that can be listened on', async () => {
    const taken = await listen(0);
    const free = await freePortAfter(taken, '127.0.0.1', []);
    if (free === undefined) throw new Error('this machine has no free port near');
    expect(free).toBeGreaterThan(taken);
    expect(await listen(free)).toBe(free);
  });

  it('is none of those that are kept for something else', async () => {
    const taken = await listen(0);
    const kept = Array.from({ length: 20 }, (_, place) => taken + 1 + place);
    expect(await freePortAfter(taken, '127.0.0.1', kept)).toBeUndefined();
  });

  it('is never above the last port', async () => {
    expect(await freePortAfter(65_535, '127.0.0.1', [])).toBeUndefined();
  });
});
