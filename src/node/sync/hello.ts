import { isHash, taggedText } from '../../core/hash.ts';
import { accepted, isAmountOrZero, isWhole, type Parsed, parseRecord } from '../../core/json-record.ts';
import { isSignature, type Signer, type VerifySignature } from '../../core/keys.ts';

/** What a node does for others (SPEC 8). */
export type Role = 'authority' | 'full' | 'miner' | 'wallet';

/** How nodes greet each other, and show that they are there. */
export interface Hello {
  readonly Version: 2;
  /** Left out, as Height, Tip and Weight are, by a node that has no chain yet. */
  readonly Chain?: HelloChain;
  /** Each at most once, in the order of `roles`. */
  readonly Roles: readonly Role[];
  /** The authority's signature of `peerText`: there with the role authority alone. */
  readonly Proof?: string;
}

/** How far the chain of a node goes. */
export interface HelloChain {
  readonly ChainId: string;
  readonly Height: number;
  /** The Hash of block Height. */
  readonly Tip: string;
  /** The sum of what the blocks count, in decimal digits: the heavier chain is taken. */
  readonly Weight: string;
}

/** All roles, in the order in which they are written. */
export const roles: readonly Role[] = ['authority', 'full', 'miner', 'wallet'];

/** The text with which an authority says that a peer is its own: T("peer", ChainId, identity). */
function peerText(chainId: string, peer: string): string {
  return taggedText('peer', chainId, peer);
}

/** The proof that the holder of the authority's key runs a peer. */
export function signPeer(authority: Signer, chainId: string, peer: string): string {
  return authority.sign(peerText(chainId, peer));
}

/**
 * True where a greeting that came from `peer` claims no role that it does not have. A peer that says to be the authority must have signed the peer's own
 * identity, so that the proof of another is of no use.
 * @param authority the key in the genesis; undefined in a chain without an authority
 */
export function isClaimProved(
  { Chain, Roles, Proof }: Hello,
  peer: string,
  authority: string | undefined,
  verifySignature: VerifySignature,
): boolean {
  if (!Roles.includes('authority')) return true;
  if (authority === undefined || Chain === undefined || Proof === undefined) return false;
  return verifySignature(authority, peerText(Chain.ChainId, peer), Proof);
}

/** Parses the value of a greeting. */
export function parseHello(json: unknown): Parsed<Hello> {
  const parsed = parseRecord('a hello', json, {
    all: ['Version', 'Chain', 'Roles', 'Proof'],
    optional: ['Chain', 'Proof'],
  });
  if ('why' in parsed) return parsed;
  const { Version, Chain, Roles, Proof } = parsed.value;
  if (Version !== 2) return { why: 'Version must be 2' };
  const chain = 'Chain' in parsed.value ? parseHelloChain(Chain) : undefined;
  if (chain !== undefined && 'why' in chain) return chain;
  const named = parseRoles(Roles);
  if (named === undefined) return { why: `Roles must be an array of some of ${roles.join(', ')}, in this order` };
  if (named.includes('authority') !== 'Proof' in parsed.value)
    return { why: 'Proof must be there with the role authority, and with no other' };
  const value = { Version, ...(chain === undefined ? {} : { Chain: chain.value }), Roles: named } as const;
  if (!('Proof' in parsed.value)) return { value };
  return isSignature(Proof) ? { value: { ...value, Proof } } : { why: `Proof ${accepted.hex(128)}` };
}

function parseHelloChain(json: unknown): Parsed<HelloChain> {
  const parsed = parseRecord('Chain', json, { all: ['ChainId', 'Height', 'Tip', 'Weight'] });
  if ('why' in parsed) return parsed;
  const { ChainId, Height, Tip, Weight } = parsed.value;
  if (!isHash(ChainId)) return { why: `ChainId ${accepted.hex(64)}` };
  if (!isWhole(Height, 0)) return { why: `Height ${accepted.whole(0)}` };
  if (!isHash(Tip)) return { why: `Tip ${accepted.hex(64)}` };
  if (!isAmountOrZero(Weight)) return { why: `Weight ${accepted.amountOrZero}` };
  return { value: { ChainId, Height, Tip, Weight } };
}

function parseRoles(json: unknown): readonly Role[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const named = roles.filter((role) => json.includes(role));
  return named.length === json.length && named.every((role, place) => json[place] === role) ? named : undefined;
}
