import { connect, type Socket } from 'node:net';

/** The process of a crowd: `crowd-child.ts PORT PEOPLE plain|tickets|redis`. They read as fast as anybody can, and count. */
const [, , port = '', people = '', text = ''] = process.argv;

/** At once on their way: more would overflow the queue of connections that the system keeps. */
const connecting = 500;

const payload = `\nwinning validator: ${'0'.repeat(64)}\n\nEnter a new BPM:`;
const publish = ['PUBLISH', 'winners', payload].map((word) => `$${word.length}\r\n${word}\r\n`).join('');
const isRedis = text === 'redis';
const words = {
  /** What is written at once, after the greeting, and to begin an announcement. */
  first: isRedis ? 'SUBSCRIBE winners\r\n' : '',
  firstOfTrigger: isRedis ? 'PING\r\n' : '',
  announcement: isRedis ? `*3\r\n${publish}` : '\n1\n',
  chain: '\n2\n',
};

const buffer = Buffer.alloc(65_536);
let announced = 0;
let bytes = 0;
let enough = (): boolean => false;
let done: () => void = () => undefined;

async function open(isCounted: boolean, stakes: boolean): Promise<Socket> {
  let greeted: () => void = () => undefined;
  const isGreeted = new Promise<void>((resolve) => {
    greeted = resolve;
  });
  const socket = connect({
    port: Number(port),
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer,
      callback: (size) => {
        greeted();
        if (!isCounted) return true;
        bytes += size;
        if (isAnnouncement()) announced += 1;
        if (enough()) done();
        return true;
      },
    },
  });
  socket.on('error', () => undefined);
  socket.write(isCounted ? words.first : words.firstOfTrigger);
  await isGreeted;
  if (stakes) socket.write('100\n');
  return socket;
}

/** Ours begins with LF and a w, that of Redis with *3 CR LF $7; what else comes does not. */
function isAnnouncement(): boolean {
  return isRedis ? buffer[5] === 0x37 : buffer[1] === 0x77;
}

/** Somebody types; milliseconds until everybody has received enough. */
async function until(typed: string, isEnough: () => boolean): Promise<number> {
  announced = 0;
  bytes = 0;
  enough = isEnough;
  const isDone = new Promise<void>((resolve) => {
    done = resolve;
  });
  const startMs = performance.now();
  trigger.write(typed);
  await isDone;
  const milliseconds = performance.now() - startMs;
  enough = () => false;
  return milliseconds;
}

const size = Number(people);
for (let count = 0; count < size; count += connecting) {
  await Promise.all(Array.from({ length: Math.min(connecting, size - count) }, () => open(true, text === 'tickets')));
}
const trigger = await open(false, !isRedis);

process.on('message', async (what) => {
  if (what === 'announcement') process.send?.(await until(words.announcement, () => announced === size));
  else process.send?.(await until(words.chain, () => bytes >= size * Number(what)));
});
// What was answered to those who staked has come by then.
setTimeout(() => process.send?.('ready'), 300);

// When the bench fails, nobody is left to ask.
process.on('disconnect', () => process.exit());
