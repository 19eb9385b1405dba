import { describe, expect, it } from 'vitest';
import { runToEnd } from '../src/base/run-to-end.ts';
import { drandVerifier } from '../src/core/drand-signature.ts';
import { BeaconRelay, recordedQuicknet } from './beacon-relay.ts';
import { sharedFolder, sharedWord } from './shared.ts';

describe.skipIf(sharedFolder === undefined)(`${sharedWord}a relay of recorded rounds`, () => {
  it('passes on what was recorded, or lies in the right form, or says nothing until it is released', async () => {
    const { info, signatures } = recordedQuicknet();
    const relay = await BeaconRelay.open(info, (round) => signatures.get(round));
    const [round = 0] = signatures.keys();
    const get = async (path: string): Promise<{ round: number; signature: string }> =>
      JSON.parse(await (await fetch(`${relay.url}${path}`)).text());
    const path = `/${info.hash}/public/${round}`;
    const verify = drandVerifier();
    const holds = (signature: string): boolean => runToEnd(verify(info.public_key, round, signature));
    expect(await get('/info')).toEqual(info);
    expect(holds((await get(path)).signature)).toBe(true);
    relay.mood = 'lying';
    const { signature } = await get(path);
    expect([signature.length, holds(signature)]).toEqual([96, false]);
    relay.mood = 'slow';
    const asked = get(path);
    await relay.isAsked(4);
    relay.mood = 'honest';
    relay.release();
    expect(holds((await asked).signature)).toBe(true);
    expect((await fetch(`${relay.url}/public/${round + 1}`)).status).toBe(425);
    expect(relay.asked).toEqual(['/info', path, path, path, `/public/${round + 1}`]);
  });
});
