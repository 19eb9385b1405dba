import { DrawSound } from './draw-sound.ts';
import { element, link } from './elements.ts';

const key = 'motion';

/**
 * Two switches of the visitor: whether a draw moves, which this browser remembers, and whether it is heard, which is off at first and is not
 * remembered, because a page must not begin to sound by itself.
 */
export class DrawEffects {
  readonly root: HTMLElement;
  #sound: DrawSound | undefined;

  constructor() {
    const motion = toggle('Motion', remembered(), (isOn) => {
      remember(isOn);
      wear(isOn);
    });
    const sound = toggle('Sound', false, (isOn) => {
      this.#sound?.close();
      this.#sound = isOn ? new DrawSound() : undefined;
    });
    wear(remembered());
    this.root = element('div', { class: 'toggles' }, link('/?present', 'Present'), motion, sound);
  }

  /** Lets a ticket be heard that falls for so long. */
  fall(fallMs: number): void {
    this.#sound?.fall(fallMs);
  }

  /** Lets the ticket be heard as it lands. */
  land(): void {
    this.#sound?.land();
  }
}

function toggle(name: string, isOn: boolean, changed: (isOn: boolean) => void): HTMLElement {
  const button = element('button', { type: 'button', class: 'toggle', 'aria-pressed': String(isOn) }, name);
  button.addEventListener('click', () => {
    const isPressed = button.ariaPressed !== 'true';
    button.ariaPressed = String(isPressed);
    changed(isPressed);
  });
  return button;
}

/** Nothing on the page moves where this is off; the style sheet has the rest, and what the system asks for. */
function wear(hasMotion: boolean): void {
  document.documentElement.dataset['motion'] = hasMotion ? 'on' : 'off';
}

/** A browser may refuse the storage. */
function remembered(): boolean {
  try {
    return localStorage.getItem(key) !== 'off';
  } catch {
    return true;
  }
}

function remember(isOn: boolean): void {
  try {
    localStorage.setItem(key, isOn ? 'on' : 'off');
  } catch {}
}
