import { describe, expect, it } from 'vitest';
import type { BlockBody } from '../../src/consensus/consensus.ts';
import type { AccountProof } from '../../src/ledger/proof.ts';
import { ledgerDirectory, playedLedger } from '../cli/chain/ledger-directory.ts';
import { runCommand } from '../cli/run-command.ts';
import { recordOf } from '../http/json-schema.ts';
import { jsonOf, LotteryPage, rpcCookie } from '../http/open-lottery-page.ts';
import { readSharedText, sharedFolder, sharedWord } from '../shared.ts';
import { hasPython, verifyAllInPython, verifyInPython, verifyProofInPython } from './python-process.ts';

interface Worked {
  readonly blocks: readonly unknown[];
  readonly bodies: readonly BlockBody[];
  readonly proofs: readonly AccountProof[];
}

interface Refused {
  readonly change: string;
  readonly block: number;
  readonly rule: string;
  readonly blocks?: readonly unknown[];
  readonly text?: string;
  readonly bodies?: readonly BlockBody[];
}

function readWorked(name: string): Worked {
  return JSON.parse(readSharedText(`examples/${name}.json`));
}

/** A line of an export for each block, whose text is given, with what lies beside it. */
function linesOf(texts: readonly string[], bodies: readonly BlockBody[] = []): string {
  const lines = texts.map((text, index) => {
    const { Transactions, Candidates, Seal } = bodies[index] ?? {};
    if (Transactions === undefined && Candidates === undefined) return text;
    // Keys whose value is undefined are not written.
    const signed = { Transactions, Candidates, Seal };
    const beside = JSON.stringify(Transactions === undefined ? { Pool: Candidates, Seal } : signed);
    return `{"Block":${text},${beside.slice(1)}`;
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** The texts of the blocks of a case, whose writer may have used other texts than the one that a value has. */
function textsOf({ blocks, text }: Refused): readonly string[] {
  if (blocks !== undefined) return blocks.map((block) => JSON.stringify(block));
  const list = /"blocks":\[(.*)\]/s.exec(text ?? '')?.[1] ?? '';
  return list.split(/(?<=\}),(?=\{"Index")/);
}

describe.skipIf(!hasPython || sharedFolder === undefined)(
  `${sharedWord}the verifier in another language (skipped: no python3), given the worked chains of the specification`,
  () => {
    it('holds each of them, with what lies beside the blocks and without', () => {
      const all = 'with every transaction and the balances of';
      const spoken = 'signatures of beacons';
      const alone = 'as far as blocks alone prove a ledger';
      const verdicts = [
        ['lottery', '8 blocks hold, and 7 pools', '8 blocks hold, and 0 pools'],
        ['instant', '5 blocks hold', '5 blocks hold'],
        ['ledger', `11 blocks hold, ${all} 5 accounts`, `11 blocks hold, ${alone}`],
        ['work', `21 blocks hold, ${all} 4 accounts`, `21 blocks hold, ${alone}`],
        ['beacon', `5 blocks hold, and 4 pools, and 4 ${spoken}`, `5 blocks hold, and 0 pools, and 4 ${spoken}`],
        ['beacons2', `5 blocks hold, and 4 pools, and 8 ${spoken}`, `5 blocks hold, and 0 pools, and 8 ${spoken}`],
      ] as const;
      const said = verifyAllInPython(
        verdicts.flatMap(([name]) => {
          const { blocks, bodies } = readWorked(name);
          const texts = blocks.map((block) => JSON.stringify(block));
          return [linesOf(texts, bodies), linesOf(texts)];
        }),
      );
      for (const [place, [name, whole, bare]] of verdicts.entries()) {
        expect(said[2 * place], name).toBe(`${whole}\n`);
        expect(said[2 * place + 1], name).toBe(`${bare}\n`);
      }
    });

    it('refuses all that the specification refuses, at its block, by its rule', () => {
      const cases: readonly Refused[] = JSON.parse(readSharedText('examples/refused.json')).cases;
      const said = verifyAllInPython(cases.map((refused) => linesOf(textsOf(refused), refused.bodies)));
      const others = cases.filter(
        ({ block, rule }, place) =>
          !new RegExp(`^block ${block} does not hold: ${rule}\\b(?!-)`).test(said[place] ?? ''),
      );
      expect(others.map(({ change }) => change)).toEqual([]);
    });

    it('knows no balances any more behind a block that came alone', () => {
      const { blocks, bodies } = readWorked('ledger');
      const gap = bodies.map((body, index) => (index === 3 ? {} : body));
      const texts = blocks.map((block) => JSON.stringify(block));
      expect(verifyInPython(linesOf(texts, gap))).toBe('11 blocks hold, as far as blocks alone prove a ledger\n');
    });

    it('holds the light proof of a balance against one block and the genesis, and no other one', () => {
      const { blocks, proofs } = readWorked('ledger');
      const [first, second] = proofs;
      if (first === undefined || second === undefined) throw new Error('there are two proofs');
      for (const Proof of proofs) {
        const { Index, Account } = Proof;
        const [key, balance, bonded, unbonding] = Account;
        expect(verifyProofInPython({ Genesis: blocks[0], Block: blocks[Index], Proof })).toContain(
          `the proof holds: ${key} has ${balance} tokens, ${bonded} more at stake and ${unbonding} unbonding behind block ${Index}, `,
        );
      }
      const proof = { Genesis: blocks[0], Block: blocks[first.Index], Proof: first };
      const [key, balance, ...rest] = first.Account;
      const richer = [key, String(BigInt(balance) + 1n), ...rest];
      const block = Object.assign({}, proof.Block);
      for (const [changed, why] of [
        [{ Proof: { ...first, Account: richer } }, 'path'],
        [{ Proof: { ...first, Number: first.Number + 1 } }, 'path'],
        [{ Proof: { ...first, Path: first.Path.slice(1) } }, 'path'],
        [{ Proof: { ...first, Account: [key] } }, 'form'],
        [{ Block: blocks[second.Index] }, 'it is against another block'],
        [{ Block: { ...block, BPM: 1 } }, 'hash'],
        [{ Block: Object.assign(block, { Signature: 'a'.repeat(128) }) }, 'signature'],
      ] as const) {
        expect(verifyProofInPython({ ...proof, ...changed })).toMatch(new RegExp(`^the proof does not hold: ${why}`));
      }
    });
  },
);

describe.skipIf(!hasPython)('the verifier in another language, given a ledger of ours (skipped: no python3)', () => {
  it('holds the light proof that a running server gives, as the command line prints it', async () => {
    const page = await LotteryPage.open({ newChain: { kind: 'instant' }, ledger: { reward: 5n, grant: 1000n } });
    const owner = { authorization: `Basic ${Buffer.from(rpcCookie).toString('base64')}` };
    const { result } = await jsonOf(await page.rpc('{"jsonrpc":"2.0","id":1,"method":"createwallet"}', owner));
    const key = String(recordOf(result)['Key']);
    const ask = ['account', key, '--proof', '--json', '--url', page.base];
    await expect.poll(async () => (await runCommand(ask)).code).toBe(0);
    const { out } = await runCommand(ask);
    expect(verifyProofInPython(JSON.parse(out))).toMatch(`the proof holds: ${key} has 1000 tokens, 0 more at stake`);
  });

  it('holds what is exported, and the proof of an account, and finds what was changed', async () => {
    const directory = await ledgerDirectory(await playedLedger());
    const { out: whole } = await runCommand(['export', directory, '--pools']);
    const { out: alone } = await runCommand(['export', directory]);
    const said = verifyAllInPython([
      whole,
      alone,
      whole.replace('"Kind":"unbond"', '"Kind":"bond"'),
      whole.replace(/("Candidates":\[\{.*?"BPM":)72/, '$173'),
    ]);
    expect(said).toEqual([
      '3 blocks hold, with every transaction and the balances of 2 accounts\n',
      '3 blocks hold, as far as blocks alone prove a ledger\n',
      'block 2 does not hold: transactions\n',
      'block 1 does not hold: state\n',
    ]);
    const [Genesis, , Block] = JSON.parse(alone);
    const { out } = await runCommand(['verify', directory, '--json', '--account', Block.Validator]);
    const { account: Proof } = JSON.parse(out);
    expect(verifyProofInPython({ Genesis, Block, Proof })).toMatch(
      /^the proof holds: .* 70 more at stake and 30 unbonding/,
    );
  });
});
