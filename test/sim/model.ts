import { createHash, createPublicKey, verify } from 'node:crypto';
import { type DrawnBlock, type InstantBlock, isDrawn, isGenesis, type SealedBlock } from '../../src/core/block.ts';
import type { NodeEvent } from '../../src/node/ports.ts';

interface Entry {
  readonly stake: bigint;
  readonly payload: number;
}

/**
 * What a lottery must do, written as plainly as it can be: slow, without any of the product's own rules or hashes. It hears
 * what everybody hears, and says in words what must not have happened.
 */
export class Model {
  readonly broken: string[] = [];
  #chainId = '';
  #authority = '';
  #height = -1;
  #isInstant = false;
  /** The BPMs of an instant chain that are no blocks yet, oldest first. */
  readonly #accepted: { readonly validator: string; readonly payload: number }[] = [];
  #tipHash = '';
  readonly #everSeen = new Set<string>();
  readonly #sessions: Map<string, bigint>;
  readonly #stakes = new Map<string, bigint>();
  /** Whoever was slashed at this server does not come back to it, whether they have heard so yet or not. */
  readonly #slashed = new Set<string>();
  /** The candidates of the blocks that are not drawn yet. */
  readonly #pools = new Map<number, Map<string, Entry>>();

  /** @param sessions the stakes that can be resumed, which outlast a server */
  constructor(sessions: Map<string, bigint>) {
    this.#sessions = sessions;
  }

  /** @param openIndex the block that a candidate accepted at this moment is for */
  onEvent(event: NodeEvent, openIndex: number): void {
    switch (event.kind) {
      case 'loaded':
        if (isGenesis(event.block)) {
          this.#chainId = event.block.Hash;
          const { Genesis } = event.block;
          this.#authority = 'Authority' in Genesis ? Genesis.Authority : '';
          this.#isInstant = Genesis.Consensus.Kind === 'instant';
        }
        this.#follow(event.block.Index, event.block.PrevHash, event.block.Hash);
        return;
      case 'joined':
        this.#expect(!this.#everSeen.has(event.validator), `address ${event.validator} was given out twice`);
        this.#everSeen.add(event.validator);
        this.#stakes.set(event.validator, event.stake);
        this.#sessions.set(event.validator, event.stake);
        return;
      case 'returned':
        // A resumed session has the address and the stake that it had before.
        this.#expect(
          this.#sessions.get(event.validator) === event.stake,
          `${event.validator} returns with another stake`,
        );
        this.#expect(!this.#slashed.has(event.validator), `${event.validator} returns and was slashed`);
        this.#stakes.set(event.validator, event.stake);
        return;
      case 'proposed': {
        const { validator, stake, payload } = event.candidate;
        if (this.#isInstant) {
          this.#accepted.push({ validator, payload });
          this.#expect(event.index === this.#height + this.#accepted.length, `${validator} was told a wrong place`);
          return;
        }
        const pool = this.#poolOf(event.index);
        this.#expect(event.index === openIndex, `a candidate for block ${event.index} where ${openIndex} is open`);
        this.#expect(this.#stakes.get(validator) === stake, `${validator} proposes with another stake than its own`);
        this.#expect(!pool.has(validator), `${validator} has a second candidate for block ${event.index}`);
        pool.set(validator, { stake, payload });
        return;
      }
      case 'slashed':
        this.#expect(this.#stakes.delete(event.validator), `${event.validator} is slashed without a stake`);
        this.#slashed.add(event.validator);
        this.#poolOf(openIndex).delete(event.validator);
        return;
      case 'left':
        this.#expect(this.#stakes.delete(event.validator), `${event.validator} leaves who is not there`);
        return;
      case 'committed':
        if (isDrawn(event.block)) this.#checkDraw(event.block, event.body ?? []);
        else this.#checkInstant(event.block);
        return;
      default:
        return;
    }
  }

  /** How many accepted BPMs are no blocks yet: none, when a server was stopped. */
  get waiting(): number {
    return this.#accepted.length;
  }

  /** Blocks come in the order in which their BPMs were accepted, each of them once. */
  #checkInstant(block: SealedBlock): void {
    const next = this.#accepted.shift();
    this.#expect(
      next?.validator === block.Validator && next.payload === block.BPM,
      `block ${block.Index} is not of the BPM that was accepted next`,
    );
    this.#expect('Signature' in block && block.Hash === hashOf(block), `block ${block.Index} has another hash`);
    this.#expect(
      'Signature' in block && isSigned(block, this.#chainId, this.#authority),
      `block ${block.Index} is not signed by the authority`,
    );
    this.#follow(block.Index, block.PrevHash, block.Hash);
  }

  #checkDraw(block: DrawnBlock, drawn: readonly { validator: string; stake: bigint; payload: number }[]): void {
    const expected = [...this.#poolOf(block.Index)].sort(([one], [other]) => (one < other ? -1 : 1));
    const shown = (pool: Iterable<readonly [string, Entry]>): string =>
      [...pool].map(([validator, { stake, payload }]) => `${validator} ${stake} ${payload}`).join('\n');
    const found = drawn.map(({ validator, stake, payload }) => [validator, { stake, payload }] as const);
    this.#expect(
      shown(found) === shown(expected),
      `block ${block.Index} was drawn from another pool than was accepted`,
    );
    this.#pools.delete(block.Index);
    // Nobody can win, so there is no ticket to compare.
    if (expected.length === 0) return;

    const total = expected.reduce((sum, [, { stake }]) => sum + stake, 0n);
    const ticket = drawTicket(this.#chainId, block.Index, block.Draw.Reveal, total);
    let first = 0n;
    for (const [validator, { stake, payload }] of expected) {
      const wins = first <= ticket && ticket < first + stake;
      this.#expect(wins === (block.Validator === validator), `block ${block.Index} went to somebody else`);
      if (wins) this.#expect(block.BPM === payload, `block ${block.Index} has another BPM than its winner proposed`);
      first += stake;
    }
    this.#expect(block.Draw.PoolRoot === root(expected.map(leaf))[0], `block ${block.Index} names another pool root`);
    this.#expect(block.Hash === hashOf(block), `block ${block.Index} has another hash`);
    this.#expect(
      isSigned(block, this.#chainId, this.#authority),
      `block ${block.Index} is not signed by the authority`,
    );
    this.#follow(block.Index, block.PrevHash, block.Hash);
  }

  #follow(index: number, prevHash: string, hash: string): void {
    this.#expect(
      index === this.#height + 1 && prevHash === this.#tipHash,
      `block ${index} does not follow ${this.#height}`,
    );
    this.#height = index;
    this.#tipHash = hash;
  }

  #poolOf(index: number): Map<string, Entry> {
    const pool = this.#pools.get(index) ?? new Map<string, Entry>();
    this.#pools.set(index, pool);
    return pool;
  }

  #expect(holds: boolean, words: string): void {
    if (!holds) this.broken.push(words);
  }
}

function drawTicket(chainId: string, index: number, reveal: string, total: bigint): bigint {
  const seed = sha256(`["sortition/2/seed","${chainId}",${index},"${reveal}"]`);
  let bits = 0n;
  while (1n << bits < total) bits += 1n;
  for (let attempt = 0; ; attempt++) {
    const number = BigInt(`0x${sha256(`["sortition/2/ticket","${seed}",${attempt}]`)}`) % (1n << bits);
    if (number < total) return number;
  }
}

type Node = readonly [hash: string, sum: bigint];

function leaf([validator, { stake, payload }]: readonly [string, Entry]): Node {
  return [sha256(`["sortition/2/leaf","${validator}","${stake}",${payload}]`), stake];
}

/** RFC 9162, 2.1, as it stands there: split at the largest power of two below the number of leaves. */
function root(nodes: readonly Node[]): Node {
  const [first] = nodes;
  if (first === undefined || nodes.length === 1) return first ?? ['', 0n];
  let split = 1;
  while (split * 2 < nodes.length) split *= 2;
  const [[left, leftSum], [right, rightSum]] = [root(nodes.slice(0, split)), root(nodes.slice(split))];
  return [sha256(`["sortition/2/node","${left}","${leftSum}","${right}","${rightSum}"]`), leftSum + rightSum];
}

function hashOf({ Hash, Signature, ...content }: DrawnBlock | InstantBlock): string {
  return sha256(`["sortition/2/block",${JSON.stringify(content)}]`);
}

/** Whether a block is signed with the key of the genesis; Node's own opinion is enough for what is not forged. */
function isSigned({ Index, Hash, Signature }: DrawnBlock | InstantBlock, chainId: string, authority: string): boolean {
  const text = `["sortition/2/authority","${chainId}",${Index},"${Hash}"]`;
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(authority, 'hex').toString('base64url') },
    format: 'jwk',
  });
  return verify(null, Buffer.from(text), key, Buffer.from(Signature, 'hex'));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
