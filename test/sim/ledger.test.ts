import { describe, expect, it } from 'vitest';
import { ChainVerifier } from '../../src/consensus/verifier.ts';
import { isGenesis } from '../../src/core/block.ts';
import { parseExact } from '../../src/core/exact-json.ts';
import type { Signer } from '../../src/core/keys.ts';
import { signCandidate } from '../../src/ledger/candidate.ts';
import { signTransaction, type Transaction, transactionId } from '../../src/ledger/transaction.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { cases } from '../effort.ts';
import { NaiveLedger } from '../ledger/naive-ledger.ts';
import { Dice } from './dice.ts';
import { allFaults, type Fault } from './faults.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SimulatedStore } from './simulated-store.ts';
import { type Person, World } from './world.ts';

const intervalMs = 1000;
const steps = 60;

/** A lottery with a ledger from one seed: people with wallets, programs that send what is wrong, crashes between any two steps. */
class LedgerRun {
  readonly #seed: number;
  readonly #dice: Dice;
  readonly #clock = new SimulatedClock();
  readonly #store: SimulatedStore;
  readonly #wallets: ServerWallets;
  /** Of the wallets 0 to 6: deriving one takes milliseconds. */
  readonly #signers: readonly Signer[];
  /** The Ids of all transactions whose senders were told that they are accepted. */
  readonly #accepted = new Set<string>();
  /** All that was ever sent, to be sent again. */
  readonly #sent: Transaction[] = [];
  readonly broken: string[] = [];
  lives = 0;
  /** How many transactions are in the chain. */
  included = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#dice = new Dice(seed);
    const faults = new Set(allFaults.filter((fault: Fault) => /^(?:crash|disk-slow|disk-full)$/.test(fault)));
    this.#store = new SimulatedStore(this.#clock, new Dice(seed ^ 0x1ed6e4), faults);
    this.#wallets = new ServerWallets(Buffer.from(`wallets of ${seed}`));
    this.#signers = Array.from({ length: 7 }, (_, number) => this.#wallets.signer(number));
  }

  async run(): Promise<void> {
    for (let step = 0; step < steps; ) {
      this.lives += 1;
      this.#store.reopen();
      const world = await this.#open();
      const people: Person[] = [];
      while (step < steps && !this.#store.hasCrashed && !this.#dice.once(25)) {
        step += 1;
        if (people.length < 5 && this.#dice.once(2)) people.push(this.#arrive(world));
        for (const person of people) this.#act(person);
        if (this.#dice.once(2)) await this.#send(world);
        await this.#clock.pass(this.#dice.roll(intervalMs));
      }
      if (!this.#store.hasCrashed) await this.#checkAccepted(world, people);
      // A stop or a crash: whatever that process still had to do, it never does.
      if (!this.#store.hasCrashed && this.#dice.once(2)) await world.stop();
      this.#clock.forget();
    }
    this.#store.calm();
    this.#store.reopen();
    const world = await this.#open();
    await this.#clock.pass(3 * intervalMs);
    await this.#checkAccepted(world, []);
    await world.stop();
    await this.#checkChain();
  }

  #open(): Promise<World> {
    return World.open({
      seed: this.#seed + 1_000_000 * this.lives,
      secretsSeed: this.#seed,
      clock: this.#clock,
      store: this.#store,
      intervalMs,
      broadcastIntervalMs: 3_600_000,
      linksPerChain: 7,
      stakeMax: 1n,
      slashAfter: 1,
      linesPerSecond: 0,
      ledger: { reward: 50n, grant: 1000n },
    });
  }

  /** Somebody new, or somebody who was here before. */
  #arrive(world: World): Person {
    const person = world.connect();
    const known = this.#dice.once(2) ? this.#wallets.loginCode(1 + this.#dice.roll(5)) : '';
    person.type(known === '' ? `${1 + this.#dice.roll(1000)}\n` : `login ${known}\n${1 + this.#dice.roll(1000)}\n`);
    return person;
  }

  #act(person: Person): void {
    const dice = this.#dice;
    const amount = dice.roll(300);
    const to = dice.pick(this.#signers).key;
    const lines = [
      `${dice.roll(200)}`,
      `send ${to} ${amount} ${dice.roll(3)}`,
      `bond ${amount}`,
      `unbond ${amount}`,
      'balance',
    ];
    person.type(`${dice.once(30) ? 'garbage' : dice.pick(lines)}\n`);
  }

  /** A program sends a transaction that may be wrong in many ways. */
  async #send({ ledger }: World): Promise<void> {
    if (ledger === undefined) throw new Error('there is no ledger');
    const dice = this.#dice;
    const { chainId } = ledger.terms;
    const sender = dice.pick(this.#signers.slice(0, 6));
    const other = dice.pick(this.#signers.slice(1));
    const Nonce = Math.max(0, ledger.nextNonce(sender.key) + dice.pick([0, 0, 0, 0, -1, 1]));
    const common = {
      Fee: String(dice.roll(5)),
      Nonce,
      Until: ledger.nextIndex + dice.pick([-1, 0, 0, 1, 9, 1000, 1001]),
    };
    const evidence = [1, 2].map((bpm) =>
      signCandidate(chainId, Math.max(0, ledger.nextIndex - dice.roll(3)), bpm, other),
    );
    const [first] = evidence;
    const same = first === undefined ? [] : evidence.map((candidate) => ({ ...candidate, Index: first.Index }));
    const request = dice.pick([
      { Kind: 'transfer', To: other.key, Amount: String(dice.roll(500)), ...common },
      { Kind: 'bond', Amount: String(1 + dice.roll(500)), ...common },
      { Kind: 'unbond', Amount: String(1 + dice.roll(500)), ...common },
      { Kind: 'report', Evidence: same, ...common },
    ] as const);
    const transaction =
      this.#sent.length > 0 && dice.once(5) ? dice.pick(this.#sent) : signTransaction(chainId, request, sender);
    this.#sent.push(transaction);
    const submission = ledger.submit(transaction);
    if (submission.kind === 'accepted') {
      await submission.stored;
      this.#accepted.add(submission.id);
    }
  }

  /** What was accepted is in a block, waits, or its sender can learn why not. */
  async #checkAccepted({ ledger }: World, people: readonly Person[]): Promise<void> {
    for (const { seen } of people) {
      for (const [, id = ''] of seen.matchAll(/(?:Sending|Bonding|Unbonding) [^:]*: transaction ([0-9a-f]{64})/g))
        this.#accepted.add(id);
    }
    for (const id of this.#accepted) {
      const status = await ledger?.statusOf(id);
      if (status === undefined || status.kind === 'unknown')
        this.broken.push(`transaction ${id} was accepted and is lost`);
    }
  }

  /** The chain holds by all that lies beside it, no transaction is in it twice, and a ledger without any haste agrees with every block. */
  async #checkChain(): Promise<void> {
    const verifier = new ChainVerifier(nativeVerifier());
    const ids = new Set<string>();
    let naive: NaiveLedger | undefined;
    for (let index = 0; index <= this.#store.height; index++) {
      const body = parseExact((await this.#store.signedBodyText(index)) ?? '{}');
      const checked = verifier.nextText(
        (await this.#store.block(index)) ?? '',
        typeof body === 'object' && body !== null ? body : {},
      );
      if ('fault' in checked) {
        this.broken.push(`block ${index} breaks ${checked.fault.rule}: ${checked.fault.why}`);
        return;
      }
      const { block, tip } = checked;
      if (isGenesis(block)) {
        const { terms } = tip.ledger ?? {};
        if (terms === undefined) throw new Error('there is no ledger');
        naive = new NaiveLedger(terms, block.Genesis.Ledger?.Accounts ?? []);
        continue;
      }
      const transactions: readonly Transaction[] = JSON.parse(
        (await this.#store.signedBodyText(index)) ?? '{}',
      ).Transactions;
      for (const transaction of transactions) {
        const id = transactionId(tip.chainId, transaction);
        if (ids.has(id)) this.broken.push(`transaction ${id} is in two blocks`);
        ids.add(id);
        if (naive?.apply(index, transaction) === undefined)
          this.broken.push(`block ${index} has a transaction that is not valid`);
        if ((await this.#store.blockOfTransaction(id)) !== index)
          this.broken.push(`${id} is not found in block ${index}`);
      }
      naive?.reward(
        index,
        block.Validator,
        transactions.reduce((sum, { Fee }) => sum + BigInt(Fee), 0n),
      );
      if (naive?.root !== block.Ledger?.StateRoot)
        this.broken.push(`block ${index} has another state than a naive ledger`);
    }
    this.included = ids.size;
    const stored = await this.#store.accounts();
    expect(stored).toEqual([...(verifier.state?.accounts() ?? [])]);
  }
}

describe('a lottery with a ledger from one seed', () => {
  it.each(Array.from({ length: cases(4) }, (_, place) => place + 1))(
    'keeps every promise with seed %i',
    async (seed) => {
      const run = new LedgerRun(seed);
      await run.run();
      expect(run.broken).toEqual([]);
      expect(run.included).toBeGreaterThan(10);
    },
  );
});
