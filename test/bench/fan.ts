import { type ChildProcess, fork } from 'node:child_process';

export interface FanOptions {
  readonly kind: 'ours' | 'bare';
  readonly people: number;
  /** Whether what is announced has each person's own tickets in it. */
  readonly text: 'plain' | 'tickets';
  readonly megabytes: number;
}

/** A server that tells everybody the same, and everybody, each in a process of its own. */
export class Fan {
  readonly #server: ChildProcess | undefined;
  readonly #crowd: ChildProcess;

  private constructor(server: ChildProcess | undefined, crowd: ChildProcess) {
    this.#server = server;
    this.#crowd = crowd;
  }

  static async start({ kind, people, text, megabytes }: FanOptions): Promise<Fan> {
    const server = child(new URL('./fan-child.ts', import.meta.url), [kind, text, String(megabytes)]);
    const port = await answerOf(server);
    const crowd = child(new URL('./crowd-child.ts', import.meta.url), [String(port), String(people), text]);
    await answerOf(crowd);
    return new Fan(server, crowd);
  }

  /** Subscribers of a Redis that runs already. */
  static async ofRedis(port: number, people: number): Promise<Fan> {
    const crowd = child(new URL('./crowd-child.ts', import.meta.url), [String(port), String(people), 'redis']);
    await answerOf(crowd);
    return new Fan(undefined, crowd);
  }

  /** Milliseconds from the typed line that begins an announcement until everybody has it. */
  async announce(): Promise<number> {
    return ask(this.#crowd, 'announcement');
  }

  /** Milliseconds until everybody has so many bytes of the chain. */
  async sendChain(bytes: number): Promise<number> {
    return ask(this.#crowd, String(bytes));
  }

  /**
   * Of the last announcement: how long the event loop was blocked at a time, ms. Of the last chain: how late the event loop was in 99 % of all
   * milliseconds, and at the longest, ms; how much memory it took, bytes.
   */
  async figure(what: 'blocked' | 'delay' | 'longest' | 'memory'): Promise<number> {
    if (this.#server === undefined) throw new Error('a Redis has no such figures');
    return ask(this.#server, what);
  }

  stop(): void {
    this.#crowd.kill('SIGKILL');
    this.#server?.kill('SIGKILL');
  }
}

function child(file: URL, words: readonly string[]): ChildProcess {
  return fork(file, words, { execArgv: [...process.execArgv, '--expose-gc'] });
}

async function ask(process: ChildProcess, what: string): Promise<number> {
  const answer = answerOf(process);
  process.send(what);
  return Number(await answer);
}

async function answerOf(process: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null): void => reject(new Error(`a process of the bench ended with ${code}`));
    process.once('exit', fail);
    process.once('message', (message) => {
      process.removeListener('exit', fail);
      resolve(message);
    });
  });
}
