import { parseDigits } from '../base/amount.ts';

/** What a person wants to be sent of the chain. */
export type ChainPortion =
  | { readonly kind: 'all' }
  /** The newest blocks; `blocks` undefined for as many as are usual. */
  | { readonly kind: 'tail'; readonly blocks: number | undefined }
  /** What came behind `chain`. */
  | { readonly kind: 'wrong'; readonly text: string };

/** Reads `chain all`, `chain tail` and `chain tail 20`, in any case; undefined where a line is no such command. */
export function readChainCommand(line: string): ChainPortion | undefined {
  const [command = '', portion = '', count, ...more] = line.split(/[ \t]+/);
  if (command.toLowerCase() !== 'chain') return undefined;
  const wrong = { kind: 'wrong', text: line.slice(command.length).trim() } as const;
  if (more.length > 0) return wrong;
  const word = portion.toLowerCase();
  if (count === undefined)
    return word === 'all' ? { kind: word } : word === 'tail' ? { kind: word, blocks: undefined } : wrong;
  const blocks = parseDigits(count) ?? 0n;
  return word === 'tail' && blocks >= 1n && blocks <= Number.MAX_SAFE_INTEGER
    ? { kind: word, blocks: Number(blocks) }
    : wrong;
}
