import type { Status } from '../http/api/types.ts';
import { element, link } from './elements.ts';
import { joinCommands } from './join-ways.ts';

/** What there is to read while nobody has joined yet: one sentence of what this is, and the three steps that lead into it. */
export function welcome(status: Pick<Status, 'join'>): readonly HTMLElement[] {
  const [command = 'nc'] = joinCommands(status);
  return [
    element('h2', {}, 'How to begin'),
    element(
      'p',
      {},
      'A lottery that nobody has to trust: every round one ticket is drawn, its holder writes the next block, and anyone can check that.',
    ),
    element(
      'ol',
      {},
      element(
        'li',
        {},
        element('strong', {}, 'Connect:'),
        ' ',
        link('/play', 'in this browser'),
        ', or in a terminal with ',
        element('code', {}, command),
      ),
      element('li', {}, element('strong', {}, 'Enter a balance:'), ' the tokens that you stake. Each is a ticket.'),
      element('li', {}, element('strong', {}, 'Enter a BPM,'), ' any number, once a round. It is your candidate.'),
    ),
  ];
}
