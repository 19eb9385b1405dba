// What `import … from 'sortition/node'` gives.
export { FailedError, UsageError } from '../../cli/command-error.ts';
export { ChainError, StoreError } from '../../node/ports.ts';
export { nativeVerifier } from '../../platform/ed25519.ts';
export { ListenError } from '../../tcp/tcp-server.ts';
export { RunningNode } from './running-node.ts';
export type { Settings, Time } from './settings.ts';
export { type StartOptions, start } from './start.ts';
