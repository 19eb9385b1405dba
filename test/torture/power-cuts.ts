import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LoopDisk } from '../loop-disk.ts';
import type { Dice } from '../sim/dice.ts';
import { expect, expectStored, note } from './expect.ts';
import { Server } from './server.ts';
import { SlashedSeat } from './slashed-seat.ts';
import { Witness } from './witness.ts';

/** A start takes most of a second, and a system writes back by itself what is some seconds old: cuts before, between and after that. */
const firstMomentsMs = 3000;
/** For what a server had sent before it was suspended. What is heard later than that is not compared, so a late ear finds less, never too much. */
const hearingMs = 20;

/** Where a chain is on a disk of its own. */
export function dataDirOn(disk: LoopDisk): string {
  return join(disk.place, 'data');
}

/** Power cuts: each looks at the disk as it would be found, and has a server go on there. */
export class PowerCuts {
  readonly #roundMs: number;
  readonly #dice: Dice;
  /** How many there were in chains of some age. */
  count = 0;
  /** How many there were in the first moments of a chain. */
  countFresh = 0;
  /** After how many of all of them a slashed seat was asked for. */
  countSlashed = 0;

  constructor(roundMs: number, dice: Dice) {
    this.#roundMs = roundMs;
    this.#dice = dice;
  }

  /**
   * Cuts the power of a running server, which is suspended afterwards and is to be killed. Throws when the disk lacks any of what the witnesses and
   * those before them heard, or brings a slashed seat back.
   * @param heardBefore what was heard of earlier servers
   */
  async cut(
    server: Server,
    disk: LoopDisk,
    witnesses: readonly Witness[],
    heardBefore: ReadonlyMap<number, string>,
  ): Promise<void> {
    // Not every time: the sync of a slash makes the blocks before it durable, too.
    const seat = this.#dice.once(2) ? await SlashedSeat.lose((await server.ready).port) : undefined;
    server.signal('SIGSTOP');
    await delay(hearingMs);
    const heard = new Map(heardBefore);
    note(heard, witnesses);
    await this.#expectWhole(disk.afterPowerCut(), heard, seat);
    this.count += 1;
    if (seat !== undefined) this.countSlashed += 1;
  }

  /** Begins a chain on a new disk, and cuts the power at a random one of its first moments: when it is not there yet, at its first blocks. */
  async cutFreshChain(): Promise<void> {
    const disk = LoopDisk.make();
    const server = new Server(dataDirOn(disk), this.#roundMs);
    const witnesses: Witness[] = [];
    try {
      // Where the cut comes first, nothing was heard.
      const joining = server.ready.then(async ({ port }) => witnesses.push(await Witness.join(port)));
      joining.catch(() => undefined);
      await delay(this.#dice.roll(firstMomentsMs));
      server.signal('SIGSTOP');
      await delay(hearingMs);
      const heard = new Map<number, string>();
      note(heard, witnesses);
      await this.#expectWhole(disk.afterPowerCut(), heard, undefined);
      this.countFresh += 1;
    } finally {
      await server.kill();
      for (const witness of witnesses) witness.leave();
      disk.remove();
    }
  }

  /** Looks at a disk after a power cut, and removes it. */
  async #expectWhole(
    disk: LoopDisk,
    heardBefore: ReadonlyMap<number, string>,
    seat: SlashedSeat | undefined,
  ): Promise<void> {
    const dataDir = dataDirOn(disk);
    const server = new Server(dataDir, this.#roundMs);
    try {
      const { port, height } = await server.ready;
      for (const index of heardBefore.keys())
        expect(index <= height, `block ${index} was announced and is gone after a power cut`);
      if (seat !== undefined) expect(!(await seat.comesBack(port)), 'a slashed seat came back after a power cut');
      const witness = await Witness.join(port);
      await witness.nextDraw();
      const heard = new Map(heardBefore);
      note(heard, [witness]);
      witness.leave();
      await server.kill();
      await expectStored(dataDir, heard);
    } finally {
      await server.kill();
      disk.remove();
    }
  }
}
