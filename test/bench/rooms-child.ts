import { openRoom } from './long-chain.ts';

/** A start in a process of its own: tells its milliseconds and its resident bytes. `rooms-child.ts DIRECTORY checkpoint|all` */
const [, , directory = '', how = ''] = process.argv;

const startMs = performance.now();
const { store } = await openRoom(directory, how === 'all');
const milliseconds = performance.now() - startMs;
globalThis.gc?.();
process.send?.([milliseconds, process.memoryUsage().rss]);
await store.close();
process.disconnect?.();
