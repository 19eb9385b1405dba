import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EtcdProcess, hasEtcd, withEtcd } from '../replication/etcd-process.ts';
import { temporaryDirectory } from '../temporary.ts';
import { ServerProcess } from './server-process.ts';

async function start(words: readonly string[], dataDir: string): Promise<ServerProcess> {
  const server = new ServerProcess({ words, dataDir });
  await server.prints(/\nnc \S+ \d+\n/);
  return server;
}

describe.skipIf(!hasEtcd)(`one lottery with several doors, ${withEtcd}`, () => {
  it('draws once for people at all doors, lets them come back through any, and goes on when the leading door is killed', async () => {
    const { host } = await EtcdProcess.start();
    const log = ['--log', host.replace('http:', 'etcd:')];
    const [annaDir, benDir] = [temporaryDirectory(), join(temporaryDirectory(), 'data')];
    const first = await start(log, annaDir);
    // A door with the secret may lead.
    mkdirSync(benDir, { mode: 0o700 });
    copyFileSync(join(annaDir, 'master-secret'), join(benDir, 'master-secret'));
    const second = await start(log, benDir);

    const [ada, ben] = [first.connect(), second.connect()];
    await ada.stakes(100);
    await ben.stakes(300);
    second.type('stats');
    await second.prints(/log +door \S+ leads, term \d+; \d+ waiting; 0 failovers/);
    first.type('stats');
    await first.prints(/log +this door leads, term \d+/);
    // A pause at one door is one at all.
    first.type('pause');
    await Promise.all([ada.sees('Draws are paused'), ben.sees('Draws are paused')]);
    await ada.says('71', 'Candidate for block 1: BPM 71.\n');
    await ben.says('72', 'you hold 300 of 400 tickets so far.\n');
    second.type('resume');
    const tickets = await Promise.all([ada, ben].map((one) => one.sees(/Ticket (\d+) of 400 was drawn; yours were/)));
    expect(new Set(tickets.map(([, ticket]) => ticket)).size).toBe(1);

    const [, code = ''] = /rejoin (\S+)\n/.exec(ada.text) ?? [];
    await first.stop('SIGKILL');
    const again = second.connect();
    await again.sees('Enter token balance:');
    await again.says(`rejoin ${code}`, 'with 100 tokens.\n');
    await again.says('90', /You won block \d+\./);
    second.type('stats');
    await second.prints(/log +this door leads, term \d+; \d+ waiting; 1 failover\n/);
    const third = await start(log, annaDir);
    const late = third.connect();
    await late.sees('Enter token balance:');
    await late.says(`rejoin ${code}`, 'with 100 tokens.\n');
    await again.sees('another connection has taken your seat over');
    await late.says('91', /You won block \d+\./);
    expect(await third.stop('SIGINT')).toBe(0);
    expect(await second.stop('SIGINT')).toBe(0);
  });
});
