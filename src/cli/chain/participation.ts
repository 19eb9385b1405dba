import { decimalShareOf, ExpectedWins } from '../../base/statistics/expected-wins.ts';
import { isDrawn, winnersTickets } from '../../core/block.ts';
import { type TicketRange, ticketHolders } from '../../core/pool.ts';
import { limits } from '../../http/limits.ts';
import type { VerifiedBlock } from './chain-audit.ts';

/** A draw that a validator took part in. */
export interface ParticipatedDraw {
  readonly index: number;
  readonly bpm: number;
  readonly stake: bigint;
  readonly totalStake: bigint;
  readonly tickets: TicketRange;
  readonly ticket: bigint;
  readonly hasWon: boolean;
}

/** Decimals of a share of the stakes: more than any report shows. */
const decimals = 12;

/** What one validator did in a chain: the rounds it took part in, as far as the pools tell, and those that it won. */
export class Participation {
  readonly #prefix: string;
  readonly #addresses = new Set<string>();
  readonly #rounds: ParticipatedDraw[] = [];

  /** @param prefix the first digits of an address, or all of them */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The addresses that begin with the prefix, at most `limits.matchingAddressesMax`. More than one means that the prefix is too short. */
  get addresses(): readonly string[] {
    return [...this.#addresses];
  }

  get rounds(): readonly ParticipatedDraw[] {
    return this.#rounds;
  }

  get wins(): number {
    return this.#rounds.filter(({ hasWon }) => hasWon).length;
  }

  /** Looks for the validator in a block and its pool. Without the pool only a winner is seen. */
  add({ block, pool }: VerifiedBlock): void {
    if (!isDrawn(block)) return;
    const { Index, Validator, BPM, Draw } = block;
    const totalStake = BigInt(Draw.TotalStake);
    const ticket = BigInt(Draw.Ticket);
    const note = (validator: string, bpm: number, stake: bigint, tickets: TicketRange): void => {
      if (!validator.startsWith(this.#prefix)) return;
      if (this.#addresses.size < limits.matchingAddressesMax) this.#addresses.add(validator);
      this.#rounds.push({ index: Index, bpm, stake, totalStake, tickets, ticket, hasWon: validator === Validator });
    };
    if (pool === undefined) note(Validator, BPM, BigInt(Draw.Stake), winnersTickets(Draw));
    for (const { candidate, tickets } of ticketHolders(pool ?? [])) {
      note(candidate.validator, candidate.payload, candidate.stake, tickets);
    }
  }

  /** What chance lets expect of a validator with these shares of the stakes. */
  expectation(): ExpectedWins {
    const expected = new ExpectedWins();
    for (const { stake, totalStake } of this.#rounds) expected.add(decimalShareOf(stake, totalStake, decimals));
    return expected;
  }
}
