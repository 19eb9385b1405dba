import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { isBeaconName } from './beacon.ts';
import type { Beacon } from './block.ts';
import { accepted, isHex, isWhole, type Parsed } from './json-record.ts';
import { hexDigits } from './limits.ts';

/** The one scheme of drand that a chain takes (SPEC 5). */
const beaconScheme = 'bls-unchained-g1-rfc9380';

/** What a beacon says of itself at `/info`, with the keys that drand's HTTP interface has. */
export interface BeaconInfo {
  readonly public_key: string;
  /** Seconds between two rounds. */
  readonly period: number;
  /** When round 1 comes, in seconds of Unix time. */
  readonly genesis_time: number;
  readonly hash: string;
  /** What drand's group file hashes to; a beacon of one key has the hash of its key here. */
  readonly groupHash: string;
  readonly schemeID: string;
  readonly metadata: { readonly beaconID: string };
}

/** What the hash of a beacon's chain is made of. */
export type HashedInfo = Omit<BeaconInfo, 'hash' | 'schemeID'>;

/** The hash that names a beacon's chain, as drand's Info.Hash makes it: SHA-256 of period, genesis time, key, group and, unless "default", name. */
export function beaconChainHash({ public_key, period, genesis_time, groupHash, metadata }: HashedInfo): string {
  const numbers = new DataView(new ArrayBuffer(12));
  numbers.setUint32(0, period);
  numbers.setBigInt64(4, BigInt(genesis_time));
  const name = metadata.beaconID === 'default' ? '' : metadata.beaconID;
  const parts = [new Uint8Array(numbers.buffer), hexToBytes(public_key), hexToBytes(groupHash), utf8ToBytes(name)];
  return bytesToHex(sha256(concatBytes(...parts)));
}

/** What a beacon of a single key says of itself. */
export function infoOfKey(
  publicKey: string,
  { Name, GenesisTime, Period }: Omit<Beacon, 'ChainHash' | 'PublicKey'>,
): BeaconInfo {
  const groupHash = bytesToHex(sha256(hexToBytes(publicKey)));
  const times = { period: Period, genesis_time: GenesisTime };
  const metadata = { beaconID: Name };
  const hash = beaconChainHash({ public_key: publicKey, ...times, groupHash, metadata });
  return { public_key: publicKey, ...times, hash, groupHash, schemeID: beaconScheme, metadata };
}

/** Reads what a beacon says of itself at `/info`, in any order of keys and with others beside them; for anything else why it is none that can be used. */
export function parseBeaconInfo(json: unknown): Parsed<BeaconInfo> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { why: 'its /info is no JSON object' };
  const fields: Readonly<Record<string, unknown>> = { ...json };
  const { public_key, period, genesis_time, hash, groupHash, schemeID, metadata } = fields;
  if (schemeID !== beaconScheme)
    return { why: `its schemeID is ${shown(schemeID)}, but only ${beaconScheme} is taken` };
  if (!isHex(public_key, hexDigits.beaconKey)) return { why: `its public_key ${accepted.hex(hexDigits.beaconKey)}` };
  // drand writes it in four bytes.
  if (!isWhole(period, 1, 2 ** 32 - 1)) return { why: `its period ${accepted.whole(1, 2 ** 32 - 1)}` };
  if (!isWhole(genesis_time, 0)) return { why: `its genesis_time ${accepted.whole(0)}` };
  if (!isHex(groupHash, 64)) return { why: `its groupHash ${accepted.hex(64)}` };
  const beaconID = nameIn(metadata);
  if (beaconID === undefined)
    return { why: `its metadata.beaconID must be 1 to 32 of a-z 0-9 -, for example quicknet` };
  const times = { public_key, period, genesis_time };
  const expected = beaconChainHash({ ...times, groupHash, metadata: { beaconID } });
  if (hash !== expected) return { why: `its hash is ${shown(hash)}, but what it says of itself hashes to ${expected}` };
  return { value: { ...times, hash: expected, groupHash, schemeID: beaconScheme, metadata: { beaconID } } };
}

/** A beacon as the genesis of a chain names it. */
export function beaconOfInfo({ public_key, period, genesis_time, hash, metadata }: BeaconInfo): Beacon {
  return {
    Name: metadata.beaconID,
    ChainHash: hash,
    PublicKey: public_key,
    GenesisTime: genesis_time,
    Period: period,
  };
}

/** A beacon without a name is drand's "default". */
function nameIn(metadata: unknown): string | undefined {
  if (metadata === undefined || metadata === null) return 'default';
  if (typeof metadata !== 'object' || !('beaconID' in metadata)) return undefined;
  return isBeaconName(metadata.beaconID) ? metadata.beaconID : undefined;
}

/** A value that a stranger sent, short and printable. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'string' ? `"${escapeForDisplay(value)}"` : escapeForDisplay(JSON.stringify(value) ?? '');
}

/** What a beacon publishes for a round, as drand's HTTP interface prints it. The randomness is SHA-256 of the signature. */
export interface PublishedRound {
  readonly round: number;
  readonly randomness: string;
  readonly signature: string;
}

export function publishedRound(round: number, signature: string): PublishedRound {
  return { round, randomness: bytesToHex(sha256(hexToBytes(signature))), signature };
}
