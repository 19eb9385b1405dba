import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryDirectory } from '../temporary.ts';
import { runEnclosed } from './enclosure.ts';

/** Tells where its temporary files are, on a connection that lasts as long as it does. */
const grandchild = `
  const socket = require('node:net').connect(process.argv[1]);
  socket.write(process.env.TMPDIR);
  setInterval(() => undefined, 1000);`;

/** Starts that, and ends with 3 once a file is there; it does not end what it has started. */
const child = `
  const [, path, go] = process.argv;
  require('node:child_process').spawn(process.execPath, ['-e', process.env.GRANDCHILD, path], { stdio: 'ignore' }).unref();
  const timer = setInterval(() => require('node:fs').existsSync(go) && process.exit(3), 50);`;

interface Running {
  readonly ended: Promise<number>;
  readonly grandchildGone: Promise<unknown>;
  readonly temporary: string;
}

/** Runs something that starts another process, and resolves when that has said where its temporary files are. */
async function start(go: string, stopping: AbortSignal): Promise<Running> {
  const path = join(temporaryDirectory(), 'socket');
  const server = createServer().listen(path);
  onTestFinished(() => void server.close());
  const connected = once(server, 'connection');
  const words = `process.env.GRANDCHILD = ${JSON.stringify(grandchild)}; ${child}`;
  const ended = runEnclosed([process.execPath, '-e', words, path, go], stopping);
  const [socket]: Socket[] = await connected;
  if (socket === undefined) throw new Error('nothing was started');
  const grandchildGone = once(socket, 'close');
  const [temporary] = await once(socket, 'data');
  return { ended, grandchildGone, temporary: String(temporary) };
}

describe('what tortures a server', () => {
  it('leaves no process and no file behind when it ends, and says how it ended', async () => {
    const go = join(temporaryDirectory(), 'go');
    const { ended, grandchildGone, temporary } = await start(go, new AbortController().signal);
    writeFileSync(go, '');
    expect(await ended).toBe(3);
    await grandchildGone;
    expect(existsSync(temporary)).toBe(false);
  });

  it('nor when it is stopped', async () => {
    const stopping = new AbortController();
    const { ended, grandchildGone, temporary } = await start('/not there', stopping.signal);
    expect(existsSync(temporary)).toBe(true);
    stopping.abort();
    expect(await ended).toBe(130);
    await grandchildGone;
    expect(existsSync(temporary)).toBe(false);
  });
});
