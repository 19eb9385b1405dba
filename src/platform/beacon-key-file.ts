import { isBeaconName } from '../core/beacon.ts';
import type { Beacon } from '../core/block.ts';
import { isHash } from '../core/hash.ts';
import { isWhole, type Parsed, parseRecord } from '../core/json-record.ts';
import { ChainError } from '../node/ports.ts';
import { readPrivateText, writePrivateText } from './secret-file.ts';

/** All that a beacon keeps: its secret, and what fixes the time of each round. */
export interface BeaconKey extends Omit<Beacon, 'ChainHash' | 'PublicKey'> {
  /** 64 hex digits. */
  readonly Secret: string;
}

/** Reads the key of a beacon; undefined where it was not made yet. Throws a ChainError, for its keeper to read, where it cannot be used. */
export function readBeaconKey(file: string): BeaconKey | undefined {
  const text = readPrivateText(file);
  if (text === undefined) return undefined;
  const parsed = parseBeaconKey(text);
  if ('value' in parsed) return parsed.value;
  throw new ChainError(
    `${file} is damaged: ${parsed.why}. Put the file back, or begin another beacon with another --data-dir`,
  );
}

/** Keeps a new key, in a file for its owner alone that survives a power cut. Throws a ChainError when that fails. */
export function writeBeaconKey(file: string, { Name, GenesisTime, Period, Secret }: BeaconKey): void {
  writePrivateText(file, JSON.stringify({ Version: 1, Name, GenesisTime, Period, Secret }));
}

function parseBeaconKey(text: string): Parsed<BeaconKey> {
  const parsed = parseRecord('it', parseJson(text), { all: ['Version', 'Name', 'GenesisTime', 'Period', 'Secret'] });
  if ('why' in parsed) return parsed;
  const { Version, Name, GenesisTime, Period, Secret } = parsed.value;
  if (Version !== 1) return { why: 'its Version is not 1' };
  if (!isBeaconName(Name)) return { why: 'its Name is none' };
  if (!isWhole(GenesisTime, 0) || !isWhole(Period, 1)) return { why: 'its times are no whole numbers of seconds' };
  // What is wrong in a secret is not shown.
  if (!isHash(Secret)) return { why: 'its Secret must be 64 hex digits' };
  return { value: { Name, GenesisTime, Period, Secret } };
}

/** Undefined for what is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
