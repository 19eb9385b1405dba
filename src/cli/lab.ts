import { ChainError } from '../engine/ports.ts';
import { printable } from '../protocol/printable.ts';
import { tamper } from './tamper/tamper.ts';
import { UsageError, type Verb } from './verb.ts';

const exitCodes = { dataRefused: 4 } as const;

const help = `Usage: npx sortition lab tamper DIR INDEX FIELD VALUE
       npx sortition lab attack [NAME | all] [--seed WORDS]

`;

/** Breaks things on purpose, to show why they are as they are. */
export const lab: Verb = {
  name: 'lab',
  summary: 'break a chain, or a lottery with a known flaw, and see what happens',
  help,
  async run(words, stage) {
    const [what, ...rest] = words;
    try {
      if (what === 'tamper') return await tamper(rest, stage);
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      stage.errors.write(`sortition: ${error.message}.\n`);
      return exitCodes.dataRefused;
    }
    throw new UsageError(
      `lab ${what === undefined ? 'needs to know what to break' : `does not know "${printable(what)}"`}: tamper or attack. See --help`,
    );
  },
};
