import { piecesOf } from './answer.ts';
import { limits } from './limits.ts';

/** A server-sent event (WHATWG HTML, 9.2): its name, and its data, which is JSON in those of a server. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/** The events of a body, as they come. Throws a TypeError for one that is too long. */
export async function* readEvents(body: Response['body']): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of piecesOf(body)) {
    const blocks = (rest + decoder.decode(piece, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event !== undefined) yield event;
    }
    if (rest.length > limits.eventCharactersMax)
      throw new TypeError("The server's events cannot be read: one of them does not end.");
  }
}

/** Undefined for a block without data, such as the one that says when to come back. */
function parseEvent(block: string): ServerEvent | undefined {
  const fields = block.split('\n').map((line) => /^([a-z]+): ?(.*)$/.exec(line));
  const valuesOf = (name: string): readonly string[] =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const data = valuesOf('data');
  return data.length === 0 ? undefined : { name: valuesOf('event').at(-1) ?? 'message', data: data.join('\n') };
}
