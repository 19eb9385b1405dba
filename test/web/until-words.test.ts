import { describe, expect, it } from 'vitest';
import { limits } from '../../src/http/api/limits.ts';
import { untilWords } from '../../src/web/until-words.ts';

describe('the words beside the countdown', () => {
  it('say in which phase the round is', () => {
    const words = (['open', 'drawing', 'paused', 'disk-full'] as const).map((phase) =>
      untilWords({ phase, height: 6 }, 1000),
    );
    expect(words).toEqual([
      'until the draw of block 7',
      'drawing block 7',
      'paused before block 7',
      'block 7 is drawn, and waits for room on the disk',
    ]);
  });

  it('say that a draw is late when it is overdue, and not sooner', () => {
    const open = { phase: 'open', height: 6 } as const;
    expect(untilWords(open, -limits.drawOverdueMs)).toBe('until the draw of block 7');
    expect(untilWords(open, -limits.drawOverdueMs - 1)).toBe('the draw of block 7 is late');
  });
});
