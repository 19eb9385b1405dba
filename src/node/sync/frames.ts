import { limits } from './limits.ts';
import { PeerError } from './peer-network.ts';

/**
 * Packs lines into frames of at most `limits.frameBytesMax` bytes. Many short lines share a frame; a long one takes several. Lines are ASCII without
 * line breaks, as all texts that nodes exchange are.
 */
export async function* toFrames(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const line of lines) {
    rest += `${line}\n`;
    while (rest.length >= limits.frameBytesMax) {
      yield rest.slice(0, limits.frameBytesMax);
      rest = rest.slice(limits.frameBytesMax);
    }
  }
  if (rest !== '') yield rest;
}

/**
 * The lines that were packed into frames. Never keeps more than one line and one frame.
 * @throws PeerError where a line is longer than `limits.lineBytesMax`, or the last one has no end
 */
export async function* fromFrames(frames: AsyncIterable<string>): AsyncGenerator<string> {
  let pieces: string[] = [];
  let length = 0;
  for await (const frame of frames) {
    const [first = '', ...others] = frame.split('\n');
    pieces.push(first);
    length += first.length;
    for (const other of others) {
      yield pieces.join('');
      pieces = [other];
      length = other.length;
    }
    if (length > limits.lineBytesMax) throw new PeerError('a line of the answer is too long', true);
  }
  if (length > 0) throw new PeerError('the answer ends within a line', false);
}
