import { describe, expect, it } from 'vitest';
import { addressOf } from '../../src/ledger/address.ts';
import { signCandidate } from '../../src/ledger/candidate.ts';
import { signTransaction } from '../../src/ledger/transaction.ts';
import { AccountsError } from '../../src/node/ports.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { type Person, World, type WorldOptions } from '../sim/world.ts';
import { judge, walletOf } from './ledger-people.ts';

const intervalMs = 1000;

function open(store: MemoryStore, changes: Partial<WorldOptions> = {}): Promise<World> {
  return World.open({
    seed: 1,
    secretsSeed: 1,
    clock: new SimulatedClock(),
    store,
    intervalMs,
    broadcastIntervalMs: 3_600_000,
    linksPerChain: 4,
    stakeMax: 10n,
    slashAfter: 1,
    linesPerSecond: 0,
    ledger: { reward: 50n, grant: 1000n },
    ...changes,
  });
}

/** What somebody sees of what happens next. */
async function seesIn(world: World, person: Person, act: () => void, ms: number = intervalMs): Promise<string> {
  const before = person.seen.length;
  act();
  await world.clock.pass(ms);
  return person.seen.slice(before);
}

async function join(world: World, stake: number): Promise<Person> {
  const person = world.connect();
  person.type(`${stake}\n`);
  await world.clock.pass(0);
  return person;
}

describe('a lottery with a ledger', () => {
  it('grants tokens, bonds the stake, and has it in the draw of the same round', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const person = await join(world, 100);
    const { key, code } = walletOf(person);
    expect(person.seen).toBe(
      `Enter token balance:You are validator ${key} with 100 tokens.\nYour wallet ${addressOf(key)} has 900 more. To come back: login ${code}\n\nEnter a new BPM:`,
    );
    const seen = await seesIn(world, person, () => person.type('72\n'));
    expect(seen).toContain('Candidate for block 1: BPM 72.\nThe draw is in 1 s; you hold 100 of 100 tickets so far.\n');
    expect(seen).toContain(`\nwinning validator: ${key}\n`);
    expect(seen).toMatch(
      /\nYou received 1000 tokens from sort1\S+ in block 1\.\nTransaction [0-9a-f]{64} is in block 1: 100 tokens bonded\.\n/,
    );
    expect(await seesIn(world, person, () => person.type('balance\n'), 0)).toContain('Balance 950, bonded 100.\n');
    const { state } = await judge(store);
    expect(state?.root.sum).toBe(world.ledger?.supply);
    await world.stop();
  });

  it('refuses a stake above the grant in the words of SPEC 1', async () => {
    const world = await open(new MemoryStore());
    const person = await join(world, 1001);
    expect(person.seen).toContain('Error: "1001" is too large. Enter a whole number from 1 to 1000,');
    await world.stop();
  });

  it('makes a block when transactions wait and nobody proposes: the faucet stands alone', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const person = await join(world, 100);
    await world.clock.pass(intervalMs);
    const [block] = world.drawn();
    expect(block).toMatchObject({ BPM: 0, Draw: { PoolSize: 1, TotalStake: '1' }, Ledger: { Transactions: 2 } });
    expect(block?.Validator).not.toBe(walletOf(person).key);
    await world.clock.pass(3 * intervalMs);
    expect(world.drawn()).toHaveLength(1);
    await judge(store);
    await world.stop();
  });

  it('sends tokens, and tells sender and receiver when they are in a block', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const [one, other] = [await join(world, 100), await join(world, 100)];
    await world.clock.pass(intervalMs);
    const before = other.seen.length;
    const to = addressOf(walletOf(other).key);
    const seen = await seesIn(world, one, () => one.type(`send ${to} 25 3\n`));
    const [, id = ''] = /^Sending 25 tokens to sort1\S+: transaction ([0-9a-f]{64})\. /.exec(seen) ?? [];
    expect(seen).toContain(`\nTransaction ${id} is in block 2: 25 tokens to ${to}.\n`);
    expect(other.seen.slice(before)).toContain(
      `\nYou received 25 tokens from ${addressOf(walletOf(one).key)} in block 2.\n`,
    );
    expect(await world.ledger?.statusOf(id)).toEqual({ kind: 'included', index: 2 });
    expect(world.ledger?.accountOf(walletOf(one).key)).toMatchObject({ balance: 872n, nonce: 2 });
    await judge(store);
    await world.stop();
  });

  it('takes no mistake in a command for a taint, and says what is accepted', async () => {
    const world = await open(new MemoryStore());
    const person = await join(world, 100);
    const nothing = await seesIn(
      world,
      person,
      () => person.type('send sort1x 5\nbond\nunbond 0\nbalance 5\nlogin x\n'),
      0,
    );
    expect(nothing.match(/Error: /g)).toHaveLength(5);
    expect(await seesIn(world, person, () => person.type('bond 5\n'), 0)).toContain(
      'Error: your wallet gets its tokens',
    );
    await world.clock.pass(intervalMs);
    const seen = await seesIn(world, person, () => person.type('bond 901\nunbond 101\nbond 900\n'), 0);
    expect(seen).toContain('Error: the balance is 900, but Amount and Fee are 901 together.\n');
    expect(seen).toContain('Error: 100 tokens are bonded, but Amount is 101.\n');
    expect(seen).toContain('Bonding 900 tokens: transaction ');
    expect(person.isConnected).toBe(true);
    await world.stop();
  });

  it('has no candidate without a stake in a draw: what was unbonded counts no more, and can be spent later', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const [person, other] = [await join(world, 100), await join(world, 100)];
    await world.clock.pass(intervalMs);
    const seen = await seesIn(world, person, () => {
      other.type('1\n');
      person.type('72\nunbond 100\n');
    });
    expect(seen).toContain('\nYour candidate was not in the draw of block 2: you had nothing bonded. See balance.\n');
    expect(world.drawn().at(-1)).toMatchObject({ Draw: { PoolSize: 1, TotalStake: '100' } });
    expect(await seesIn(world, person, () => person.type('5\n'), 0)).toContain('Error: you have nothing bonded');
    let later = '';
    for (let block = 3; block <= 11; block++) later = await seesIn(world, person, () => other.type(`${block}\n`));
    expect(later).toContain('\n100 tokens that you unbonded can be spent again from block 12 on.\n');
    expect(await seesIn(world, person, () => person.type('bond 1000\n'))).toContain('1000 tokens bonded');
    await judge(store);
    await world.stop();
  });

  it('burns the stake of a slashed validator, who comes back with what it did not stake', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const person = await join(world, 100);
    const { key, code } = walletOf(person);
    const seen = await seesIn(world, person, () => person.type('abc\x07\n'));
    expect(seen).toContain('Slashed: ');
    expect(person.socket.hasEnded).toBe(true);
    // The bond must be in a block before it can burn.
    await world.clock.pass(2 * intervalMs);
    expect(world.ledger?.accountOf(key)).toMatchObject({ balance: 900n, bonded: 0n });
    const { state } = await judge(store);
    expect(state?.root.sum).toBe(1_000_000_000_000_001n - 100n + BigInt(store.height) * 50n);
    const back = world.connect();
    expect(await seesIn(world, back, () => back.type(`login ${code}\n`), 0)).toContain(
      `You are validator ${key} with 0 tokens.\n`,
    );
    await world.stop();
  });

  it('slashes a validator only once its report is stored, and reports it after a restart', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const person = await join(world, 100);
    const { key } = walletOf(person);
    person.type('abc\n');
    await world.clock.pass(0);
    await world.stop();
    const again = await open(store, { seed: 2 });
    await again.clock.pass(3 * intervalMs);
    expect(again.ledger?.accountOf(key)).toMatchObject({ bonded: 0n, balance: 900n });
    await again.stop();
  });

  it('burns the stake of a validator who signed two candidates for one block, whoever reports it', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const [offender, witness] = [await join(world, 100), await join(world, 100)];
    await world.clock.pass(intervalMs);
    const { ledger } = world;
    if (ledger === undefined) throw new Error('this chain has a ledger');
    // The words of a wallet let its holder sign elsewhere, too.
    const wallets = new ServerWallets(Buffer.from('wallets of 1'));
    const [accused, reporter] = [wallets.signer(1), wallets.signer(2)];
    expect([walletOf(offender).key, walletOf(witness).key]).toEqual([accused.key, reporter.key]);
    const { chainId } = ledger.terms;
    const reportOf = (index: number): unknown =>
      signTransaction(
        chainId,
        {
          Kind: 'report',
          Evidence: [signCandidate(chainId, index, 60, accused), signCandidate(chainId, index, 61, accused)],
          Fee: '1',
          Nonce: ledger.nextNonce(reporter.key),
          Until: 9,
        },
        reporter,
      );
    expect(ledger.submit(reportOf(0))).toMatchObject({ kind: 'refused', why: expect.stringContaining('from block 1') });
    expect(ledger.submit(reportOf(3))).toMatchObject({ kind: 'refused', why: expect.stringContaining('behind this') });
    const seen = await seesIn(world, offender, () =>
      expect(ledger.submit(reportOf(2))).toMatchObject({ kind: 'accepted' }),
    );
    expect(seen).toContain('\nYour stake is burned: you were reported in block 2.\n');
    expect(ledger.accountOf(accused.key)).toMatchObject({ balance: 900n, bonded: 0n, since: 3 });
    expect(ledger.accountOf(reporter.key)).toMatchObject({ balance: 899n, bonded: 100n });
    expect(ledger.submit(reportOf(1))).toMatchObject({ kind: 'refused' });
    await judge(store);
    await world.stop();
  });

  it('gives a wallet to the one who logs in last, and to nobody with a wrong code', async () => {
    const world = await open(new MemoryStore());
    const person = await join(world, 100);
    const { key, code } = walletOf(person);
    await world.clock.pass(intervalMs);
    const other = world.connect();
    const wrong = await seesIn(world, other, () => other.type('login 1-AAAA-AAAA-AAAA\nlogin 9-AAAA\n'), 0);
    expect(wrong.match(/is not the code of a wallet of this server/g)).toHaveLength(2);
    const right = await seesIn(world, other, () => other.type(`login ${code.toLowerCase()}\n`), 0);
    expect(right).toContain(`You are validator ${key} with 100 tokens.\n`);
    expect(person.seen).toContain('another connection has taken your seat over');
    expect(await seesIn(world, other, () => other.type('72\n'))).toContain(`winning validator: ${key}`);
    await world.stop();
  });

  it('goes on after a restart with the transactions that waited, and with every wallet', async () => {
    const store = new MemoryStore();
    const world = await open(store, { intervalMs: 3_600_000 });
    const person = await join(world, 100);
    const { key, code } = walletOf(person);
    expect(world.ledger?.waiting()).toHaveLength(2);
    await world.stop();
    const again = await open(store, { seed: 2 });
    expect(again.ledger?.waiting()).toHaveLength(2);
    await again.clock.pass(intervalMs);
    expect(again.ledger?.accountOf(key)).toMatchObject({ balance: 900n, bonded: 100n });
    expect(again.ledger?.waiting()).toHaveLength(0);
    const back = again.connect();
    back.type(`login ${code}\n`);
    const stranger = await join(again, 5);
    expect(walletOf(stranger).key).not.toBe(key);
    await again.stop();
  });

  it('grants no more at a time than may wait of one account, and costs nobody a try', async () => {
    const world = await open(new MemoryStore());
    for (let number = 0; number < 64; number++) await join(world, 1);
    const person = await join(world, 100);
    for (let time = 0; time < 4; time++) person.type('100\n');
    expect(person.seen.match(/Error: the faucet cannot grant your tokens now: /g)).toHaveLength(5);
    await world.clock.pass(intervalMs);
    expect(await seesIn(world, person, () => person.type('100\n'), 0)).toContain('You are validator ');
    await world.stop();
  });

  it('is refused where its stored accounts are not those of its last block', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    await join(world, 100);
    await world.clock.pass(intervalMs);
    await world.stop();
    const [faucet, ...others] = await store.accounts();
    if (faucet === undefined) throw new Error('there is no faucet');
    Object.assign(store, { accounts: async () => [{ ...faucet, balance: faucet.balance + 1n }, ...others] });
    await expect(open(store)).rejects.toThrow(AccountsError);
  });
});
