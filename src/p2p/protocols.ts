import type { Topic } from '../node/sync/peer-network.ts';

/** SPEC 8: what nodes of a chain speak carries the first 16 digits of its ChainId, so that nodes of other chains do not understand it. */
function nameOf(chainId: string, name: string): string {
  return `/sortition/${chainId.slice(0, 16)}/${name}/2`;
}

/** The protocol of requests and answers. */
export function askProtocol(chainId: string): string {
  return nameOf(chainId, 'ask');
}

/** The protocol of people who take part by way of a peer. */
export function seatProtocol(chainId: string): string {
  return nameOf(chainId, 'seat');
}

/** The protocol by which nodes look for each other. */
export function lookupProtocol(chainId: string): string {
  return nameOf(chainId, 'kad');
}

/** The service by which nodes of a chain are known in a local network. */
export function localService(chainId: string): string {
  return `_sortition-${chainId.slice(0, 16)}._udp.local`;
}

/** True for the protocol of requests and answers of any chain. */
export function isAskProtocol(protocol: string): boolean {
  return /^\/sortition\/[0-9a-f]{16}\/ask\/2$/.test(protocol);
}

/** All topics. */
export const topics: readonly Topic[] = ['blocks', 'transactions', 'candidates'];

/** What a topic of a chain is called. */
export function topicName(chainId: string, topic: Topic): string {
  return nameOf(chainId, topic);
}
