import type { Clock } from '../../consensus/clock.ts';
import { Connection, type ConnectionHost } from '../../tcp/connection.ts';
import { Wire } from './wire.ts';

/** What a person reads, or types. */
export interface Heard {
  readonly kind: 'read' | 'typed';
  /** Latin1; without its line end where it was typed. */
  readonly text: string;
}

/** Who serves people at the moment: their host, and the connections that there are. */
export interface ConnectionServer {
  readonly host: ConnectionHost;
  readonly connections: Set<Connection>;
}

/** A person of a scenario, who may have one connection after the other. */
export class Person {
  readonly name: string;
  readonly heard: Heard[] = [];
  /** Every validator that this person was. */
  readonly addresses: Set<string> = new Set();
  readonly #clock: Clock;
  #connection: Connection | undefined;
  #leave: (hadError: boolean) => void = () => undefined;
  #typing: () => void = () => undefined;
  readonly #untyped: string[] = [];

  constructor(name: string, clock: Clock) {
    this.name = name;
    this.#clock = clock;
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** The validator that this person is now. */
  get address(): string | undefined {
    const address = this.#connection?.address;
    if (address !== undefined) this.addresses.add(address);
    return address;
  }

  /** Connects, and reads the first prompt. */
  connect({ host, connections }: ConnectionServer): void {
    const wire = new Wire({
      hear: (text) => this.#hear('read', text),
      resumed: () => this.#typing(),
      // The network needs a moment: the server is in the middle of what it does.
      closed: () => this.#clock.wakeAt(this.#clock.monotonicMs(), () => lose(false)),
    });
    const connection = new Connection(wire, host);
    const lose = (hadError: boolean): void => {
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      connection.lost(hadError);
      connections.delete(connection);
    };
    this.#untyped.length = 0;
    this.#connection = connection;
    this.#leave = lose;
    this.#typing = () => {
      while (!wire.isPaused) {
        const line = this.#untyped.shift();
        if (line === undefined) return;
        connection.receive(Buffer.from(`${line}\n`, 'utf8'));
      }
    };
    connections.add(connection);
    connection.greet();
  }

  /** Types a line. */
  type(line: string): void {
    this.#hear('typed', line);
    this.#untyped.push(line);
    this.#typing();
  }

  /** The connection breaks. */
  hangUp(): void {
    this.#leave(true);
  }

  /** What brings this person back, as the server has told it: the line to type. Undefined where it has told none. */
  get wayBack(): string | undefined {
    const read = this.heard.flatMap(({ kind, text }) => (kind === 'read' ? [text] : [])).join('');
    return [...read.matchAll(/To come back[^\n]*?((?:rejoin|login) [0-9A-Z-]+)/g)].at(-1)?.[1];
  }

  #hear(kind: Heard['kind'], text: string): void {
    if (text !== '' || kind === 'typed') this.heard.push({ kind, text });
  }
}
