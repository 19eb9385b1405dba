import type { BlockStep } from './block-steps.ts';
import { element } from './elements.ts';

/** The broken rule; or 'holds' when all rules hold, 'unknown' before the check. */
export type CheckResult = Pick<BlockStep, 'rule' | 'isOfPool'> | 'holds' | 'unknown';

/** Lists every rule of a block with its numbers and the result of its check. */
export class StepList {
  readonly root: HTMLElement = element('ol', { class: 'steps' });

  /** Shows the rules up to the broken one as checked, and those behind it as not checked. */
  show(steps: readonly BlockStep[], result: CheckResult): void {
    const isBroken = ({ rule, isOfPool }: BlockStep): boolean =>
      typeof result === 'object' && rule === result.rule && isOfPool === result.isOfPool;
    const broken = typeof result === 'object' ? steps.findIndex(isBroken) : steps.length;
    this.root.replaceChildren(
      ...steps.map((step, place) => {
        if (result === 'unknown' || place > broken) return stepRow(step, 'unknown');
        return stepRow(step, place === broken ? 'broken' : 'holds');
      }),
    );
  }
}

function stepRow({ rule, title, numbers }: BlockStep, state: 'unknown' | 'holds' | 'broken'): HTMLElement {
  const mark = { unknown: '·', holds: '✓', broken: '✗' }[state];
  const said = { unknown: 'not checked', holds: 'holds', broken: 'broken' }[state];
  const rows = numbers.map(([label, value]) => element('div', {}, element('dt', {}, label), element('dd', {}, value)));
  return element(
    'li',
    { 'data-state': state },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
    element(
      'div',
      {},
      element(
        'h2',
        {},
        title,
        element('span', { class: 'rule' }, rule),
        element('span', { class: 'unseen' }, `: ${said}`),
      ),
      element('dl', {}, ...rows),
    ),
  );
}
