import type { BeaconSource } from '../../consensus/engine.ts';
import { LotteryRules } from '../../consensus/lottery/lottery-rules.ts';
import type { Tip } from '../../consensus/verifier.ts';
import type { Beacon } from '../../core/block.ts';
import type { NamedBeacons } from './named-beacons.ts';
import type { BeaconClientParts } from './open-beacon-client.ts';

/** The beacons that the draws of a chain wait for. */
export function beaconsOf(tip: Tip | undefined): readonly Beacon[] {
  return tip?.seal instanceof LotteryRules ? tip.seal.beacons : [];
}

/** No beacons were named. */
export const noBeacons: NamedBeacons = { known: [], silent: [] };

/** What asks the beacons of a chain. It is loaded only where there are some. */
export async function openBeacons(
  beacons: readonly Beacon[],
  named: NamedBeacons,
  parts: Omit<BeaconClientParts, 'relays'>,
): Promise<BeaconSource> {
  const { relaysOf } = await import('./named-beacons.ts');
  const relays = relaysOf(beacons, named);
  return (await import('./open-beacon-client.ts')).openBeaconClient(beacons, { ...parts, relays });
}
