import { inTurns } from '../../base/run-to-end.ts';
import type { Clock } from '../../consensus/clock.ts';
import type { BeaconSource } from '../../consensus/engine.ts';
import { roundTimeMs, type VerifyBeacon } from '../../core/beacon.ts';
import type { Beacon } from '../../core/block.ts';
import { isHex } from '../../core/json-record.ts';
import { limits as coreLimits, hexDigits } from '../../core/limits.ts';
import { loadBeaconVerifier } from '../../core/load-beacon-verifier.ts';
import { timestampMs } from '../../core/timestamp.ts';
import { BeaconClient, type RelayEvent } from '../../platform/beacon-client.ts';
import { requestJson } from '../../platform/json-request.ts';
import { FailedError } from '../command-error.ts';
import { refuseUnbegun } from './named-beacons.ts';

export interface BeaconClientParts {
  readonly clock: Clock;
  /** Where each beacon is asked, by its ChainHash. */
  readonly relays: ReadonlyMap<string, readonly string[]>;
  readonly stopAsked: AbortSignal;
  readonly onRelay: (event: RelayEvent) => void;
  /** No relay of a beacon has a round of it now. */
  readonly onSilent: (beacon: Beacon) => void;
}

/**
 * Makes what asks the beacons of a chain, and compares this machine's clock with their latest rounds. Throws a FailedError where the clock is off by
 * more than the time by which a pool is sealed before its rounds: the rounds of a seal could be known already.
 */
export async function openBeaconClient(
  beacons: readonly Beacon[],
  { clock, relays, stopAsked, onRelay, onSilent }: BeaconClientParts,
): Promise<BeaconSource> {
  const verifyBeacon = await loadBeaconVerifier({ beacons: beacons.length });
  if (verifyBeacon === undefined) throw new Error('a chain without beacons asks none');
  for (const beacon of beacons) {
    refuseUnbegun(beacon, clock.timestamp());
    const urls = relays.get(beacon.ChainHash) ?? [];
    const latest = await Promise.all(urls.map((url) => latestAt(url, beacon, { clock, verifyBeacon, stopAsked })));
    stopAsked.throwIfAborted();
    const rounds = latest.filter((round) => round !== undefined);
    if (rounds.length === 0) onSilent(beacon);
    else refuseWrongClock(beacon, Math.max(...rounds), timestampMs(clock.timestamp()));
  }
  return new BeaconClient({ clock, ask: requestJson, verifyBeacon, relays, onRelay });
}

/** The latest round that a relay has of a beacon; undefined where it has none that verifies. */
async function latestAt(
  url: string,
  beacon: Beacon,
  { clock, verifyBeacon, stopAsked }: { clock: Clock; verifyBeacon: VerifyBeacon; stopAsked: AbortSignal },
): Promise<number | undefined> {
  const answer = await requestJson(`${url}/${beacon.ChainHash}/public/latest`, stopAsked);
  if ('why' in answer || typeof answer.json !== 'object' || answer.json === null) return undefined;
  const { round, signature }: { round?: unknown; signature?: unknown } = answer.json;
  if (typeof round !== 'number' || !Number.isSafeInteger(round) || round < 1) return undefined;
  if (!isHex(signature, hexDigits.beaconSignature)) return undefined;
  return (await inTurns(clock, verifyBeacon(beacon.PublicKey, round, signature))) ? round : undefined;
}

function refuseWrongClock(beacon: Beacon, latest: number, nowMs: number): void {
  const elapsedMs = nowMs - Number(roundTimeMs(beacon, latest));
  const cure = 'Set the clock, for example with: timedatectl set-ntp true';
  if (elapsedMs < -coreLimits.sealLeadMs) {
    throw new FailedError(
      `the clock of this machine is ${Math.ceil(-elapsedMs / 1000)} s behind that of the beacon ${beacon.Name}, which has published round ${latest} already. ${cure}`,
    );
  }
  // The round after the latest is due a period later.
  const lateMs = elapsedMs - beacon.Period * 1000;
  if (lateMs > coreLimits.sealLeadMs) {
    throw new FailedError(
      `the clock of this machine is ${Math.ceil(lateMs / 1000)} s ahead of that of the beacon ${beacon.Name}, whose latest round is ${latest}, or the beacon stands still. ${cure}`,
    );
  }
}
