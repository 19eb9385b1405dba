import { MemoryStore } from '../../storage/memory-store.ts';
import { serverStops } from '../../tcp/operator-text.ts';
import { limits } from './limits.ts';
import { Person } from './person.ts';
import { graceOf, type Run, type RunOptions, startRun } from './run.ts';
import type { Deed, Order } from './script.ts';

export interface StageOptions extends RunOptions {
  /** Who has come so far, by name. */
  readonly people: Map<string, Person>;
}

/** What a step came to, where that was not what was meant; undefined where it was. */
export type Mishap = string | undefined;

/**
 * The whole server but for its sockets, its disk and its clock, with people at it: what is played is the node of `npm start`, on a clock that is
 * set by hand and with secrets from a seed. Nothing in it waits, so the same steps give the same chain and the same words.
 */
export class Stage {
  readonly #options: StageOptions;
  readonly #store = new MemoryStore();
  readonly #rejoinGraceMs: number;
  #run: Run | undefined;

  private constructor(options: StageOptions) {
    this.#options = options;
    this.#rejoinGraceMs = options.config.rejoinGraceMs;
  }

  /** Founds the chain, and begins the first round at the moment 0. */
  static async open(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options);
    await stage.#start();
    return stage;
  }

  /** The whole chain, a text for each block. */
  async blocks(): Promise<readonly string[]> {
    return this.#store.blockRange(0, this.#store.height);
  }

  /** Lets time pass up to a moment. */
  async passTo(atMs: number): Promise<void> {
    const { clock } = this.#options;
    await clock.pass(atMs - clock.monotonicMs());
  }

  /** Has a person do something, and lets follow what does. */
  async act(name: string, deed: Deed): Promise<Mishap> {
    const { people, clock } = this.#options;
    const person = people.get(name) ?? new Person(name, clock);
    people.set(name, person);
    const mishap = this.#act(person, deed);
    await clock.pass(0);
    // A validator is known by its name as soon as it is one.
    void person.address;
    return mishap;
  }

  /** Does what the operator wants. */
  async obey(order: Order): Promise<Mishap> {
    const mishap = await this.#obey(order);
    await this.#options.clock.pass(0);
    return mishap;
  }

  /** Ends the rounds. Nobody is told: the story is over. Rejects with what made a draw fail. */
  async close(): Promise<void> {
    const { node, stopping, ended } = this.#current;
    stopping.abort();
    // A search hears of it at the end of its turn.
    const lastMs = node.kind === 'work' ? limits.searchTurnMs : 0;
    await Promise.all([ended, this.#options.clock.pass(lastMs)]);
  }

  get #current(): Run {
    if (this.#run === undefined) throw new Error('the stage is open');
    return this.#run;
  }

  #act(person: Person, deed: Deed): Mishap {
    if (deed.kind === 'joins' || deed.kind === 'rejoins') {
      if (person.isConnected) return 'is connected already, so nothing happens';
      const { wayBack } = person;
      if (deed.kind === 'rejoins' && wayBack === undefined) return 'was told no way back, so nothing happens';
      person.connect(this.#current);
      const line = deed.kind === 'joins' ? deed.stake : wayBack;
      if (line !== undefined) person.type(line);
      return undefined;
    }
    if (!person.isConnected) return 'is not connected any more, so nothing happens';
    if (deed.kind === 'types') person.type(deed.line);
    else person.hangUp();
    return undefined;
  }

  async #obey(order: Order): Promise<Mishap> {
    const { node, clients } = this.#current;
    switch (order.kind) {
      case 'pause':
        node.service.pause();
        return undefined;
      case 'resume':
        node.service.resume();
        return undefined;
      case 'draw':
        node.service.sealNow();
        return undefined;
      case 'say':
        clients.say(Buffer.from(order.line).toString('latin1'));
        return undefined;
      case 'kick':
        return this.#kick(order.person);
      case 'restart':
        await this.#stop();
        await this.#start();
        return undefined;
      case 'end':
        return undefined;
    }
  }

  async #kick(name: string): Promise<Mishap> {
    const { node, clients } = this.#current;
    const address = this.#options.people.get(name)?.address;
    if (address === undefined) return 'is no validator now, so nothing happens';
    node.service.voidSession(address);
    await node.service.sessionsSynced();
    clients.kick(address, this.#rejoinGraceMs > 0);
    return undefined;
  }

  async #start(): Promise<void> {
    this.#run = await startRun(this.#options, this.#store);
    await this.#options.clock.pass(0);
  }

  /** What a server does when it is stopped. */
  async #stop(): Promise<void> {
    const { node, clients, connections } = this.#current;
    const { candidates } = node.service.status();
    await this.close();
    await clients.settled();
    const words = serverStops(node.kind === 'instant' ? 0 : candidates, graceOf(this.#options.config, node), node.kind);
    for (const connection of connections) connection.stop(words);
    await this.#options.clock.pass(0);
  }
}
