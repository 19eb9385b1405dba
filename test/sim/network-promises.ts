import { runToEnd } from '../../src/base/run-to-end.ts';
import { ChainVerifier } from '../../src/consensus/verifier.ts';
import { limits } from '../../src/node/limits.ts';
import type { CommittedEvent, NodeEvent, ReorganisedEvent } from '../../src/node/ports.ts';
import type { CutReason } from '../../src/node/sync/cut-reason.ts';
import type { Plan } from './faults.ts';
import { type NetworkNode, verifyOnce } from './network-node.ts';

/** What an honest node never does; a slow line, a crash or an old state can be the cause of every other reason. */
const misdeeds: readonly CutReason[] = [
  'false-authority',
  'bad-request',
  'bad-answer',
  'bad-block',
  'bad-announcement',
];

/** Which node an event comes from, and what its chain weighs by then. */
interface EventSource {
  readonly id: string;
  readonly weight: bigint;
}

/** The tokens that each block of a plan brings into being. */
export function rewardOf({ seed }: Plan): bigint {
  return seed % 2 === 0 ? 50n : 0n;
}

/** What a network promises, whatever befalls its nodes: at every moment, and when it has healed. */
export class NetworkPromises {
  readonly broken: string[] = [];
  readonly #plan: Plan;
  /** In a chain with an authority: the one block of each Index. */
  readonly #told = new Map<number, string>();
  /** Candidates that were accepted, with the node that has to make blocks of them; none where that was killed. */
  readonly #candidates: { readonly validator: string; readonly payload: number; node: string | undefined }[] = [];
  /** Transactions that were accepted, and the node that keeps them. */
  readonly #accepted = new Map<string, string>();
  /** What the chain of each node weighed when it last had all of a branch, and how many blocks of its branch are to come. */
  readonly #branches = new Map<string, { readonly weight: bigint; readonly left: number }>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** How many transactions were accepted. */
  get transactions(): number {
    return this.#accepted.size;
  }

  broke(words: string): void {
    this.broken.push(words);
  }

  onEvent(event: NodeEvent, { id, weight }: EventSource): void {
    const hasAuthority = this.#plan.kind !== 'work';
    if (event.kind === 'reorganised' || event.kind === 'committed') this.#weigh(event, id, weight);
    if (event.kind === 'proposed') {
      const { validator, payload } = event.candidate;
      this.#candidates.push({ validator, payload, node: id });
    }
    if (event.kind === 'reorganised' && hasAuthority) this.broke(`${id} gave up blocks of an authority`);
    if (event.kind !== 'committed' || !hasAuthority) return;
    const { Index } = event.block;
    const before = this.#told.get(Index) ?? event.text;
    if (before !== event.text) this.broke(`there are two blocks ${Index}, and ${id} has stored the second`);
    this.#told.set(Index, event.text);
  }

  /** A node that gives blocks up has a heavier chain when it has all of the branch. */
  #weigh(event: CommittedEvent | ReorganisedEvent, id: string, weight: bigint): void {
    const before = this.#branches.get(id) ?? { weight: 0n, left: 0 };
    if (event.kind === 'reorganised') {
      this.#branches.set(id, { weight: before.weight, left: event.added });
      return;
    }
    const left = Math.max(0, before.left - 1);
    if (left === 0 && weight <= before.weight)
      this.broke(`${id} has taken a branch that is not heavier than its chain`);
    this.#branches.set(id, { weight: left === 0 ? weight : before.weight, left });
  }

  /** The candidates of a node that is killed have no fate: they are in memory alone. */
  killed(id: string): void {
    for (const candidate of this.#candidates) if (candidate.node === id) candidate.node = undefined;
    this.#branches.delete(id);
  }

  /** A node has accepted a transaction. */
  accepted(transaction: string, id: string): void {
    this.#accepted.set(transaction, id);
  }

  /** What holds at every moment for a node that runs. */
  look(node: NetworkNode): void {
    for (const failure of node.failures) this.broke(`${node.id} failed: ${String(failure)}`);
    for (const event of node.syncEvents)
      if (event.kind === 'contradiction') this.broke(`${node.id} convicts an honest authority`);
    for (const { peer, reason } of node.sync.table.lastCuts)
      if (peer.startsWith('n') && misdeeds.includes(reason))
        this.broke(`${node.id} cut ${peer}, which is honest: ${reason}`);
    const { state } = node.chain;
    if (state === undefined) return;
    const supply =
      limits.faucetTokens + (this.#plan.kind === 'lottery' ? 1n : 0n) + rewardOf(this.#plan) * BigInt(node.height);
    if (state.root.sum !== supply)
      this.broke(`${node.id} has ${state.root.sum} tokens and not ${supply} at block ${node.height}`);
  }

  /** What holds when the network has healed. */
  async findBrokenAtEnd(nodes: readonly NetworkNode[]): Promise<void> {
    const [first] = nodes;
    if (first === undefined) return;
    const words = nodes.map(({ id, height, tipHash }) => `${id} ${height} ${tipHash?.slice(0, 4)}`).join(', ');
    if (nodes.some(({ tipHash }) => tipHash !== first.tipHash)) this.broke(`the nodes do not agree: ${words}`);
    await this.#judge(first);
    for (const node of nodes) await this.#compare(first, node);
    await this.#findLostCandidates(first);
    for (const node of nodes) {
      await this.#findLostTransactions(node);
      this.#findWrongNews(node);
    }
  }

  /** The chain of a node holds, with all that lies beside its blocks. */
  async #judge({ store, height }: NetworkNode): Promise<void> {
    const verifier = new ChainVerifier(verifyOnce);
    for (const [index, text] of (await store.blockRange(0, height)).entries()) {
      const body: object = JSON.parse((await store.signedBodyText(index)) ?? '{}');
      const checked = runToEnd(verifier.nextInSteps(JSON.parse(text), body));
      if ('fault' in checked) this.broke(`block ${index} breaks ${checked.fault.rule}: ${checked.fault.why}`);
    }
  }

  /** A node has stored the same as another one. */
  async #compare(one: NetworkNode, other: NetworkNode): Promise<void> {
    const blocks = await Promise.all([one, other].map(({ store, height }) => store.blockRange(0, height)));
    if (blocks[0]?.join('\n') !== blocks[1]?.join('\n'))
      this.broke(`${other.id} has stored another chain than ${one.id}`);
    for (let index = 0; index <= one.height; index++) {
      const bodies = await Promise.all([one, other].map(({ store }) => store.signedBodyText(index)));
      if (bodies[0] !== bodies[1]) this.broke(`${other.id} has another body beside block ${index} than ${one.id}`);
      // A peer may say that it has lost a pool of typed stakes, which does not make the block false.
      const pools = await Promise.all([one, other].map(({ store }) => store.poolText(index)));
      if (pools[1] !== undefined && pools[0] !== pools[1])
        this.broke(`${other.id} has another pool beside block ${index} than ${one.id}`);
    }
    if (one.chain.state?.root.hash !== other.chain.state?.root.hash) this.broke(`${other.id} has another ledger`);
  }

  /** A candidate is in one draw, and elsewhere in one block; none of a node that was killed is in two. */
  async #findLostCandidates({ store, height }: NetworkNode): Promise<void> {
    const places = new Map<string, number>();
    const count = (validator: unknown, payload: unknown): void => {
      const key = `${validator} ${payload}`;
      places.set(key, (places.get(key) ?? 0) + 1);
    };
    for (const [index, text] of (await store.blockRange(0, height)).entries()) {
      const { Validator, BPM } = JSON.parse(text);
      if (this.#plan.kind !== 'lottery') count(Validator, BPM);
      else for (const { validator, payload } of (await store.pool(index)) ?? []) count(validator, payload);
    }
    for (const { validator, payload, node } of this.#candidates) {
      const found = places.get(`${validator} ${payload}`) ?? 0;
      const isRight = node === undefined ? found <= 1 : found === 1;
      if (!isRight)
        this.broke(`the candidate ${payload} of ${validator} at ${node ?? 'a killed node'} is in ${found} places`);
    }
  }

  /** Nothing waits for ever, and who asks the node that accepted a transaction learns where it is. */
  async #findLostTransactions({ id: own, node: { ledger, chain } }: NetworkNode): Promise<void> {
    if (ledger === undefined) return;
    if (ledger.hasWaiting) this.broke(`${ledger.waitingCount} transactions wait at ${own} for ever`);
    for (const [id, node] of this.#accepted) {
      const status = await ledger.statusOf(id);
      if (status.kind === 'included' && status.index > chain.height) this.broke(`transaction ${id} is nowhere`);
      if (node === own && status.kind === 'unknown')
        this.broke(`${own} accepted transaction ${id} and does not know of it`);
    }
  }

  /** Who hears that a transaction is in a block hears when that is so no longer. */
  #findWrongNews({ id: own, events }: NetworkNode): void {
    const told = new Map<string, number>();
    for (const event of events) {
      for (const news of event.kind === 'ledger' ? [...event.news.values()].flat() : [])
        if (news.kind === 'included' || news.kind === 'returned')
          told.set(news.id, (told.get(news.id) ?? 0) + (news.kind === 'included' ? 1 : -1));
    }
    // The process before this one may have told the first of them.
    for (const [id, count] of told)
      if (count > 1) this.broke(`${own} told ${count} times that transaction ${id} is in a block`);
  }
}
