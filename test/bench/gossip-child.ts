import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';

/** What a process has to tell waits so long, ms: told at once, it would take time from what is measured. */
const tellMs = 150;

/**
 * One node of a gossip, and a bare relay on TCP beside it: `gossip-child.ts`. It is told what to do in words, and tells of each text when it came, on
 * the clock that all processes of a machine share, and from whom.
 */
const network = await Libp2pNetwork.open({ seed: randomBytes(32), listen: ['/ip4/127.0.0.1/tcp/0'] });
/** The connections to other relays by their ports, and those to which the next text goes. */
const relays = new Map<string, Socket>();
let next: readonly Socket[] = [];

// Before it passes a block on, a node verifies a signature.
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signed = randomBytes(200);
const signature = sign(null, signed, privateKey);

function tell(way: 'gossip' | 'relay', text: string, from: string): void {
  const arrival = { way, text: text.slice(0, text.indexOf(' ')), from, atNs: process.hrtime.bigint().toString() };
  setTimeout(() => process.send?.(arrival), tellMs);
}

function relay(text: string): void {
  for (const socket of next) socket.write(text, 'latin1');
  tell('relay', text, '');
}

await network.start({
  onConnected: () => undefined,
  onDisconnected: () => undefined,
  onFlood: () => undefined,
  answer: async function* () {},
  judge: async (_, text, from) => {
    if (!verify(null, signed, publicKey, signature)) return 'reject';
    tell('gossip', text, from);
    return 'accept';
  },
});
await network.join('a1'.repeat(32));

const server = createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    if (!text.endsWith('\n')) return;
    relay(text);
    text = '';
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
if (typeof address !== 'object' || address === null) throw new Error('the relay has no address');

async function connectTo(port: string): Promise<void> {
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  relays.set(port, socket);
}

process.on('message', (message) => {
  const [word = '', ...rest] = String(message).split(' ');
  const text = rest.join(' ');
  if (word === 'dial') void network.dial(text).then(() => process.send?.('dialled'));
  if (word === 'connect') void Promise.all(rest.map(connectTo)).then(() => process.send?.('connected'));
  if (word === 'next') {
    next = rest.flatMap((port) => relays.get(port) ?? []);
    process.send?.('told');
  }
  if (word === 'relay') relay(`${text}\n`);
  if (word !== 'gossip') return;
  tell('gossip', text, '');
  void network.publish('blocks', text);
});
process.send?.({ id: network.id, line: network.addresses[0], port: address.port });
