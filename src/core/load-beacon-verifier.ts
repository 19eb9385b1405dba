import type { VerifyBeacon } from './beacon.ts';
import type { BlockForm } from './parse-block.ts';

/**
 * What the signatures of beacons are verified with; undefined for a chain without beacons, which never loads the pairing: it is larger than all
 * other rules together, and takes a tenth of a second to get ready.
 */
export async function loadBeaconVerifier({ beacons }: Pick<BlockForm, 'beacons'>): Promise<VerifyBeacon | undefined> {
  if (beacons === 0) return undefined;
  const { drandVerifier } = await import('./drand-signature.ts');
  return drandVerifier();
}
