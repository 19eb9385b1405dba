import { pluralizeCount, withThousands } from '../../base/formatting.ts';
import { atOnce, type Turns } from '../../base/run-to-end.ts';
import { ChainVerifier, type Tip } from '../../consensus/verifier.ts';
import type { VerifyBeacon } from '../../core/beacon.ts';
import { type Beacon, type DrawnBlock, type GenesisBlock, isDrawn, isGenesis } from '../../core/block.ts';
import { evidenceText, judgeEvidence } from '../../core/evidence.ts';
import { parseExact } from '../../core/exact-json.ts';
import { isUnreleased } from '../../core/parse-genesis.ts';
import { parseStatement } from '../../core/statement.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { SystemTurns } from '../../platform/system-turns.ts';
import type { FoundEvidence } from '../evidence-file.ts';
import { Announcements } from './announcements.ts';
import { BeaconBacklog } from './beacon-backlog.ts';
import type { ChainCheckResult, EarlyCheckResult } from './chain-check-result.ts';
import { HeardSeals } from './heard-seals.ts';
import { limits } from './limits.ts';
import { type HeldChain, ReceivedChain } from './received-chain.ts';
import type { ServerEvent } from './server-event.ts';
import { type ReadSeal, SignedSeals } from './signed-seals.ts';

/** Enough to find the block of every announcement that is kept. */
const blocksKept = limits.announcementsMax + limits.announcedAheadMax;

export interface ChainCheckerOptions {
  readonly turns: Turns;
  /** The wall clock of this machine. */
  unixMs(): number;
  /** Where signatures of sealed pools come from; undefined where they are not asked for. */
  readonly readSeal?: ReadSeal | undefined;
}

/** The clocks of this machine. */
export function systemClocks(): ChainCheckerOptions {
  return { turns: new SystemTurns(), unixMs: () => Date.now() };
}

/**
 * Checks every chain that is received: that it holds (SPEC 4), that it goes on from the one before with nothing changed, and that
 * its winners are those who were announced. What has been checked before is only compared, byte for byte, so that a long chain
 * costs little when it comes again. Memory does not grow with the chain.
 */
export class ChainChecker {
  readonly #announcements = new Announcements();
  readonly #seals: HeardSeals;
  readonly #signedSeals: SignedSeals | undefined;
  readonly #backlog: BeaconBacklog;
  readonly #verifySignature = nativeVerifier();
  readonly #verifyBeacon: VerifyBeacon = (publicKey, round, signature) => {
    this.#backlog.add({ index: this.#received.count - 1, publicKey, round, signature });
    return atOnce(true);
  };
  #received = this.#newChain();
  /** The last chain that held. */
  #held: HeldChain | undefined;
  /** The last blocks of it. */
  #blocks: readonly DrawnBlock[] = [];

  constructor({ turns, unixMs, readSeal }: ChainCheckerOptions = systemClocks()) {
    this.#backlog = new BeaconBacklog(turns);
    this.#seals = new HeardSeals(unixMs);
    this.#signedSeals = readSeal && new SignedSeals(readSeal, this.#verifySignature);
  }

  /** How many pools were told whose signature was asked for in vain. */
  get unsigned(): number {
    return this.#signedSeals?.missing ?? 0;
  }

  /** Signatures of beacons that are being verified, and those that are left out. */
  get backlog(): BeaconBacklog {
    return this.#backlog;
  }

  /** That the pool which was heard of last was told too late to be sure of it, in a printable sentence; undefined where nothing is known of that. */
  get lateness(): string | undefined {
    return this.#held && this.#seals.lateness(beaconsOf(this.#held.genesis));
  }

  /** How many winners were announced since the last chain. */
  get unchecked(): number {
    return this.#announcements.count;
  }

  /** Takes an event; returns a result at the end of a chain. */
  onEvent(event: ServerEvent): EarlyCheckResult | undefined {
    switch (event.kind) {
      case 'block':
        this.#onBlock(event.text);
        return undefined;
      case 'chain':
        return this.#end();
      case 'broken-chain':
        this.#received.fault ??= event.why;
        return this.#end();
      default: {
        this.#announcements.onEvent(event);
        if (event.kind === 'sealed') void this.#signedSeals?.ask(event.index);
        const why = this.#seals.onEvent(event);
        return why === undefined ? undefined : { kind: 'broken', why };
      }
    }
  }

  #onBlock(text: string): void {
    const received = this.#received;
    if (received.fault !== undefined) return;
    received.texts.update(text, 'latin1');
    const index = received.count;
    received.count += 1;
    if (this.#held === undefined || index > this.#held.tip.index) this.#check(text);
    else if (index === this.#held.tip.index) this.#compare(this.#held, text);
  }

  /** A block that was not in the chain before. */
  #check(text: string): void {
    const received = this.#received;
    const json = parseExact(text);
    const begin = received.count === 1 ? beginOf(json) : 0;
    if (begin > 0) {
      received.fault = `it begins with block ${begin}, so it cannot be checked: the newest blocks alone are sent here. Type chain all for the whole chain`;
      return;
    }
    received.isUnreleased = received.count === 1 && isUnreleased(json);
    const checked = received.verifier.next(json);
    if ('fault' in checked) {
      const { index, rule, why } = checked.fault;
      received.fault = `block ${index} breaks the rule "${rule}": ${why}`;
      return;
    }
    received.block = checked.block;
    if (isGenesis(checked.block)) received.genesis = checked.block;
    if (!isDrawn(checked.block)) return;
    received.blocks.push(checked.block);
    if (received.blocks.length > blocksKept) received.blocks.shift();
  }

  /** The chain has come as far as it went when it was checked. */
  #compare(held: HeldChain, text: string): void {
    const received = this.#received;
    const { tip, digest, genesis, block } = held;
    if (received.texts.copy().digest('hex') === digest) {
      received.verifier = new ChainVerifier(this.#verifySignature, { verifyBeacon: this.#verifyBeacon, tip });
      received.genesis = genesis;
      received.block = block;
      return;
    }
    received.fault = `it was changed after it had been sent: block ${tip.index}, or one before it, is not what it was`;
    received.evidence = this.#evidenceOf(genesis, { Block: block }, { Block: parseExact(text) });
  }

  /** What these two statements prove, where they convict the authority. */
  #evidenceOf(genesis: GenesisBlock, first: unknown, second: unknown): FoundEvidence | undefined {
    const [one, other] = [parseStatement(first, genesis), parseStatement(second, genesis)];
    if ('why' in one || 'why' in other) return undefined;
    const Statements = [one.value, other.value] as const;
    const judged = judgeEvidence({ Version: 1, Genesis: genesis, Statements }, this.#verifySignature);
    if ('why' in judged) return undefined;
    const { chainId, index } = judged.value;
    return { chainId, index, text: evidenceText(genesis, ...Statements) };
  }

  #end(): EarlyCheckResult {
    const { verifier, texts, count, fault, evidence, isUnreleased, blocks, genesis, block } = this.#received;
    const { tip } = verifier;
    this.#received = this.#newChain();
    if (isUnreleased) return { kind: 'unreleased' };
    const winners = this.unchecked;
    const last = [...this.#blocks, ...blocks].slice(-blocksKept);
    const convicted =
      fault === undefined && genesis !== undefined ? this.#signedSeals?.settle(genesis, last) : undefined;
    const why = fault ?? convicted?.why ?? this.#shortness(count) ?? (tip && this.#disagreement(last, tip));
    if (why !== undefined || tip === undefined || genesis === undefined || block === undefined) {
      this.#announcements.forget();
      const found = evidence ?? (convicted && genesis && this.#evidenceOf(genesis, ...convicted.statements));
      const broken = { kind: 'broken', why: why ?? 'it has no blocks, not even a genesis' } as const;
      return found === undefined ? broken : { ...broken, evidence: found };
    }
    this.#held = { genesis, block, tip, digest: texts.digest('hex') };
    this.#blocks = last;
    const held = { kind: 'holds', blocks: count, newest: last.at(-1), winners } as const;
    return this.#backlog.size === 0 ? this.#unlessForged(held) : { kind: 'later', settled: this.#settle(held) };
  }

  /** What was said of the draws does not agree with the blocks of a chain that holds. */
  #disagreement(last: readonly DrawnBlock[], tip: Tip): string | undefined {
    return this.#announcements.settle(last, tip.index) ?? this.#seals.settle(last);
  }

  async #settle(held: ChainCheckResult): Promise<ChainCheckResult> {
    await this.#backlog.settle();
    return this.#unlessForged(held);
  }

  #unlessForged(held: ChainCheckResult): ChainCheckResult {
    const { fault } = this.#backlog;
    return fault === undefined ? held : { kind: 'broken', why: fault };
  }

  #newChain(): ReceivedChain {
    return new ReceivedChain(new ChainVerifier(this.#verifySignature, { verifyBeacon: this.#verifyBeacon }));
  }

  #shortness(count: number): string | undefined {
    if (this.#held === undefined || count > this.#held.tip.index) return undefined;
    return `it has ${pluralizeCount(count, 'block')}, but had ${withThousands(this.#held.tip.index + 1)} before`;
  }
}

/** The index that the first block of a chain says to have. */
function beginOf(json: unknown): number {
  return typeof json === 'object' && json !== null && 'Index' in json && Number.isSafeInteger(json.Index)
    ? Number(json.Index)
    : 0;
}

function beaconsOf({ Genesis }: GenesisBlock): readonly Beacon[] {
  return 'Beacons' in Genesis ? (Genesis.Beacons ?? []) : [];
}
