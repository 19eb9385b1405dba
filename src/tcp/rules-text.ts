import { limits as coreLimits } from '../core/limits.ts';

/** The answers to `help` at nc: the rules of each kind of chain. */

const nameCommand =
  'name NAME is how pages show you; chain tail sends you the newest blocks alone. These, an empty line, help and ? cost nothing.';

/** The answer to `help`: at most six lines (SPEC 1), the last of which says how to leave. */
export function rules(rules: {
  readonly stakeMax: bigint;
  readonly slashAfter: number;
  readonly rejoinGraceMs: number;
}): string {
  const { stakeMax, slashAfter, rejoinGraceMs } = rules;
  const orCode = rejoinGraceMs === 0 ? '' : ' Or: rejoin CODE.';
  const cost =
    slashAfter === 1 ? 'costs you your stake' : `is a tainted block; number ${slashAfter} of yours costs your stake`;
  return [
    'Each token you stake is a ticket. Each round draws one, and its holder wins.',
    `Token balance: a whole number from 1 to ${stakeMax}, for example 100.${orCode}`,
    `BPM: a whole number from 0 to ${coreLimits.bpmMax}, for example 72; one a round.`,
    `Anything else as a BPM ${cost}.`,
    nameCommand,
    'To leave, type quit or exit: a candidate of yours stays in its draw.',
    '',
  ].join('\n');
}

/** What the rules of a chain say where nothing is at stake. */
interface FreeRulesShown {
  readonly slashAfter: number;
  /** In a chain with a ledger. */
  readonly hasWallet: boolean;
}

const walletCommands =
  'Your wallet: balance, wallet, words, login CODE, send ADDRESS AMOUNT [FEE]; name NAME; chain tail. These, an empty line, help and ? cost nothing.';

/** The answer to `help` in a chain of work: as many lines. */
export function rulesOfWork({ slashAfter, hasWallet }: FreeRulesShown): string {
  const cost =
    slashAfter === 1 ? 'ends your session' : `is a tainted block; number ${slashAfter} of yours ends your session`;
  return [
    'Each BPM becomes a block of its own: a number is searched for that makes the hash of the block small enough.',
    `BPM: a whole number from 0 to ${coreLimits.bpmMax}, for example 72. The oldest is searched for first.`,
    'nonce N tries one number by hand for the block that is searched for, for example nonce 7.',
    `Anything else ${cost}.`,
    hasWallet ? walletCommands : nameCommand,
    'To leave, type quit or exit: your BPMs still become blocks.',
    '',
  ].join('\n');
}

/** The answer to `help` on an instant chain. */
export function rulesOfInstant({ slashAfter, hasWallet }: FreeRulesShown): string {
  const which = slashAfter === 1 ? '' : `at number ${slashAfter} of yours `;
  return [
    'Each BPM that you enter becomes a block of the chain at once, in the order in which they come.',
    `BPM: a whole number from 0 to ${coreLimits.bpmMax}, for example 72; as many as you like.`,
    `Anything else as a BPM is a tainted block: ${which}the server closes your connection.`,
    hasWallet ? walletCommands : nameCommand,
    'To leave, type quit or exit: your blocks stay in the chain.',
    '',
  ].join('\n');
}
