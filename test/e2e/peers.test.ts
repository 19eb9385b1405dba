import { cpSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../cli/run-command.ts';
import { temporaryDirectory } from '../temporary.ts';
import { ServerProcess } from './server-process.ts';

/** A server that is ready; what happens with its peers is printed before and after that. */
async function start(words: readonly string[], dataDir?: string): Promise<ServerProcess> {
  const server = new ServerProcess({ words, ...(dataDir === undefined ? {} : { dataDir }) });
  await server.prints(/\nnc \S+ \d+\n/);
  return server;
}

function peerLineOf(server: ServerProcess): string {
  const [, line] = /join with --peer (\S+)\n/.exec(server.out) ?? [];
  if (line === undefined) throw new Error(`nobody can join: ${server.out}`);
  return line;
}

describe('a server that follows the chain of another', () => {
  it('lets people play there, tells them when the other is away, and goes on with their seats when it is back', async () => {
    const authority = await start(['--peer-port', '0']);
    const line = peerLineOf(authority);
    const [, port = ''] = /\/tcp\/(\d+)\//.exec(line) ?? [];
    const follower = await start(['--peer', line]);
    expect(follower.out).toContain('Waiting for a peer that gives the genesis of its chain.\n');
    expect(follower.out).toMatch(/\n {2}follows {4}the chain of another server/);

    const ada = follower.connect();
    const address = await ada.stakes(100);
    await ada.says('71', 'You won block 1.\n');
    expect(ada.text).toMatch(
      new RegExp(
        `Candidate for block 1: BPM 71\\.\nThe draw is in \\d s; you hold 100 of 100 tickets so far\\.\n\nEnter a new BPM:\nwinning validator: ${address}\nTicket \\d+ of 100 was drawn; yours were 0 to 99\\.\nYou won block 1\\.\n\nEnter a new BPM:`,
      ),
    );
    follower.type('pause');
    await follower.prints(/The blocks are made elsewhere: this server follows the chain of another\.\n/);
    follower.type('say We begin.');
    await ada.sees('\nThe operator says: We begin.\n\nEnter a new BPM:');
    await authority.stop('SIGKILL');
    await ada.sees('\nThe server that makes the blocks is out of reach. You can stay');
    await ada.says('72', 'is still out of reach, so this was not taken.');

    const again = await start(['--peer-port', port], authority.dataDir);
    expect(peerLineOf(again)).toBe(line);
    await ada.sees(
      new RegExp(`The server that makes the blocks is back\\.\nYou are validator ${address} with 100 tokens`),
    );
    await ada.says('73', 'You won block 2.\n');
    expect(ada.text.match(/^winning validator: /gm)).toHaveLength(2);

    // One who comes by way of the follower, and one who does not, are in the same draw.
    const ben = again.connect();
    await ben.stakes(300);
    const won = [ada.says('74', /of 400 was drawn; yours were/), ben.says('75', /of 400 was drawn; yours were/)];
    await Promise.race([Promise.all(won), ada.sees(/You won block 4/), ben.sees(/You won block 4/)]);

    // The end of the other in good order tells people to stay, too.
    await again.stop('SIGINT');
    await ada.sees(/The server stops now\.[\s\S]*is out of reach\. You can stay/);
    const goodbye = ada.sees('This server stops now.');
    expect(await follower.stop('SIGINT')).toBe(0);
    await goodbye;
  });

  it('leaves an authority that has signed two blocks of one Index, and keeps what convicts it', async () => {
    const authority = await start(['--peer-port', '0']);
    const line = peerLineOf(authority);
    const [, port = ''] = /\/tcp\/(\d+)\//.exec(line) ?? [];
    const follower = await start(['--peer', line]);
    const ada = follower.connect();
    await ada.sees('Enter token balance:');
    // The same keys and the same genesis, from before block 1.
    await authority.stop('SIGKILL');
    const copy = temporaryDirectory();
    cpSync(authority.dataDir, copy, { recursive: true });
    const honest = await start(['--peer-port', port], authority.dataDir);
    const ben = honest.connect();
    await ben.stakes(5);
    await ben.says('1', 'You won block 1.');
    await follower.prints(/ block 1 /);
    await honest.stop('SIGKILL');
    // It signs two blocks without company, since it would stop when it heard of the one that its key has signed already.
    const liar = await start([], copy);
    const eve = liar.connect();
    await eve.stakes(7);
    await eve.says('2', 'You won block 1.');
    await eve.says('3', 'You won block 2.');
    await liar.stop('SIGKILL');
    await start(['--peer-port', port], copy);
    await ada.sees('has signed two different blocks of Index 1');
    await ada.closed;
    const [, file = ''] = await follower.prints(/Evidence against its authority is in (\S+\.json);/);
    const { code, out } = await runCommand(['verify', '--evidence', file]);
    expect(out).toContain('This convicts the authority: it signed two blocks 1,');
    expect(code).toBe(0);
    const late = follower.connect();
    await late.sees('has signed two different blocks of Index 1');
  });

  it('mines where the chain is one of work, and takes what others have mined meanwhile', async () => {
    const work = ['--consensus', 'work', '--difficulty', '50', '--miners', '1', '--ledger', '--reward', '8'];
    const first = await start(['--peer-port', '0', ...work]);
    const line = peerLineOf(first);
    const [, port = ''] = /\/tcp\/(\d+)\//.exec(line) ?? [];
    const second = await start(['--peer', line, '--miners', '1']);
    const ada = second.connect();
    const [, address = ''] = await ada.sees(/You are validator ([0-9a-f]{64}) with 0 tokens\./);
    expect(ada.text).toContain('has nothing yet: the faucet of this chain is at another server');
    await ada.says('71', /Block 1 is yours: [0-9a-f]{64}\./);
    await ada.says('balance', 'Balance 8, bonded 0.');
    await first.prints(new RegExp(`block 1 .* by ${address.slice(0, 8)}`));
    await first.stop('SIGKILL');
    await ada.says('72', /Block 2 is yours: [0-9a-f]{64}\./);
    const again = await start(['--peer-port', port, '--miners', '1'], first.dataDir);
    await again.prints(new RegExp(`block 2 .* by ${address.slice(0, 8)}`));
    const ben = again.connect();
    await ben.sees('Enter a new BPM:');
    // Both nodes mine for his grant, so both may have a block 3 of their own until the next one decides.
    await ben.says('balance', 'your tokens come with the next block');
    await ben.sees('You received 1000 tokens from');
    await second.prints(/block 3 /);
    await ada.says('73', /Block 4 is yours: [0-9a-f]{64}\./);
    await ben.sees(/Block 4 by [0-9a-f]{64}: BPM 73\./);
    await ben.says('74', /Block 5 is yours: [0-9a-f]{64}\./);
    await ada.sees(/Block 5 by [0-9a-f]{64}: BPM 74\./);
    const [, wallet = ''] = await ben.says('wallet', /Address: (sort1\w+)/);
    await ada.says(`send ${wallet} 5`, /Transaction [0-9a-f]{64} is in block 6: 5 tokens to/);
    await ben.sees('You received 5 tokens from');
  });

  it('proves to a wallet elsewhere, which keeps headers alone, what it has', async () => {
    const server = await start(['--peer-port', '0', '--consensus', 'instant', '--ledger', '--reward', '8']);
    const ada = server.connect();
    await ada.sees('Enter a new BPM:');
    await ada.says('71', /Block 1 is yours/);
    const [, address = ''] = await ada.says('wallet', /Address: (sort1\w+)/);
    const wallets = temporaryDirectory();
    const follow = ['wallet', 'follow', address, '--peer', peerLineOf(server), '--once', '--wallet-dir', wallets];
    const { code, out, err } = await runCommand(follow);
    expect({ code, out }).toEqual({
      code: 0,
      out: `block 1: ${address} has 1008 tokens, and 0 at stake (proved in 1 step)\n`,
    });
    const [, chainId = ''] = /To insist on it from now on: --chain ([0-9a-f]{64})\n/.exec(err) ?? [];
    expect(existsSync(join(wallets, 'headers', chainId.slice(0, 16), 'chain'))).toBe(true);
  });

  it('ends at once, with exit code 0, while it waits for a peer', async () => {
    const server = new ServerProcess({ words: ['--peer', 'localhost:1'] });
    await server.prints(/Waiting for a peer that gives the genesis of its chain\.\n/);
    expect(await server.stop('SIGINT')).toBe(0);
  });

  it('says which port for peers is in use, and names another, with exit code 3', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      other.close();
    });
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const server = new ServerProcess({ words: ['--peer-port', String(port)] });
    expect(await server.ended).toBe(3);
    expect(server.err).toMatch(
      new RegExp(
        `^sortition: port ${port} for peers on 127\\.0\\.0\\.1 is in use by another program\\. Try: --peer-port \\d+\\.\n$`,
      ),
    );
  });
});
