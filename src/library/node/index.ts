// What `import … from 'sortition/node'` gives.
export { UsageError } from '../../cli/command-error.ts';
export { RunningNode } from './running-node.ts';
export type { Settings, Time } from './settings.ts';
export { type StartOptions, start } from './start.ts';
