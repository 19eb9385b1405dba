import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/library/limits.ts';
import { readEvents, type ServerEvent } from '../../src/library/server-events.ts';

const text =
  'retry: 1000\n\nid: a-1\nevent: snapshot\ndata: {"a":"ä"}\n\nevent: beat\ndata: {}\n\n: comment\n\ndata: 1\ndata: 2\n\n';
const events: readonly ServerEvent[] = [
  { name: 'snapshot', data: '{"a":"ä"}' },
  { name: 'beat', data: '{}' },
  { name: 'message', data: '1\n2' },
];

async function all(events: AsyncIterable<ServerEvent>): Promise<readonly ServerEvent[]> {
  const found: ServerEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

/** A body that comes in these pieces. */
function bodyOf(pieces: readonly Uint8Array[]): Response['body'] {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(Uint8Array.from(piece));
      controller.close();
    },
  });
}

describe('the events of a server', () => {
  it('are read however they come in pieces', async () => {
    const bytes = Buffer.from(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), bytes.length];
        const pieces = places.slice(1).map((end, place) => bytes.subarray(places[place], end));
        expect(await all(readEvents(bodyOf(pieces)))).toEqual(events);
      }),
      { numRuns: 30 },
    );
  });

  it('may be none, and one that is not complete is none', async () => {
    expect(await all(readEvents(null))).toEqual([]);
    expect(await all(readEvents(bodyOf([Buffer.from('event: drawn\ndata: {}\n')])))).toEqual([]);
  });

  it('are refused where one does not end', async () => {
    const length = limits.eventCharactersMax;
    const read = async (bytes: number): Promise<unknown> => all(readEvents(bodyOf([Buffer.alloc(bytes, 'a')])));
    await expect(read(length)).resolves.toEqual([]);
    await expect(read(length + 1)).rejects.toThrow('one of them does not end');
  });
});
