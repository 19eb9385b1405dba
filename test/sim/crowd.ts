import type { Dice } from './dice.ts';
import type { Fault } from './faults.ts';
import type { Person, World } from './world.ts';

/** Somebody in the simulated room, with what a witness beside them notes. */
export interface Guest {
  readonly person: Person;
  /** How many blocks had been announced when this person connected. */
  readonly sinceDraw: number;
  /** How many had been announced when the connection was over, or when they stopped to be a fair witness. */
  untilDraw: number | undefined;
  /** They never read again. */
  isDeaf: boolean;
  /** They came with `printf '10\n72' | nc -N`, and did nothing else. */
  isPiped: boolean;
}

const digits = ['1', '2', '5', '10', '50', '0100', '999999999999999', '1000000000000000', '1'.repeat(40)];
const garbage = [
  'abc',
  '-1',
  '1.5',
  '1e3',
  '99999999999',
  '\x00\xff\x80',
  'x'.repeat(5000),
  '\x1b[A',
  '\x1b]0;title\x07',
  '',
  '   ',
  '\xef\xbc\x91',
  '\xff\xfb\x01',
  'quit',
  'Exit\n72',
  'HELP',
  '?',
];

/** People who come, stake, propose, and have the faults of a plan; all from one pair of dice. */
export class Crowd {
  readonly guests: Guest[] = [];
  /** What everybody did, newest last. */
  readonly trace: string[];
  /** The codes of sessions that were opened at earlier servers. */
  readonly codes: readonly string[];
  /** How often each fault has happened. */
  readonly counts: Map<Fault, number> = new Map();
  readonly #dice: Dice;
  readonly #faults: ReadonlySet<Fault>;
  readonly #sizeMax: number;

  constructor(dice: Dice, faults: ReadonlySet<Fault>, sizeMax: number, trace: string[], codes: readonly string[]) {
    this.#dice = dice;
    this.#faults = faults;
    this.#sizeMax = sizeMax;
    this.trace = trace;
    this.codes = codes;
  }

  /** Everybody may do something. */
  act(world: World): void {
    const present = this.guests.filter(({ person }) => person.isConnected);
    if (present.length < this.#sizeMax && this.#dice.once(3)) this.#arrive(world);
    for (const guest of present) {
      if (!guest.isPiped && this.#dice.once(3)) this.#actAs(guest);
      this.#noteLeaving(guest, world);
    }
  }

  #arrive(world: World): void {
    const guest: Guest = this.join(world);
    if (this.#faults.has('comeback') && this.#dice.once(3)) {
      this.#comeBack(guest);
      return;
    }
    if (!this.#faults.has('half-close') || !this.#dice.once(5)) return;
    this.#count('half-close');
    guest.isPiped = true;
    this.#type(guest, '10\n72');
    this.#does(guest, 'closes their side', () => guest.person.closeSide());
  }

  /** As somebody who was here before, or at least tries. */
  #comeBack(guest: Guest): void {
    const before = this.#dice.pick(this.guests);
    const [, code] = /seconds: rejoin (\S+)\n/.exec(before.person.seen) ?? this.#oldCode();
    if (code === undefined) return;
    this.#count('comeback');
    this.#type(guest, `rejoin ${code}\n${this.#dice.roll(200)}\n`);
  }

  /** A code from before the server was started again. */
  #oldCode(): readonly (string | undefined)[] {
    return [undefined, this.codes.length === 0 ? undefined : this.#dice.pick(this.codes)];
  }

  /** Somebody connects. */
  join(world: World): Guest {
    const guest = {
      person: world.connect(),
      sinceDraw: world.drawn().length,
      untilDraw: undefined,
      isDeaf: false,
      isPiped: false,
    };
    this.guests.push(guest);
    return guest;
  }

  /** Everybody who reads at all reads on, and the network carries what it can. */
  settle(world: World): void {
    for (const guest of this.guests) {
      if (!guest.person.isConnected) continue;
      if (!guest.isDeaf) {
        guest.person.socket.isReading = true;
        guest.person.read(Number.POSITIVE_INFINITY);
      }
      this.#noteLeaving(guest, world);
    }
  }

  #noteLeaving(guest: Guest, world: World): void {
    guest.person.flow();
    const { isConnected, socket } = guest.person;
    if (guest.untilDraw === undefined && (!isConnected || socket.hasEnded)) guest.untilDraw = world.drawn().length;
  }

  #actAs(guest: Guest): void {
    const { person } = guest;
    const dice = this.#dice;
    const strikes = (fault: Fault, sides: number): boolean => {
      const doesIt = this.#faults.has(fault) && dice.once(sides);
      if (doesIt) this.#count(fault);
      return doesIt;
    };
    if (strikes('reset', 15)) this.#does(guest, 'breaks off', () => person.reset());
    else if (strikes('deaf', 30)) {
      this.#does(guest, 'never reads again', () => {
        guest.isDeaf = true;
        person.socket.isReading = false;
      });
    } else if (strikes('half-close', 15)) {
      this.#type(guest, dice.pick(digits));
      this.#does(guest, 'closes their side', () => person.closeSide());
    } else if (strikes('garbage', 6)) this.#type(guest, `${dice.pick(garbage)}\n`);
    else if (strikes('flood', 20)) this.#type(guest, `${dice.roll(200)}\n`.repeat(1000));
    else if (strikes('duplicates', 5)) this.#type(guest, `${dice.roll(200)}\n`.repeat(1 + dice.roll(9)));
    else if (strikes('slow', 3)) {
      this.#does(guest, 'reads a little', () => {
        person.socket.isReading = false;
        person.read(dice.roll(2000));
      });
    } else {
      if (!guest.isDeaf) person.socket.isReading = true;
      if (!guest.isDeaf) person.read(Number.POSITIVE_INFINITY);
      this.#type(guest, `${dice.pick(digits)}\r\n${dice.roll(200)}\n`);
    }
  }

  #type(guest: Guest, text: string): void {
    this.#does(
      guest,
      `types ${JSON.stringify(text.slice(0, 40))}${text.length > 40 ? ` and ${text.length - 40} more` : ''}`,
      () => {
        const cut = this.#faults.has('pieces') ? this.#dice.roll(text.length + 1) : text.length;
        if (cut < text.length) this.#count('pieces');
        guest.person.type(text.slice(0, cut));
        if (cut < text.length) guest.person.type(text.slice(cut));
      },
    );
  }

  #does(guest: Guest, what: string, deed: () => void): void {
    this.trace.push(`guest ${this.guests.indexOf(guest)} ${what}`);
    deed();
  }

  #count(fault: Fault): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }
}
