import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { Operator } from '../../src/console/operator.ts';
import { limits } from '../../src/core/limits.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { World } from '../sim/world.ts';

/** An operator at the console of a whole lottery. */
class Console {
  readonly world: World;
  readonly #operator: Operator;
  #text = '';
  quits = 0;

  private constructor(world: World, store: MemoryStore) {
    this.world = world;
    this.#operator = new Operator({
      desk: world.lottery,
      paint: new Chalk({ level: 0 }),
      print: (text) => {
        this.#text += text;
      },
      drained: async () => undefined,
      blocks: () => store.blocks(),
      stats: () => 'the stats\n',
      quit: () => {
        this.quits += 1;
      },
    });
  }

  static async open(): Promise<Console> {
    const store = new MemoryStore();
    const world = await World.open({
      seed: 1,
      clock: new SimulatedClock(),
      store,
      intervalMs: 30_000,
      broadcastIntervalMs: 60_000,
      linksPerChain: 8,
      stakeMax: 1000n,
      slashAfter: 1,
      linesPerSecond: 0,
    });
    return new Console(world, store);
  }

  /** Types a command and returns what is printed. */
  async type(line: string): Promise<string> {
    this.#text = '';
    await this.#operator.receive(line);
    return this.#text;
  }

  get status(): string {
    return this.#operator.status();
  }

  async propose(stake: bigint, bpm: number): Promise<string> {
    const address = this.world.lottery.join(stake);
    this.world.lottery.propose(address, bpm);
    await this.world.clock.pass(0);
    return address;
  }
}

describe('the operator', () => {
  it('sees where the lottery stands in one line', async () => {
    const screen = await Console.open();
    expect(screen.status).toBe('draw in 30 s | no candidates | 0 validators | height 0');
    await screen.propose(1n, 72);
    await screen.world.clock.pass(1500);
    expect(screen.status).toBe('draw in 29 s | 1 candidate with 1 token | 1 validator | height 0');
    await screen.propose(20n, 73);
    expect(screen.status).toContain('2 candidates with 21 tokens | 2 validators');
  });

  it('draws now, and the grid of rounds stays as it is', async () => {
    const screen = await Console.open();
    await screen.propose(10n, 72);
    await screen.world.clock.pass(10_000);
    await screen.type('draw');
    await screen.world.clock.pass(0);
    expect(screen.world.drawn().length).toBe(1);
    expect(screen.status).toContain('draw in 20 s');
  });

  it('is told when there is nothing to draw', async () => {
    const screen = await Console.open();
    expect(await screen.type('draw')).toBe('There is no candidate to draw.\n');
  });

  it('pauses the rounds, may draw one all the same, and resumes them', async () => {
    const screen = await Console.open();
    await screen.propose(10n, 72);
    expect(await screen.type('pause')).toContain('Paused: ');
    await screen.world.clock.pass(100_000);
    expect(screen.world.drawn().length).toBe(0);
    expect(screen.status).toContain('paused | 1 candidate');
    await screen.type('draw');
    await screen.world.clock.pass(0);
    expect(screen.world.drawn().length).toBe(1);
    await screen.propose(10n, 73);
    expect(await screen.type('resume')).toContain('Resumed: draw in 20 s');
    await screen.world.clock.pass(20_000);
    expect(screen.world.drawn().length).toBe(2);
  });

  it('sees the validators and the candidates of the round, and how many more there are', async () => {
    const screen = await Console.open();
    const address = await screen.propose(10n, 72);
    expect(await screen.type('validators')).toBe(`1 validator\n  ${address}  10\n`);
    expect(await screen.type('round')).toContain(`1 candidate\n  ${address.slice(0, 8)}…  BPM 72  stake 10\n`);
    for (let more = 0; more < limits.listedEntriesMax; more++) await screen.propose(1n, 1);
    expect(await screen.type('validators')).toMatch(
      /^21 validators\n(?: {2}[0-9a-f]{64} {2}\d+\n){20} {2}… and 1 more\n$/,
    );
    expect(await screen.type('round')).toMatch(/ {2}… and 1 more\n$/);
  });

  it('sees the whole chain', async () => {
    const screen = await Console.open();
    const rounds = 2 * limits.dumpedBlocksMax;
    for (let round = 0; round < rounds; round++) {
      await screen.propose(10n, round);
      await screen.world.clock.pass(30_000);
    }
    const text = await screen.type('chain');
    const indexes = Array.from({ length: rounds + 1 }, (_, index) => index);
    expect(text.match(/^ {2}block \d+/gm)?.map((title) => Number(title.slice(8)))).toEqual(indexes);
  });

  it('sees how the server does', async () => {
    const screen = await Console.open();
    expect(await screen.type('stats')).toBe('the stats\n');
  });

  it('stops the server with quit', async () => {
    const screen = await Console.open();
    await screen.type(' quit ');
    expect(screen.quits).toBe(1);
  });

  it('is shown the commands by help, and when one is not understood: escaped', async () => {
    const screen = await Console.open();
    const help = await screen.type('help');
    for (const command of ['chain', 'validators', 'round', 'stats', 'draw', 'pause', 'resume', 'help', 'quit']) {
      expect(help).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    }
    expect(await screen.type('rm \x1b[2J')).toBe(`"rm \\x1b[2J" is not a command. There are:\n${help}`);
    expect(await screen.type('')).toBe('');
  });
});
