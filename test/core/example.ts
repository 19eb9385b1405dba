import { readFileSync } from 'node:fs';
import { type Block, type DrawnBlock, isDrawn } from '../../src/core/block.ts';
import type { Parsed } from '../../src/core/json-record.ts';
import { parseBlock } from '../../src/core/parse-block.ts';

interface ExampleCandidate {
  readonly Validator: string;
  readonly Stake: string;
  readonly BPM: number;
}

interface Example {
  /** What it was made from. */
  readonly secrets: { readonly authority: string; readonly salt: string; readonly lastLink: string };
  readonly chain: readonly unknown[];
  readonly pools: readonly (readonly ExampleCandidate[])[];
}

/** A worked chain with the pools that it was drawn from, and the secrets that it was made from. */
export function readExample(): Example {
  return JSON.parse(readFileSync(new URL('../fixtures/chain-example.json', import.meta.url), 'utf8'));
}

/** The blocks of a chain that is known to have their form. */
export function readChain(chain: readonly unknown[]): readonly Block[] {
  return chain.map((json, index) => expectForm(parseBlock(json, index)));
}

/** The drawn blocks of such a chain. */
export function readDrawn(chain: readonly unknown[]): readonly DrawnBlock[] {
  return readChain(chain).filter(isDrawn);
}

function expectForm<T>(form: Parsed<T>): T {
  if ('why' in form) throw new Error(form.why);
  return form.value;
}
