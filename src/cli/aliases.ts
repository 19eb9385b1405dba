/** What people of other chains type, and what it is called here. */
const aliases: ReadonlyMap<string, readonly string[]> = new Map([
  ['createwallet', ['wallet', 'create']],
  ['listwallets', ['wallet', 'list']],
  ['getbalance', ['wallet', 'balance']],
  ['createblockchain', ['serve', '--ledger']],
  ['startnode', ['serve']],
  ['print', ['export']],
  ['printwallet', ['wallet', 'list']],
]);

/** The arguments with an alias at their beginning, or behind `help`, replaced by the words that it stands for. */
export function withoutAlias(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (first === undefined) return args;
  if (first === 'help') return [first, ...withoutAlias(rest)];
  return [...(aliases.get(first) ?? [first]), ...rest];
}
