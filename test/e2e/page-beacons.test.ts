import { expect, it } from 'vitest';
import type { SealStatus } from '../../src/consensus/engine.ts';
import { roundTimeMs, sealedPoolOf } from '../../src/core/beacon.ts';
import type { DrawnBlock } from '../../src/core/block.ts';
import { buildBeaconChain, sealOf, TestBeacon } from '../core/build-beacon-chain.ts';
import { candidatesWith, frozen } from '../core/build-chain.ts';
import { ChainPageServer } from './chain-page.ts';
import { describesInABrowser, phone } from './page-browser.ts';

const anna = new TestBeacon('anna', { GenesisTime: 1_700_000_000, Period: 3 });
const candidates = candidatesWith([3n, 4n]);
const { genesis, blocks } = buildBeaconChain([candidates, candidatesWith([5n, 6n])], [anna]);
const lie = buildBeaconChain([candidates, candidatesWith([9n])], [anna]).blocks[1];

/** The seal of the pool of a block, before its beacon has spoken. */
function sealFor(block: DrawnBlock): SealStatus {
  const pool = sealedPoolOf(block);
  if (pool === undefined) throw new Error('its pool was not sealed');
  const round = block.Draw.Beacons?.[0]?.Round ?? 0;
  const timeMs = Number(roundTimeMs(anna.beacon, round));
  const awaited = { name: 'anna', round, timeMs, signature: undefined, isLate: false };
  return { pool, signature: sealOf(genesis, block), rounds: [awaited] };
}

describesInABrowser('the page of a lottery with a beacon', ({ open, picture }) => {
  it('sees a pool sealed, waits for the beacon, confirms the draw, and cannot be told of another pool', async () => {
    const [first, second] = blocks;
    if (first === undefined || second === undefined || lie === undefined) throw new Error('nothing was drawn');
    const server = await ChainPageServer.start([genesis]);
    const page = await open(server.base, { viewport: phone, hasOwnClock: true }, ({ clock }) =>
      clock.install({ time: first.Draw.Sealed ?? '' }),
    );
    await page.getByText('No candidates yet').waitFor();
    server.seal = sealFor(first);
    server.tell({ kind: 'sealed', ...server.seal });
    await page.getByText('Block 1 is sealed: 2 candidates, 7 tokens').waitFor();
    server.seal = undefined;
    await server.add(first, frozen(candidates).candidates);
    await page.getByText('✓ Block 1 was drawn from the very pool that this page saw sealed.').waitFor();
    expect(await page.getByText('Do not trust this server').count()).toBe(0);

    server.seal = sealFor(lie);
    server.tell({ kind: 'sealed', ...server.seal });
    await page.getByText('Block 2 is sealed: 1 candidate, 9 tokens').waitFor();
    server.seal = undefined;
    await server.add(second);
    await page.getByText('Do not trust this server').waitFor();
    expect(await page.getByLabel('Evidence').inputValue()).toContain('"Statements"');
    await picture(page, 'beacon-alarm-390');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width);

    await page.goto(`${server.base}/blocks/1`);
    await page.getByRole('button', { name: 'Check this draw' }).click();
    await page.getByText('✓ Every rule holds.').waitFor();
    expect(server.faults).toEqual([]);
  });
});
