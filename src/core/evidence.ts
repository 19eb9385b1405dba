import type { GenesisBlock } from './block.ts';
import { genesisHash } from './block-hash.ts';
import { type Contradiction, findContradiction } from './contradiction.ts';
import { type Parsed, parseRecord } from './json-record.ts';
import type { VerifySignature } from './keys.ts';
import { parseGenesisBlock } from './parse-genesis.ts';
import { authorityOf, isSignedBy, parseStatement, type Statement } from './statement.ts';

/** Two statements of the authority of a chain, with the genesis that names its key: enough to judge without asking a server. */
export interface Evidence {
  readonly Version: 1;
  readonly Genesis: GenesisBlock;
  readonly Statements: readonly [Statement, Statement];
}

/** What evidence proves of the authority of a chain. */
export interface Conviction extends Contradiction {
  readonly chainId: string;
  readonly authority: string;
}

/** The text of an evidence file, without its LF. */
export function evidenceText(genesis: GenesisBlock, first: Statement, second: Statement): string {
  const evidence: Evidence = { Version: 1, Genesis: genesis, Statements: [first, second] };
  return JSON.stringify(evidence);
}

/** Parses evidence. Only keys and formats are checked, and that the genesis has the hash which names the chain. */
export function parseEvidence(json: unknown): Parsed<Evidence> {
  const parsed = parseRecord('evidence', json, { all: ['Version', 'Genesis', 'Statements'] });
  if ('why' in parsed) return parsed;
  const { Version, Genesis, Statements } = parsed.value;
  if (Version !== 1) return { why: 'Version of evidence must be 1' };
  const genesis = parseGenesisBlock(Genesis);
  if ('why' in genesis) return { why: `its Genesis is none: ${genesis.why}` };
  const block = genesis.value;
  if (genesisHash(block.Timestamp, block.Genesis) !== block.Hash)
    return { why: 'the Hash of its Genesis is not that of what it says' };
  if (!Array.isArray(Statements) || Statements.length !== 2) return { why: 'Statements must be an array of two' };
  const [first, second] = [parseStatement(Statements[0], block), parseStatement(Statements[1], block)];
  if ('why' in first) return { why: `its first statement is none: ${first.why}` };
  if ('why' in second) return { why: `its second statement is none: ${second.why}` };
  return { value: { Version, Genesis: block, Statements: [first.value, second.value] } };
}

/** What evidence proves, or why it proves nothing. */
export function judgeEvidence({ Genesis, Statements }: Evidence, verifySignature: VerifySignature): Parsed<Conviction> {
  const authority = authorityOf(Genesis);
  if (authority === undefined) return { why: 'nobody signs the blocks of a chain of work' };
  const [first, second] = Statements;
  for (const [name, statement] of [['first', first] as const, ['second', second] as const]) {
    if (!isSignedBy(Genesis, authority, statement, verifySignature))
      return { why: `its ${name} statement is not signed by the authority of the chain` };
  }
  const contradiction = findContradiction(first, second);
  if (contradiction === undefined) return { why: 'its two statements do not contradict each other: both can be true' };
  return { value: { ...contradiction, chainId: Genesis.Hash, authority } };
}
