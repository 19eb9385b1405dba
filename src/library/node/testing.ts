// What `import … from 'sortition/testing'` gives: parts of the world of a node that a test holds in its hand.
export { SeededSecrets, seededWallets } from '../../platform/seeded-secrets.ts';
export { SettableClock } from '../../platform/settable-clock.ts';
export { MemoryStore } from '../../storage/memory-store.ts';
