import type { Dice } from './dice.ts';
import type { Person, World } from './world.ts';

/** Somebody in the simulated room, with what a witness beside them notes. */
export interface Guest {
  readonly person: Person;
  /** How many blocks had been announced when this person connected. */
  readonly sinceDraw: number;
  /** How many had been announced when the connection was over, or when they stopped to be a fair witness. */
  untilDraw: number | undefined;
}

const digits = ['1', '2', '5', '10', '50', '0100', '999999999999999', '1000000000000000'];
const rubbish = [
  'abc',
  '-1',
  '1.5',
  '1e3',
  '99999999999',
  '\x00\xff\x80',
  'x'.repeat(5000),
  '\x1b[A',
  '',
  '   ',
  '\xef\xbc\x91',
];

/** People who come, stake, propose, taint, dawdle, vanish, and read as they please; all from one pair of dice. */
export class Crowd {
  readonly guests: Guest[] = [];
  readonly #dice: Dice;
  readonly #sizeMax: number;

  constructor(dice: Dice, sizeMax: number) {
    this.#dice = dice;
    this.#sizeMax = sizeMax;
  }

  /** Everybody may do something. */
  act(world: World): void {
    const present = this.guests.filter(({ person }) => person.isConnected);
    if (present.length < this.#sizeMax && this.#dice.once(3)) {
      this.guests.push({ person: world.connect(), sinceDraw: world.drawn().length, untilDraw: undefined });
    }
    for (const guest of present) {
      if (this.#dice.once(4)) this.#actAs(guest.person);
      this.#noteLeaving(guest, world);
    }
  }

  /** Everybody reads on, and the network carries what it can. */
  settle(world: World): void {
    for (const guest of this.guests) {
      if (!guest.person.isConnected) continue;
      guest.person.wire.isReading = true;
      guest.person.read(Number.POSITIVE_INFINITY);
      this.#noteLeaving(guest, world);
    }
  }

  #noteLeaving(guest: Guest, world: World): void {
    guest.person.flow();
    const { isConnected, wire } = guest.person;
    if (guest.untilDraw === undefined && (!isConnected || wire.hasEnded)) guest.untilDraw = world.drawn().length;
  }

  #actAs(person: Person): void {
    const dice = this.#dice;
    switch (dice.roll(12)) {
      case 0:
        this.#typeInPieces(person, `${dice.pick(rubbish)}\n`);
        return;
      case 1:
        person.type(`${dice.pick(digits)}\r\n${dice.roll(200)}\n\n${dice.roll(200)}\n`);
        return;
      case 2:
        if (dice.once(4)) {
          person.type(dice.pick(digits));
          person.closeSide();
        }
        return;
      case 3:
        if (dice.once(4)) person.reset();
        return;
      case 4:
        person.wire.isReading = false;
        return;
      case 5:
        person.wire.isReading = true;
        person.read(Number.POSITIVE_INFINITY);
        return;
      case 6:
        person.read(dice.roll(2000));
        return;
      default:
        this.#typeInPieces(person, `${dice.pick(digits)}\n${dice.roll(200)}\n`);
    }
  }

  #typeInPieces(person: Person, text: string): void {
    const cut = this.#dice.roll(text.length + 1);
    person.type(text.slice(0, cut));
    person.type(text.slice(cut));
  }
}
