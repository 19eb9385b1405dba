import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { shortHash } from '../../../../src/base/formatting.ts';
import { Reporter } from '../../../../src/cli/serve/console/reporter.ts';
import { limits } from '../../../../src/cli/serve/limits.ts';
import { type Block, isDrawn } from '../../../../src/core/block.ts';
import type { NodeEvent } from '../../../../src/node/ports.ts';
import { buildChain, candidatesWith, committed, hexOf } from '../../../core/build-chain.ts';

class Console {
  text = '';
  nowMs = 0;
  readonly reporter: Reporter = new Reporter({
    paint: new Chalk({ level: 0 }),
    print: (text) => {
      this.text += text;
    },
    nowMs: () => this.nowMs,
  });

  /** What is printed by one event. */
  onEvent(event: NodeEvent): string {
    const before = this.text.length;
    this.reporter.onEvent(event);
    return this.text.slice(before);
  }
}

const candidates = candidatesWith([10n, 20n]);
const chain = buildChain([candidates, candidates, candidates, candidates], 64);

function drawn(block: Block): NodeEvent {
  return committed(block, candidates);
}

function joined(name: number): NodeEvent {
  return { kind: 'joined', validator: hexOf(name), stake: 10n };
}

describe('the console', () => {
  it('tells who joined, left and was slashed', () => {
    const screen = new Console();
    expect(screen.onEvent(joined(1))).toBe(`+ ${shortHash(hexOf(1))} joined with 10 tokens\n`);
    expect(screen.onEvent({ kind: 'joined', validator: hexOf(2), stake: 1n })).toContain('joined with 1 token\n');
    expect(screen.onEvent({ kind: 'left', validator: hexOf(1), stake: 10n, isInTheDraw: false })).toBe(
      `- ${shortHash(hexOf(1))} left with 10 tokens\n`,
    );
    expect(screen.onEvent({ kind: 'left', validator: hexOf(1), stake: 10n, isInTheDraw: true })).toContain(
      'left with 10 tokens; its candidate stays in the draw\n',
    );
    const invalid = { text: 'x\x07', problem: 'not a number', max: 9 } as const;
    expect(screen.onEvent({ kind: 'slashed', validator: hexOf(2), stake: 1n, invalid })).toBe(
      `! ${shortHash(hexOf(2))} was slashed and lost 1 token: "x\\x07" is not a BPM. A BPM is a whole number from 0 to 9, digits only, for example 72.\n`,
    );
  });

  it('tells whose stake a block burns, and who reported it, before the draw', () => {
    const block = chain[1];
    if (block === undefined) throw new Error('the chain is too short');
    const event = committed(block, candidates);
    const common = { From: hexOf(3), Fee: '0', Nonce: 0, Until: 1, Signature: '0'.repeat(128) };
    const evidence = { Index: 1, Validator: hexOf(2), BPM: 'x', Signature: '0'.repeat(128) };
    const transactions = [
      { Kind: 'transfer', To: hexOf(4), Amount: '5', ...common },
      { Kind: 'report', Evidence: [evidence], ...common },
    ] as const;
    const text = new Console().onEvent({
      ...event,
      ledger: { transactions, ids: [], change: { accounts: new Map() } },
    });
    expect(text).toMatch(
      new RegExp(
        `^! the stake of ${shortHash(hexOf(2))} burns in block 1: ${shortHash(hexOf(3))} reported it\\n {2}block 1 `,
      ),
    );
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(limits.consoleColumns);
  });

  it('shows no block in the chain that fell out of it, and none twice', () => {
    const screen = new Console();
    for (const block of chain.slice(0, 4)) screen.onEvent({ kind: 'loaded', block, text: '' });
    const removed = (first: number) =>
      chain.slice(first, 4).flatMap((block) => (isDrawn(block) ? [{ block, transactions: [] }] : []));
    expect(screen.onEvent({ kind: 'reorganised', fork: 2, removed: removed(3), added: 0 })).toBe(
      'Set back: the chain of this sandbox ends at block 2 again; 1 block never was.\n',
    );
    const shown = screen.onEvent({ kind: 'chain-due' });
    expect(shown).toContain('\nChain of 3 blocks\n');
    expect(shown).not.toContain('  block 3 ');
    expect(screen.onEvent({ kind: 'reorganised', fork: 1, removed: removed(2).slice(0, 1), added: 1 })).toContain(
      'Branch: a heavier branch of 1 block from block 2 on takes the place of 1 block;',
    );
    const [, , second] = chain;
    if (second === undefined) throw new Error('the chain is too short');
    screen.onEvent(drawn(second));
    expect(screen.onEvent({ kind: 'chain-due' }).match(/^ {2}block 2 /gm)).toHaveLength(1);
  });

  it('tells that a draw is late', () => {
    const late = new Console().onEvent({ kind: 'late', round: 3, index: 4 });
    expect(late).toBe('Late: block 4 is not drawn yet; people are told.\n');
  });

  it('tells each draw once in two lines: the block, and its ticket and winner', () => {
    const block = chain[1];
    if (block === undefined || !isDrawn(block)) throw new Error('the chain is too short');
    const text = new Console().onEvent(drawn(block));
    const { Ticket, TotalStake } = block.Draw;
    expect(text).toMatch(
      new RegExp(`^ {2}block 1 [^\\n]* BPM ${block.BPM} [^\\n]* hash ${shortHash(block.Hash)}\\n[^\\n]*\\n$`),
    );
    expect(text).toContain(
      `\nDrawn: ticket ${Ticket} of ${TotalStake} among 2 candidates; ${shortHash(block.Validator)} wins block 1\n`,
    );
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(limits.consoleColumns);
  });

  it('shows the chain when it goes out, a line for each of the newest blocks, and only its length where it is as before', () => {
    const screen = new Console();
    const pools = Array.from({ length: limits.dumpedBlocksMax + 2 }, () => candidates);
    const [genesis, ...rest] = buildChain(pools, 64);
    if (genesis === undefined) throw new Error('the chain is too short');
    expect(screen.onEvent({ kind: 'loaded', block: genesis, text: JSON.stringify(genesis) })).toBe('');
    expect(screen.onEvent({ kind: 'chain-due' })).toMatch(/^\nChain of 1 block\n {2}block 0 [^\n]* genesis [^\n]*\n$/);
    expect(screen.onEvent({ kind: 'chain-due' })).toBe('Chain of 1 block, as before\n');
    for (const block of rest) screen.onEvent(drawn(block));
    const text = screen.onEvent({ kind: 'chain-due' });
    expect(text).toContain(`\nChain of ${rest.length + 1} blocks\n  … 3 older (type chain to see all)\n  block 3 `);
    expect(text.match(/^ {2}block \d+/gm)?.length).toBe(limits.dumpedBlocksMax);
    expect(text.trimEnd().split('\n').at(-1)).toContain(`block ${rest.length} `);
  });

  it('says nothing of an empty round or a proposal', () => {
    const screen = new Console();
    expect(screen.onEvent({ kind: 'empty', round: 1 })).toBe('');
    expect(
      screen.onEvent({ kind: 'proposed', candidate: { validator: hexOf(1), stake: 1n, payload: 1 }, index: 1 }),
    ).toBe('');
  });

  it('sums up a crowd that comes within a second, and tells everybody again in the next', () => {
    const screen = new Console();
    for (let name = 0; name < limits.consoleLinesPerSecond; name++) expect(screen.onEvent(joined(name))).not.toBe('');
    for (let name = 100; name < 105; name++) expect(screen.onEvent(joined(name))).toBe('');
    screen.nowMs = 999;
    expect(screen.onEvent(joined(200))).toBe('');
    screen.nowMs = 1000;
    expect(screen.onEvent(joined(201))).toBe(
      `  … and 6 more came or went\n+ ${shortHash(hexOf(201))} joined with 10 tokens\n`,
    );
  });

  it('sums up what was left out before it tells a draw, and never twice', () => {
    const screen = new Console();
    for (let name = 0; name <= limits.consoleLinesPerSecond; name++) screen.onEvent(joined(name));
    expect(screen.onEvent(drawn(chain[1] ?? fail()))).toMatch(/^ {2}… and 1 more came or went\n {2}block 1 /);
    screen.reporter.sumUp();
    expect(screen.text.match(/came or went/g)?.length).toBe(1);
  });
});

function fail(): never {
  throw new Error('the chain is too short');
}
