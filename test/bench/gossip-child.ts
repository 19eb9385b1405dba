import { generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';

/**
 * One node of a gossip, and one link of a bare chain of relays beside it: `gossip-child.ts`. It is told what to do in words, and tells of each
 * text when it came, on the clock that all processes of a machine share, and from whom.
 */
const network = await Libp2pNetwork.open({ seed: randomBytes(32), listen: ['/ip4/127.0.0.1/tcp/0'] });
let next: Socket | undefined;

// Before it passes a block on, a node verifies a signature.
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signed = randomBytes(200);
const signature = sign(null, signed, privateKey);

function tell(way: 'gossip' | 'relay', text: string, from: string): void {
  process.send?.({ way, text: text.slice(0, text.indexOf(' ')), from, atNs: process.hrtime.bigint().toString() });
}

await network.start({
  onConnected: () => undefined,
  onDisconnected: () => undefined,
  answer: async function* () {},
  judge: async (_, text, from) => {
    if (!verify(null, signed, publicKey, signature)) return 'reject';
    tell('gossip', text, from);
    return 'accept';
  },
});
await network.join('a1'.repeat(32));

const relay = createServer({ noDelay: true }, (socket) => {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    if (!text.endsWith('\n')) return;
    next?.write(text, 'latin1');
    tell('relay', text, '');
    text = '';
  });
});
await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
const address = relay.address();
if (typeof address !== 'object' || address === null) throw new Error('the relay has no address');

process.on('message', (message) => {
  const [word = '', ...rest] = String(message).split(' ');
  const text = rest.join(' ');
  if (word === 'dial') void network.dial(text).then(() => process.send?.('dialled'));
  if (word === 'follow')
    next = connect({ port: Number(text), host: '127.0.0.1', noDelay: true }, () => process.send?.('followed'));
  if (word === 'gossip' || word === 'relay') {
    tell(word, text, '');
    if (word === 'gossip') void network.publish('blocks', text);
    else next?.write(`${text}\n`, 'latin1');
  }
});
process.send?.({ id: network.id, line: network.addresses[0], port: address.port });
