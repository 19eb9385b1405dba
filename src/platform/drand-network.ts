import type { Beacon } from '../core/block.ts';

/**
 * drand's quicknet: a public beacon of many keepers, as its group published it (https://docs.drand.love). Its hash and key are pinned here, so no
 * relay can stand in for it.
 */
export const quicknet: Beacon = {
  Name: 'quicknet',
  ChainHash: '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971',
  PublicKey:
    '83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a',
  GenesisTime: Date.parse('2023-08-23T15:09:27Z') / 1000,
  Period: 3,
};

/** The relays that its keepers run. */
export const quicknetRelays: readonly string[] = [
  'https://api.drand.sh',
  'https://api2.drand.sh',
  'https://api3.drand.sh',
  'https://drand.cloudflare.com',
];
