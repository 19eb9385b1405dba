import { onOneLine } from '../../base/escape-for-display.ts';
import { roundAfter } from '../../core/beacon.ts';
import { beaconOfInfo, parseBeaconInfo } from '../../core/beacon-info.ts';
import type { Beacon } from '../../core/block.ts';
import { quicknet, quicknetRelays } from '../../platform/drand-network.ts';
import { requestJson } from '../../platform/json-request.ts';
import { FailedError, UsageError } from '../command-error.ts';

/** What the setting BEACON names. */
export interface NamedBeacons {
  /** The beacons that said what they are, and where each is asked. */
  readonly known: readonly NamedBeacon[];
  /** Addresses at which nothing answered, and why. Any beacon of a chain may be behind them. */
  readonly silent: readonly { readonly url: string; readonly why: string }[];
}

export interface NamedBeacon {
  readonly beacon: Beacon;
  readonly relays: readonly string[];
}

/**
 * Reads what beacons say of themselves: `drand`, whose key is pinned, and addresses, which are asked for their `/info`. Throws a UsageError where
 * what is there is no beacon that a chain can have.
 */
export async function readBeacons(names: readonly string[], stopAsked: AbortSignal): Promise<NamedBeacons> {
  const read = await Promise.all(
    names.map((name) => (name === 'drand' ? { beacon: quicknet, relays: quicknetRelays } : readInfo(name, stopAsked))),
  );
  stopAsked.throwIfAborted();
  const relays = new Map<string, NamedBeacon>();
  for (const one of read) {
    if ('why' in one) continue;
    const { ChainHash } = one.beacon;
    // Several addresses of one beacon are its relays.
    relays.set(ChainHash, { ...one, relays: [...(relays.get(ChainHash)?.relays ?? []), ...one.relays] });
  }
  return { known: [...relays.values()], silent: read.filter((one) => 'why' in one) };
}

async function readInfo(url: string, stopAsked: AbortSignal): Promise<NamedBeacon | NamedBeacons['silent'][number]> {
  const answer = await requestJson(`${url}/info`, stopAsked);
  if ('why' in answer) return { url, why: onOneLine(answer.why) };
  const { isOk, status, json } = answer;
  const parsed = isOk ? parseBeaconInfo(json) : { why: `its /info is answered with the status ${status}` };
  if ('why' in parsed) throw new UsageError(`what is at ${onOneLine(url)} is no beacon for a lottery: ${parsed.why}`);
  const beacon = beaconOfInfo(parsed.value);
  // An address may have the hash in it, as relays of drand are given out.
  const end = `/${beacon.ChainHash}`;
  return { beacon, relays: [url.endsWith(end) ? url.slice(0, -end.length) : url] };
}

/** The beacons of a new chain. Throws a FailedError where one has not said what it is, or has no rounds yet, and a UsageError where two have one name. */
export function newBeaconsOf({ known, silent }: NamedBeacons, timestamp: string): readonly Beacon[] {
  const [unheard] = silent;
  if (unheard !== undefined)
    throw new FailedError(`the beacon at ${onOneLine(unheard.url)} does not answer: ${unheard.why}`);
  for (const { beacon } of known) refuseUnbegun(beacon, timestamp);
  const names = known.map(({ beacon }) => beacon.Name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice === undefined) return known.map(({ beacon }) => beacon);
  throw new UsageError(
    `two of the beacons are called ${twice}, and a chain can have only one of a name: begin one of them anew with another --name`,
  );
}

/** Throws a FailedError where a beacon has no round for a pool that is sealed now. */
export function refuseUnbegun(beacon: Beacon, timestamp: string): void {
  if (roundAfter(beacon, timestamp) !== undefined) return;
  const begin = new Date(beacon.GenesisTime * 1000);
  // Not every moment that a beacon can name is a date.
  const when = Number.isNaN(begin.getTime()) ? 'in the far future' : `at ${begin.toISOString()}`;
  throw new FailedError(
    `the beacon ${beacon.Name} begins only ${when}, and the clock of this machine says ${timestamp}: set the clock, or wait`,
  );
}

/**
 * Where the beacons of a chain are asked, by ChainHash. Throws a UsageError where it was not said for one of them, and for a beacon that is not
 * the chain's.
 */
export function relaysOf(
  beacons: readonly Beacon[],
  { known, silent }: NamedBeacons,
): ReadonlyMap<string, readonly string[]> {
  const stranger = known.find(({ beacon }) => !beacons.some(({ ChainHash }) => ChainHash === beacon.ChainHash));
  const named = stranger === undefined ? silent[0]?.url : beaconText(stranger.beacon);
  if (named !== undefined && (stranger !== undefined || beacons.length === 0)) {
    const own = beacons.length === 0 ? 'wait for no beacon' : `wait for ${beacons.map(beaconText).join(' and ')}`;
    throw new UsageError(
      `BEACON names ${onOneLine(named)}, but the draws of this chain ${own}: leave it out, or begin a new chain with another --data-dir`,
    );
  }
  return new Map(
    beacons.map((beacon) => {
      const { ChainHash } = beacon;
      const own = known.find((each) => each.beacon.ChainHash === ChainHash)?.relays;
      const relays = own ?? (ChainHash === quicknet.ChainHash ? quicknetRelays : []);
      const all = [...relays, ...silent.map(({ url }) => url)];
      if (all.length > 0) return [ChainHash, all];
      throw new UsageError(
        `the draws of this chain wait for the beacon ${beaconText(beacon)}, and it was not said where that is asked: give its address, for example --beacon http://localhost:9003`,
      );
    }),
  );
}

function beaconText({ Name, ChainHash }: Beacon): string {
  return `${Name} (${ChainHash})`;
}
