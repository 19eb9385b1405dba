import { bls12_381 } from '@noble/curves/bls12-381.js';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { poolText, roundAfter, roundTimeMs, sealedPoolOf, type VerifyBeacon } from '../../src/core/beacon.ts';
import { type BeaconInfo, infoOfKey } from '../../src/core/beacon-info.ts';
import type { Beacon, BeaconRound, DrawnBlock, GenesisBlock } from '../../src/core/block.ts';
import { buildBlock, buildGenesis } from '../../src/core/build-block.ts';
import { roundMessage } from '../../src/core/drand-signature.ts';
import { HashChain, isLastLink } from '../../src/core/hash-chain.ts';
import type { Candidate } from '../../src/core/pool.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { authority, frozen, hexOf } from './build-chain.ts';

const { shortSignatures } = bls12_381;

/** A beacon with a key of its own, which can speak at any time. */
export class TestBeacon {
  readonly beacon: Beacon;
  readonly #secret: Uint8Array;

  constructor(name: string, times: Pick<Beacon, 'GenesisTime' | 'Period'>) {
    const secret = `00${hexOf(`beacon ${name}`).slice(2)}`;
    this.#secret = Buffer.from(secret, 'hex');
    const PublicKey = shortSignatures.getPublicKey(this.#secret).toHex();
    this.beacon = { Name: name, ChainHash: hexOf(`chain of ${name}`), PublicKey, ...times };
  }

  /** What it says of itself where it is asked over HTTP: its chain has a hash that fits, there. */
  get info(): BeaconInfo {
    return infoOfKey(this.beacon.PublicKey, this.beacon);
  }

  /** What it publishes for a round. */
  sign(round: number): string {
    return shortSignatures.sign(shortSignatures.hash(roundMessage(round)), this.#secret).toHex();
  }

  /** Its round for a pool that was sealed then. */
  after(sealed: string): BeaconRound {
    const Round = roundAfter(this.beacon, sealed) ?? 0;
    return { Round, Signature: this.sign(Round) };
  }
}

/** A lottery whose draws waited for beacons, with the pools and seals beside its blocks. */
export interface BeaconChain {
  readonly genesis: GenesisBlock;
  /** From block 1 on. */
  readonly blocks: readonly DrawnBlock[];
  readonly bodies: readonly { readonly Candidates: readonly unknown[]; readonly Seal: string }[];
}

/** Builds a whole chain: each pool is sealed a minute after the one before, at a full minute, and drawn in the moment of the last round. */
export function buildBeaconChain(
  pools: readonly (readonly Candidate[])[],
  beacons: readonly TestBeacon[],
  linksPerChain = 4,
): BeaconChain {
  const salt = hexOf('salt');
  const linksOf = (number: number): HashChain =>
    runToEnd(HashChain.make(salt, number, linksPerChain, hexOf(`last link ${number}`)));
  const minute = (index: number): string => new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString();
  const genesis = buildGenesis(minute(0), {
    Version: 2,
    Consensus: { Kind: 'lottery', Salt: salt, Commitment: linksOf(0).commitment, Links: linksPerChain },
    Authority: authority.key,
    Beacons: beacons.map(({ beacon }) => beacon),
  });
  const blocks: DrawnBlock[] = [];
  for (const [place, candidates] of pools.entries()) {
    const index = place + 1;
    const pool = frozen(candidates);
    const Sealed = minute(index);
    const Beacons = beacons.map((beacon) => beacon.after(Sealed));
    const times = beacons.map(({ beacon }, number) => Number(roundTimeMs(beacon, Beacons[number]?.Round ?? 0)));
    const next = isLastLink(index, linksPerChain) ? linksOf(index / linksPerChain).commitment : undefined;
    const block = buildBlock({
      index,
      timestamp: new Date(Math.max(...times)).toISOString(),
      prevHash: blocks[place - 1]?.Hash ?? genesis.Hash,
      chainId: genesis.Hash,
      authority,
      reveal: linksOf(Math.floor((index - 1) / linksPerChain)).at(index),
      nextCommitment: next,
      pool,
      tree: runToEnd(SumTree.grow(pool.leaves)),
      seal: { Sealed, Beacons },
    });
    blocks.push(block);
  }
  const bodies = blocks.map((block, place) => ({
    Candidates: frozen(pools[place] ?? []).candidates.map(({ validator, stake, payload }) => ({
      Validator: validator,
      Stake: String(stake),
      BPM: payload,
    })),
    Seal: sealOf(genesis, block),
  }));
  return { genesis, blocks, bodies };
}

/** The authority's signature of the pool of a block. */
export function sealOf(genesis: GenesisBlock, block: DrawnBlock): string {
  const pool = sealedPoolOf(block);
  if (pool === undefined) throw new Error('its pool was not sealed');
  return authority.sign(poolText(genesis.Hash, pool));
}

/** The same verdicts; a signature that has been verified before is not verified again. */
export function remembering(verifyBeacon: VerifyBeacon): VerifyBeacon {
  const verdicts = new Map<string, boolean>();
  return function* verify(...parts) {
    const key = parts.join();
    const verdict = verdicts.get(key) ?? (yield* verifyBeacon(...parts));
    verdicts.set(key, verdict);
    return verdict;
  };
}
