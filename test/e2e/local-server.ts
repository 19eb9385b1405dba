import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { Chalk } from 'chalk';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/cli/config/config.ts';
import { LotteryServer } from '../../src/cli/serve/server.ts';
import { Change } from '../change.ts';
import { Client } from '../client.ts';
import { type AtEnd, temporaryDirectory } from '../temporary.ts';
import { shortSeries } from './short-series.ts';

export interface LocalOptions {
  /** A new directory where none is given. */
  readonly dataDir?: string;
  readonly words?: readonly string[];
  /** Ends the server; the end of the test does where it is not given. */
  readonly atEnd?: AtEnd;
}

/** What a server prints, and what it is typed. */
class Console extends Writable {
  readonly input = new PassThrough();
  readonly change = new Change();
  text = '';

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(data: string | Buffer, _: BufferEncoding, done: () => void): void {
    this.text += String(data);
    this.change.tell();
    done();
  }
}

/**
 * The server of `npm start` in the process of the test, with a quick round, on a free port: for all that is no matter of its process, since it
 * starts in a fraction of the time. It ends with the test. Whoever waits here waits for words, never for time.
 */
export class LocalServer {
  readonly dataDir: string;
  readonly #server: LotteryServer;
  readonly #console: Console;
  readonly #stopping: AbortController;
  readonly #stopped: Promise<void>;

  private constructor(dataDir: string, server: LotteryServer, terminal: Console, stopping: AbortController) {
    this.dataDir = dataDir;
    this.#server = server;
    this.#console = terminal;
    this.#stopping = stopping;
    this.#stopped = this.#stopWhenAsked();
  }

  static async start({ dataDir, words = [], atEnd = onTestFinished }: LocalOptions = {}): Promise<LocalServer> {
    const directory = dataDir ?? temporaryDirectory(atEnd);
    const always = ['--port', '0', '--data-dir', directory, '--dashboard-port', '0', '--lottery-interval-ms', '400'];
    const read = readConfig({ args: [...always, ...words], environment: {}, envFile: undefined, version: 'test' });
    if (read.kind !== 'serve') throw new Error(`no server is wanted: ${JSON.stringify(read)}`);
    const terminal = new Console();
    const stopping = new AbortController();
    const server = await LotteryServer.start({
      config: read.config,
      linksPerChain: shortSeries,
      version: 'test',
      input: terminal.input,
      output: terminal,
      paint: new Chalk({ level: 0 }),
      stopAsked: stopping.signal,
      askToStop: () => stopping.abort(),
    });
    const started = new LocalServer(directory, server, terminal, stopping);
    atEnd(() => started.stop());
    return started;
  }

  async #stopWhenAsked(): Promise<void> {
    const { signal } = this.#stopping;
    await Promise.race([signal.aborted || once(signal, 'abort'), this.#server.ended]).catch(() => undefined);
    this.#stopping.abort();
    await this.#server.stop();
  }

  /** All that it has printed. */
  get out(): string {
    return this.#console.text;
  }

  get port(): number {
    return this.#server.port;
  }

  /** Resolves when it has stopped, for whatever reason. */
  get stopped(): Promise<void> {
    return this.#stopped;
  }

  /** Resolves when it has printed something that matches. */
  async prints(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.out);
      if (found !== null) return found;
      await this.#console.change.next();
    }
  }

  /** Types a line. */
  type(line: string): void {
    this.#console.input.write(`${line}\n`);
  }

  connect(host?: string): Client {
    return new Client(this.port, host);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#stopped;
  }
}
