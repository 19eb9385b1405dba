import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { limits as platformLimits } from '../../platform/limits.ts';
import { UsageError } from '../command-error.ts';
import { type OptionForm, readOptions, readWhole } from '../options.ts';
import { limits } from './limits.ts';

export interface NetworkOptions {
  readonly nodes: number;
  /** Ports of this machine are taken from here on. */
  readonly port: number;
  readonly dataDir: string;
  /** Options of the server that go to all nodes. */
  readonly serverWords: readonly string[];
}

/** Options of the server that all nodes share, each with an example. */
const shared: readonly OptionForm[] = [
  { name: 'consensus', example: 'work' },
  { name: 'difficulty', example: '1048576' },
  { name: 'work-interval-ms', example: '10s' },
  { name: 'mine', example: 'always' },
  { name: 'lottery-interval-ms', example: '10s' },
];

const forms: readonly OptionForm[] = [
  { name: 'nodes', example: '5' },
  { name: 'port', example: String(limits.firstPort) },
  { name: 'data-dir', example: 'network' },
  ...shared,
];

/** Reads the words of the command `network`. Throws a UsageError that says what is wrong; what the server takes is checked by the server. */
export function readNetworkOptions(args: readonly string[]): NetworkOptions {
  const { positionals, values } = readOptions(args, forms);
  const [word] = positionals;
  if (word !== undefined)
    throw new UsageError(`network takes options only, not "${escapeForDisplay(word)}", for example --nodes 5`);
  const whole = (name: string, initial: number, min: bigint, max: number): number =>
    Number(readWhole(forms, name, values.get(name) ?? String(initial), [min, BigInt(max)]));
  return {
    nodes: whole('nodes', 5, 2n, limits.nodesMax),
    port: whole('port', limits.firstPort, 1n, platformLimits.portMax),
    dataDir: values.get('data-dir') ?? 'network',
    serverWords: shared.flatMap(({ name }) => {
      const value = values.get(name);
      return value === undefined ? [] : [`--${name}`, value];
    }),
  };
}
