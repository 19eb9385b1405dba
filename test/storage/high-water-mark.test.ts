import { describe, expect, it } from 'vitest';
import { HighWaterMark, type Mark, parseMark } from '../../src/storage/high-water-mark.ts';
import { hexOf } from '../core/build-chain.ts';
import { LossyFiles } from '../lossy-files.ts';

const marks: readonly Mark[] = [0, 1, 2, 3].map((index) => ({ index, hash: hexOf(`block ${index}`) }));

/** The indexes that a reader may find after a power cut; undefined for no mark. A damaged file throws. */
function possibleMarks(files: LossyFiles): readonly (number | undefined)[] {
  return files
    .possibleTexts('/tip')
    .map((text) => (text === undefined ? undefined : parseMark(text, '/tip')))
    .map((mark) => mark?.index);
}

describe('the high-water mark', () => {
  it('is whole, and never ahead, wherever the power is cut; once it was made it is never missing', () => {
    let isMade = false;
    let newest = -1;
    let cuts = 0;
    const look = (): void => {
      cuts += 1;
      for (const index of possibleMarks(files)) {
        expect(index ?? -1).toBeLessThanOrEqual(newest);
        if (isMade) expect(index).toBeDefined();
      }
    };
    const files: LossyFiles = new LossyFiles(look);
    const tip = new HighWaterMark('/tip', files);
    for (const mark of marks) {
      newest = mark.index;
      if (isMade) tip.write(mark);
      else tip.create(mark);
      isMade = true;
      look();
    }
    expect(cuts).toBeGreaterThan(10);
  });

  it('is durable when it was made: a power cut right after that leaves nothing else', () => {
    const files = new LossyFiles();
    new HighWaterMark('/tip', files).create({ index: 0, hash: hexOf('genesis') });
    expect(possibleMarks(files)).toEqual([0]);
  });

  it('is made whole again where the file is gone', () => {
    const files = new LossyFiles();
    new HighWaterMark('/tip', files).write({ index: 7, hash: hexOf('seven') });
    expect(possibleMarks(files)).toEqual([7]);
  });

  it('leaves no draft behind on a full disk', () => {
    const files = new LossyFiles();
    files.writeSync = () => 10;
    expect(() => new HighWaterMark('/tip', files).create({ index: 0, hash: hexOf('genesis') })).toThrow(
      'no space left on device',
    );
    expect(files.possibleTexts('/tip.new').at(-1)).toBeUndefined();
    expect(files.possibleTexts('/tip')).toEqual([undefined, undefined, undefined]);
  });

  it('would be missing if it were written in place: the model of the disk is as cruel as one', () => {
    const files = new LossyFiles();
    const descriptor = files.openSync('/tip', 'w');
    files.writeSync(descriptor, 'mark');
    expect(new Set(files.possibleTexts('/tip'))).toEqual(new Set([undefined, '', 'mark']));
    files.fsyncSync(descriptor);
    expect(new Set(files.possibleTexts('/tip'))).toEqual(new Set([undefined, 'mark']));
  });
});
