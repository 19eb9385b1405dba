import { onTestFinished } from 'vitest';

export interface ServerEvent {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
}

/** Listens to server-sent events. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  #text = '';

  private constructor(reader: ReadableStreamDefaultReader<Uint8Array>, abort: AbortController) {
    this.#reader = reader;
    this.#abort = abort;
  }

  static async open(address: string, lastEventId?: string): Promise<EventStream> {
    const abort = new AbortController();
    onTestFinished(() => abort.abort());
    const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const response = await fetch(address, { headers, signal: abort.signal });
    if (response.body === null) throw new Error(`no events: ${response.status}`);
    return new EventStream(response.body.getReader(), abort);
  }

  /** The next event. */
  async next(): Promise<ServerEvent> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end < 0) {
        const { done, value } = await this.#reader.read();
        if (done) throw new Error('the events have ended');
        this.#text += Buffer.from(value).toString('latin1');
        continue;
      }
      const found = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 2);
      if (found === null) continue;
      const [, id = '', name = '', data = ''] = found;
      return { id, name, data: JSON.parse(data) };
    }
  }

  /** The next event of a name. */
  async nextOf(name: string): Promise<ServerEvent> {
    for (;;) {
      const event = await this.next();
      if (event.name === name) return event;
    }
  }

  close(): void {
    this.#abort.abort();
  }
}
