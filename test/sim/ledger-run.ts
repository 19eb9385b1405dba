import type { Signer } from '../../src/core/keys.ts';
import { signCandidate } from '../../src/ledger/candidate.ts';
import { signTransaction, type Transaction } from '../../src/ledger/transaction.ts';
import type { LedgerService } from '../../src/node/ledger-service.ts';
import { StoreError } from '../../src/node/ports.ts';
import { rememberVerified } from '../../src/node/remember-verified.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { BranchMiner } from '../node/branch-miner.ts';
import type { Plan } from './faults.ts';
import { findBrokenLedger, readBranch } from './ledger-chain.ts';
import { LedgerPromises } from './ledger-promises.ts';
import type { Outcome } from './outcome.ts';
import { type Death, SimulatedRun } from './simulated-run.ts';
import { type Person, World } from './world.ts';

const intervalMs = 1000;
const peopleMax = 5;
const floodSize = 70;

/** One server process with its people. */
interface Life {
  readonly world: World;
  readonly ledger: LedgerService;
  readonly people: Person[];
  readonly promises: LedgerPromises;
  /** The disk refused a branch. */
  hasFailed: boolean;
  /** The blocks behind which branches begin that may be taken at this moment. */
  readonly adopting: Set<{ readonly fork: number }>;
}

/** Runs a chain with a ledger from a plan: people with wallets, programs that send what is wrong, crashes between any two steps. */
export async function simulateLedger(plan: Plan): Promise<Outcome> {
  return new LedgerSimulation(plan).run();
}

class LedgerSimulation extends SimulatedRun<Life> {
  protected readonly stepMs = intervalMs;
  readonly #wallets: ServerWallets;
  /** Of the wallets 0 to 6: deriving one takes milliseconds. */
  readonly #signers: readonly Signer[];
  readonly #accepted = new Set<string>();
  /** All that programs ever sent, to be sent again. */
  readonly #sent: Transaction[] = [];
  readonly #told = new Map<number, string>();
  /** The chain is judged at the end of every process, most of it again. */
  readonly #verifySignature = rememberVerified(nativeVerifier());

  constructor(plan: Plan) {
    super(plan);
    this.#wallets = new ServerWallets(Buffer.from(`wallets of ${plan.seed}`));
    this.#signers = Array.from({ length: 7 }, (_, number) => this.#wallets.signer(number));
  }

  protected get blocks(): number {
    return this.#told.size;
  }

  protected async begin(seed: number): Promise<Life> {
    const { kind } = this.plan;
    const world = await World.open({
      seed,
      secretsSeed: this.plan.seed,
      clock: this.clock,
      store: this.store,
      intervalMs,
      broadcastIntervalMs: 3_600_000,
      linksPerChain: 7,
      stakeMax: 1n,
      slashAfter: 1,
      linesPerSecond: 0,
      ledger: { reward: 50n, grant: 1000n },
      consensus: kind === 'instant' ? kind : 'lottery',
      ...(kind === 'work' ? { work: { difficulty: 20n, intervalMs: 200, noncesPerMs: 1 } } : {}),
      witness: (event) => {
        this.trace.push(`  ${event.kind} at ${this.clock.monotonicMs()} ms`);
        if (event.kind === 'reorganised') this.#forget(event.fork);
        if (event.kind !== 'committed') return;
        this.#told.set(event.block.Index, event.text);
        this.transactions += event.ledger?.ids.length ?? 0;
      },
    });
    const { ledger } = world;
    if (ledger === undefined) throw new Error('there is no ledger');
    const keys = this.#signers.map(({ key }) => key);
    return {
      world,
      ledger,
      people: [],
      promises: new LedgerPromises(ledger, keys, this.#accepted, kind === 'work'),
      hasFailed: false,
      adopting: new Set(),
    };
  }

  protected async act(life: Life): Promise<void> {
    const { world, ledger, people, promises } = life;
    const { dice } = this;
    if (people.filter(({ isConnected }) => isConnected).length < peopleMax && dice.once(2)) {
      people.push(this.#arrive(world));
    }
    for (const person of people) if (person.isConnected) this.#actAs(person);
    if (dice.once(2)) this.#send(ledger, promises);
    else if (dice.once(40)) this.#flood(ledger, promises);
    if (this.plan.kind === 'work' && this.strikes('fork', 10)) await this.#fork(life);
    if (this.strikes('wall-jump', 20)) this.clock.jumpWall(dice.roll(400_000) - 200_000);
    if (this.strikes('stall', 20)) this.clock.stall(dice.roll(60_000));
    if (dice.once(20)) world.service.pause();
    else if (dice.once(3)) world.service.resume();
  }

  protected async look(life: Life): Promise<Death | undefined> {
    const { world, people, promises } = life;
    if (this.strikes('crash', 40) || this.store.hasCrashed) return 'crashed';
    if (world.hasFailed || life.hasFailed) return 'failed';
    this.broken.push(...(await promises.findBroken(people)));
    return this.dice.once(60) ? 'stopped' : undefined;
  }

  /** Somebody new, or somebody who was here before. */
  #arrive(world: World): Person {
    const { dice } = this;
    const person = world.connect();
    const words = dice.once(2) ? [`login ${this.#wallets.loginCode(1 + dice.roll(5))}`] : [];
    if (this.plan.kind === 'lottery') words.push(`${1 + dice.roll(1000)}`);
    person.type(words.map((word) => `${word}\n`).join(''));
    return person;
  }

  #actAs(person: Person): void {
    const { dice } = this;
    const amount = dice.roll(300);
    const to = dice.pick(this.#signers).key;
    const lines = [
      `${dice.roll(200)}`,
      `send ${to} ${amount} ${dice.roll(3)}`,
      `bond ${amount}`,
      `unbond ${amount}`,
      'balance',
    ];
    if (this.strikes('reset', 40)) person.reset();
    else if (this.strikes('half-close', 40)) person.closeSide();
    else person.type(`${this.strikes('garbage', 15) ? 'garbage' : dice.pick(lines)}\n`);
  }

  /** A program sends a transaction that may be wrong in many ways. */
  #send(ledger: LedgerService, promises: LedgerPromises): void {
    const { dice } = this;
    const { chainId } = ledger.terms;
    const sender = dice.pick(this.#signers.slice(0, 6));
    const isReplay = this.#sent.length > 0 && dice.once(5);
    const transaction = isReplay
      ? dice.pick(this.#sent)
      : signTransaction(chainId, this.#request(ledger, sender), sender);
    this.#sent.push(transaction);
    this.broken.push(...promises.submit(transaction));
  }

  /** A program sends more of one account than may wait of it. */
  #flood(ledger: LedgerService, promises: LedgerPromises): void {
    const sender = this.dice.pick(this.#signers.slice(0, 2));
    for (let count = 0; count < floodSize; count++) {
      const common = { Fee: '0', Nonce: ledger.nextNonce(sender.key), Until: ledger.nextIndex + 9 };
      const request = { Kind: 'transfer', To: sender.key, Amount: '1', ...common } as const;
      this.broken.push(...promises.submit(signTransaction(ledger.terms.chainId, request, sender)));
    }
  }

  /** A branch comes that begins behind one of the last blocks, with some of the transactions that fall out or wait. */
  async #fork(life: Life): Promise<void> {
    const { dice } = this;
    const { chain, ledger } = life.world;
    const fork = Math.max(0, this.store.height - dice.roll(5));
    const own = await readBranch(this.store, fork, this.#verifySignature);
    const waiting = ledger?.waiting().map(({ transaction }) => transaction) ?? [];
    const left = [...own.removed, ...waiting].filter(() => !dice.once(3));
    let miner = BranchMiner.behind(own.tip, own.state);
    for (let count = this.store.height - fork + dice.roll(3); count > 0; count--) {
      const transactions = miner.takenOf(left.splice(0, dice.roll(left.length + 1)));
      miner = miner.mine({ bpm: dice.roll(1000), spanMs: dice.roll(400), transactions });
    }
    const details = { receipts: { size: 0, of: () => undefined } };
    // A crash may come before it is told what has fallen out.
    const adopting = { fork };
    life.adopting.add(adopting);
    const failed = (error: unknown): void => {
      if (!(error instanceof StoreError)) this.broken.push(`a branch made the server fail: ${String(error)}`);
      life.hasFailed = true;
    };
    void chain.adopt(miner.blocks, () => details).then(() => life.adopting.delete(adopting), failed);
  }

  /** The blocks behind one have fallen out. */
  #forget(fork: number): void {
    for (const index of this.#told.keys()) if (index > fork) this.#told.delete(index);
  }

  #request(ledger: LedgerService, sender: Signer): Parameters<typeof signTransaction>[1] {
    const { dice } = this;
    const other = dice.pick(this.#signers.slice(1));
    const Nonce = Math.max(0, ledger.nextNonce(sender.key) + dice.pick([0, 0, 0, 0, -1, 1]));
    const Until = ledger.nextIndex + dice.pick([-1, 0, 0, 1, 9, 1000, 1001]);
    const common = { Fee: String(dice.roll(5)), Nonce, Until };
    const index = Math.max(0, ledger.nextIndex - dice.roll(3));
    const Evidence = [1, 2].map((bpm) => signCandidate(ledger.terms.chainId, index, bpm, other));
    return dice.pick([
      { Kind: 'transfer', To: other.key, Amount: String(dice.roll(500)), ...common },
      { Kind: 'bond', Amount: String(1 + dice.roll(500)), ...common },
      { Kind: 'unbond', Amount: String(1 + dice.roll(500)), ...common },
      { Kind: 'report', Evidence, ...common },
    ] as const);
  }

  protected async end(life: Life, death: Death): Promise<void> {
    const { world, people, promises } = life;
    let isClean = death === 'stopped';
    if (isClean) {
      world.service.resume();
      await this.clock.pass(5 * intervalMs);
      isClean = !this.store.hasCrashed && !world.hasFailed && !life.hasFailed;
      if (isClean) this.broken.push(...(await promises.findBroken(people)), ...(await promises.findUntold(people)));
      await world.stop();
    }
    if (!world.hasFailed && !life.hasFailed)
      this.broken.push(...world.faults.map((fault) => `the server failed: ${String(fault)}`));
    this.clock.forget();
    for (const { fork } of life.adopting) this.#forget(fork);
    for (const { seen, closeReason } of people) this.digest.update(`${seen}\n${closeReason}\n`);
    const texts = await this.store.texts();
    for (const [index, text] of this.#told) {
      if (texts[index] !== text) this.broken.push(`block ${index} was told and is lost`);
    }
    this.broken.push(...(await findBrokenLedger(this.store, this.#verifySignature)));
  }

  /** After the last fault there is a block again, and all that waits is in one. */
  protected async recover(): Promise<void> {
    const life = await this.start();
    const { world, ledger } = life;
    world.connect().type(this.plan.kind === 'lottery' ? '10\n72\n' : '72\n');
    await this.clock.pass(intervalMs);
    // Wall clocks that jumped back are waited for.
    for (let time = 0; time < 200 && (world.committed().length === 0 || ledger.hasWaiting); time++) {
      await this.clock.pass(10 * intervalMs);
    }
    if (world.committed().length === 0) this.broken.push('there was no block after the last fault');
    if (ledger.hasWaiting) this.broken.push('a transaction waits for ever');
    await this.finish(life, 'stopped');
  }
}
