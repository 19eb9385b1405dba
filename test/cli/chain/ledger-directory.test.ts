import { describe, expect, it } from 'vitest';
import { addressOf } from '../../../src/ledger/address.ts';
import { findAccountProofFault, parseAccountProof } from '../../../src/ledger/proof.ts';
import { LevelStore } from '../../../src/storage/level-store.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';
import { ledgerDirectory, playedLedger } from './ledger-directory.ts';

describe('a data directory with a ledger', () => {
  it('is judged by all that lies beside its blocks, and so is its export; the blocks alone prove less', async () => {
    const directory = await ledgerDirectory(await playedLedger());
    const { code, out } = await runCommand(['verify', directory]);
    expect(code).toBe(0);
    const known = 'each transaction is signed and covered; balances, supply and roots computed again';
    expect(out).toContain(known);
    const { out: lines } = await runCommand(['export', directory, '--pools', '--format', 'ndjson']);
    expect(lines).toMatch(/\n\{"Block":\{"Index":1,.*\},"Transactions":\[\{.*\}\],"Candidates":\[\{.*\}\]\}\n/);
    expect((await runCommand(['verify', '-'], { input: lines })).out).toContain(known);
    const forged = lines.replace('"Kind":"unbond"', '"Kind":"bond"');
    const broken = await runCommand(['verify', '-'], { input: forged });
    expect([broken.code, broken.out]).toEqual([1, expect.stringContaining('block 2 breaks the rule "transactions"')]);
    const { out: alone } = await runCommand(['export', directory]);
    expect((await runCommand(['verify', '-'], { input: alone })).out).not.toContain(known);
  });

  it('tells what an account has, with the path to the root, where the transactions are there, and why not elsewhere', async () => {
    const directory = await ledgerDirectory(await playedLedger());
    const { out: lines } = await runCommand(['export', directory, '--pools']);
    const [genesis = {}, , last = {}] = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).Block ?? JSON.parse(line));
    const [[faucet = '']] = genesis.Genesis.Ledger.Accounts;
    const person = last.Validator;

    const { code, out } = await runCommand(['verify', directory, '--account', addressOf(person)]);
    expect(code).toBe(0);
    expect(out).toContain(`Account ${addressOf(person)}, behind block 2`);
    expect(out).toMatch(/at stake +70 tokens, and 30 tokens more until block 12\n/);
    expect(out).toContain(`leads from it, number 1, to StateRoot ${last.Ledger.StateRoot}`);

    const json = await runCommand(['verify', '-', '--json', '--account', faucet], { input: lines });
    const { account } = JSON.parse(json.out);
    const proof = parseAccountProof(account);
    if ('why' in proof) throw new Error(proof.why);
    expect(findAccountProofFault(proof.value, last.Ledger)).toBeUndefined();
    expect(proof.value.Account[0]).toBe(faucet);

    const begun = await runCommand(['verify', '-', '--account', faucet], { input: JSON.stringify([genesis]) });
    expect(begun.out).toMatch(/, behind block 0\n(?:.*\n)*? +proved +block 0 itself names it as number 0\n/);

    const stranger = await runCommand(['verify', directory, '--account', 'a'.repeat(64)]);
    expect([stranger.code, stranger.out]).toEqual([0, expect.stringMatching(/none +there is none among 2\n/)]);
    const { out: alone } = await runCommand(['export', directory]);
    expect((await runCommand(['verify', '-', '--account', person], { input: alone })).out).toMatch(
      /not known +accounts come out of the transactions, and these do not lie beside every block/,
    );
    const forged = lines.replace('"Kind":"unbond"', '"Kind":"bond"');
    const broken = await runCommand(['verify', '-', '--account', person], { input: forged });
    expect([broken.code, broken.out]).toEqual([1, expect.stringMatching(/not known +block 2 does not hold/)]);
    const mistyped = await runCommand(['verify', directory, '--account', 'sort1xyz']);
    expect([mistyped.code, mistyped.err]).toEqual([2, expect.stringContaining('"sort1xyz" is no address')]);
  });

  it('gets its accounts back from its blocks, in place', async () => {
    const played = await playedLedger();
    const directory = await ledgerDirectory(played, ({ accounts }) => ({
      accounts: new Map([...accounts].slice(1)),
      transactionIds: [],
    }));
    const { code, out } = await runCommand(['repair', '--reindex', directory]);
    expect([code, out]).toEqual([0, expect.stringContaining('2 accounts are rebuilt from blocks 0 to 2. ')]);
    const store = await LevelStore.open(directory);
    expect(await store.accounts()).toEqual(await played.accounts());
    await store.close();
  });

  it('is copied by a repair with all that its ledger needs', async () => {
    const played = await playedLedger();
    const directory = await ledgerDirectory(played);
    const copy = `${temporaryDirectory()}/copy`;
    expect((await runCommand(['repair', directory, copy])).out).toContain('Blocks 0 to 2 hold');
    const store = await LevelStore.open(copy);
    expect(await store.accounts()).toEqual(await played.accounts());
    expect(await store.signedBodyText(2)).toBe(await played.signedBodyText(2));
    await store.close();
  });
});
