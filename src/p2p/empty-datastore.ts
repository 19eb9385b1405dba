import type { KadDHTComponents } from '@libp2p/kad-dht';

type Datastore = KadDHTComponents['datastore'];

/** Keeps nothing. Nodes look for each other by Kademlia, and no more: a record that a stranger wants kept would be memory in the hand of that stranger. */
export class EmptyDatastore implements Datastore {
  put(key: Parameters<Datastore['put']>[0]): typeof key {
    return key;
  }

  get(): never {
    throw Object.assign(new Error('nothing is kept'), { name: 'NotFoundError' });
  }

  has(): boolean {
    return false;
  }

  delete(): void {}

  async *putMany(pairs: Parameters<Datastore['putMany']>[0]): AsyncGenerator<Parameters<Datastore['put']>[0]> {
    for await (const { key } of pairs) yield key;
  }

  async *getMany(): AsyncGenerator<never> {}

  async *deleteMany(keys: Parameters<Datastore['deleteMany']>[0]): AsyncGenerator<Parameters<Datastore['put']>[0]> {
    yield* keys;
  }

  batch(): ReturnType<Datastore['batch']> {
    return { put: () => undefined, delete: () => undefined, commit: () => undefined };
  }

  async *query(): AsyncGenerator<never> {}

  async *queryKeys(): AsyncGenerator<never> {}
}
