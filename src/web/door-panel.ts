import type { DoorStatus } from '../http/api/types.ts';
import { doorWords } from './door-words.ts';
import { element, setText } from './elements.ts';

/** Where one of several doors of a lottery stands. */
export class DoorPanel {
  readonly root: HTMLElement = element('p', { class: 'ledger quiet', role: 'status' });

  show(log: DoorStatus): void {
    setText(this.root, doorWords(log));
  }
}
