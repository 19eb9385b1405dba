import { describe, expect, it } from 'vitest';
import { LotteryPage } from './open-lottery-page.ts';

describe('POST / on an instant chain', () => {
  it('is answered with the block, which is stored and was told, and needs no seat', async () => {
    const page = await LotteryPage.open({ newChain: { kind: 'instant' } });
    const bodies = ['{"Data":77}', '{"BPM":0}', '{"Data":2147483647}'];
    for (const [place, body] of bodies.entries()) {
      const answer = await fetch(`${page.base}/`, { method: 'POST', body });
      expect([answer.status, answer.headers.get('location')]).toEqual([201, `/api/blocks/${place + 1}`]);
      const text = await answer.text();
      expect(text).toBe(await (await fetch(`${page.base}/api/blocks/${place + 1}`)).text());
      expect(JSON.parse(text)).toMatchObject({ Index: place + 1, BPM: [77, 0, 2_147_483_647][place] });
    }
    expect(page.node.chain.height).toBe(3);
    expect(page.node.service.status().validators).toBe(0);
    expect(await (await fetch(`${page.base}/api/status`)).json()).toMatchObject({ consensus: 'instant', height: 3 });
    expect(page.faults).toEqual([]);
  });

  it.each([
    ['{"Data":72.5}', 400, '72.5 is not a BPM'],
    ['{"Data":2147483648}', 400, 'too large'],
    ['{"Stake":100,"Data":77}', 400, 'nothing is at stake in this chain'],
    ['{"Stake":100}', 400, 'nothing is at stake in this chain'],
    ['x', 400, 'is not JSON'],
  ])('refuses %s at no cost, and says what is accepted', async (body, status, words) => {
    const page = await LotteryPage.open({ newChain: { kind: 'instant' } });
    const answer = await fetch(`${page.base}/`, { method: 'POST', body });
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(words)]);
    expect(page.node.chain.height).toBe(0);
  });

  it('is refused while the operator has paused the chain', async () => {
    const page = await LotteryPage.open({ newChain: { kind: 'instant' } });
    page.node.service.pause();
    const answer = await fetch(`${page.base}/`, { method: 'POST', body: '{"Data":77}' });
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('the operator has paused')]);
    expect(page.node.chain.height).toBe(0);
  });
});
