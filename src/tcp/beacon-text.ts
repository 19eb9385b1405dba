import { pluralize } from '../base/formatting.ts';
import type { AwaitedRound, SealStatus } from '../consensus/engine.ts';

/** The words at nc of a lottery whose draws wait for beacons (SPEC 1). Names of beacons are of `a-z 0-9 -` (SPEC 4). */

/** How many digits of PoolRoot people read. */
const rootDigitsShown = 16;

/** To everybody, when a pool is sealed. */
export function poolIsSealed({ pool, rounds }: Pick<SealStatus, 'pool' | 'rounds'>): string {
  const { Index, PoolSize, TotalStake, PoolRoot } = pool;
  const size = `${pluralize(PoolSize, 'candidate')}, ${pluralize(BigInt(TotalStake), 'token')}`;
  return `\nPool of block ${Index} is sealed: ${size}, root ${PoolRoot.slice(0, rootDigitsShown)}.\nThe draw waits for ${roundsText(rounds)}.\n`;
}

/** To everybody, when a beacon is silent: nothing stands in for it. */
export function beaconIsLate(index: number, awaited: readonly AwaitedRound[]): string {
  return `\nThe draw of block ${index} is late: it waits for ${roundsText(awaited)}. No candidate is lost; the winner comes as soon as it is drawn.\n`;
}

/** To everybody who was told that it is silent, when it is heard again. `awaited` are the rounds that the draw still waits for. */
export function beaconIsHeard(index: number, heard: AwaitedRound, awaited: readonly AwaitedRound[]): string {
  const next = awaited.length === 0 ? 'is made now' : `still waits for ${roundsText(awaited)}`;
  return `\n${roundsText([heard])} has come: the draw of block ${index} ${next}.\n`;
}

/** The rounds of some beacons, as `quicknet round 5, own round 7`. */
export function roundsText(rounds: readonly Pick<AwaitedRound, 'name' | 'round'>[]): string {
  return rounds.map(({ name, round }) => `${name} round ${round}`).join(', ');
}
