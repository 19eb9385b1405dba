import { limits } from './limits.ts';

/**
 * Why a connection to a peer was ended by this node. Each is counted.
 *
 * - `banned`, `full`, `network-full`: it was not let in, because of what it did before, or because there is no place, or none for its network.
 * - `other-chain`, `false-authority`: what it said of itself.
 * - `bad-request`, `bad-answer`, `bad-block`, `bad-announcement`: it sent what no honest node sends.
 * - `bad-proof`: what it said of an account is not so.
 * - `short-answer`: it had less of the chain than it said.
 * - `long-branch`: its chain left ours so long ago that what it has since then is more than this node holds at once, and it was not heavier by then.
 * - `flood`: it asked more often than a node needs.
 * - `stalled`, `silent`: it did not go on with an answer, or gave no sign of life.
 */
export type CutReason =
  | 'banned'
  | 'full'
  | 'network-full'
  | 'other-chain'
  | 'false-authority'
  | 'bad-request'
  | 'bad-answer'
  | 'bad-block'
  | 'bad-announcement'
  | 'bad-proof'
  | 'short-answer'
  | 'long-branch'
  | 'flood'
  | 'stalled'
  | 'silent';

/** For how long a peer that was cut is not let in again, ms. What can happen to an honest node is forgiven soon. */
const banMs: Readonly<Record<CutReason, number>> = {
  banned: 0,
  full: 0,
  'network-full': 0,
  'other-chain': limits.strangerBanMs,
  'false-authority': limits.misdeedBanMs,
  'bad-request': limits.misdeedBanMs,
  'bad-answer': limits.misdeedBanMs,
  'bad-block': limits.misdeedBanMs,
  'bad-announcement': limits.misdeedBanMs,
  'bad-proof': limits.misdeedBanMs,
  'short-answer': limits.weaknessBanMs,
  'long-branch': limits.misdeedBanMs,
  flood: limits.misdeedBanMs,
  stalled: limits.weaknessBanMs,
  silent: limits.weaknessBanMs,
};

/** For how long a peer that was cut for this is not let in again, ms. */
export function banOf(reason: CutReason): number {
  return banMs[reason];
}
