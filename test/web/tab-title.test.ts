import { describe, expect, it } from 'vitest';
import { type LiveMoment, tabTitle } from '../../src/web/tab-title.ts';

const open: LiveMoment = {
  contact: 'heard',
  status: { consensus: 'lottery', phase: 'open', height: 6 },
  remainingMs: 11_001,
  result: undefined,
};

describe('the title of the tab of a live page', () => {
  it('counts the seconds as the page does, and never below none', () => {
    expect(tabTitle(open)).toBe('12 s · sortition');
    expect(tabTitle({ ...open, remainingMs: -5 })).toBe('0 s · sortition');
    expect(tabTitle({ ...open, status: undefined })).toBe('Live · sortition');
  });

  it('says the result while one is shown, and what is in the way', () => {
    expect(tabTitle({ ...open, result: '3f2a91c0 wins block 6' })).toBe('3f2a91c0 wins block 6 · sortition');
    const paused = { consensus: 'lottery', phase: 'paused', height: 6 } as const;
    expect(tabTitle({ ...open, status: paused })).toBe('Paused before block 7 · sortition');
  });

  it('says that the server is gone, whatever was shown before', () => {
    const shown = { ...open, result: '3f2a91c0 wins block 6' };
    expect(tabTitle({ ...shown, contact: 'stopped' })).toBe('Stopped · sortition');
    expect(tabTitle({ ...shown, contact: 'silent' })).toBe('No answer · sortition');
  });

  it('says the newest block where another server draws, or none does', () => {
    const far = {
      consensus: 'lottery',
      phase: 'open',
      height: 6,
      network: { peers: 1, authority: 'reached' },
    } as const;
    expect(tabTitle({ ...open, status: far })).toBe('Block 6 · sortition');
    expect(tabTitle({ ...open, status: { consensus: 'instant', phase: 'open', height: 6 } })).toBe(
      'Block 6 · sortition',
    );
  });
});
