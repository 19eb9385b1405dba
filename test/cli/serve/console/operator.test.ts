import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { limits as cliLimits } from '../../../../src/cli/limits.ts';
import { Operator } from '../../../../src/cli/serve/console/operator.ts';
import { limits as serveLimits } from '../../../../src/cli/serve/limits.ts';
import { MemoryStore } from '../../../../src/storage/memory-store.ts';
import { limits as tcpLimits } from '../../../../src/tcp/limits.ts';
import { SimulatedClock } from '../../../sim/simulated-clock.ts';
import { World } from '../../../sim/world.ts';

async function textsIn(store: MemoryStore): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const batch of store.blocks()) texts.push(...batch);
  return texts;
}

/** An operator at the console of a whole lottery. */
class Console {
  readonly world: World;
  readonly #operator: Operator;
  #text = '';
  quits = 0;
  readonly kicked: string[] = [];
  readonly said: string[] = [];

  private constructor(world: World, store: MemoryStore) {
    this.world = world;
    this.#operator = new Operator({
      service: world.service,
      paint: new Chalk({ level: 0 }),
      print: (text) => {
        this.#text += text;
      },
      drained: async () => undefined,
      blocks: async (first, last) => (await textsIn(store)).slice(first, last + 1),
      stats: () => 'the stats\n',
      peers: () => 'the peers\n',
      elsewhere: undefined,
      kick: async (address) => {
        this.kicked.push(address);
      },
      say: (line) => {
        this.said.push(line);
        return 3;
      },
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

  complete(line: string): readonly string[] {
    return this.#operator.complete(line)[0];
  }

  get status(): string {
    return this.#operator.status();
  }

  async propose(stake: bigint, bpm: number): Promise<string> {
    const address = this.world.service.join(stake);
    this.world.service.propose(address, bpm);
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

  it('sees validators and candidates a page at a time, the largest stakes first, and how many more there are', async () => {
    const screen = await Console.open();
    const address = await screen.propose(10n, 72);
    expect(await screen.type('validators')).toBe(`1 validator\n  ${address}  10\n`);
    expect(await screen.type('round')).toContain(`1 candidate\n  ${address.slice(0, 8)}…  BPM 72  stake 10\n`);
    for (let more = 1; more < cliLimits.listedEntriesMax; more++) await screen.propose(BigInt(more), 1);
    expect(stakesIn(await screen.type('validators')).length).toBe(cliLimits.listedEntriesMax);
    expect(await screen.type('validators')).not.toContain('more');
    const largest = await screen.propose(999n, 1);
    const first = await screen.type('validators');
    expect(first).toMatch(new RegExp(`^21 validators, largest stake first\\n {2}${largest} {2}999\\n`));
    expect(stakesIn(first)).toEqual([...stakesIn(first)].sort((one, other) => other - one));
    expect(first).toMatch(/\n {2}… and 1 more: validators 2 shows the next, validators all shows all\n$/);
    expect(await screen.type('validators 2')).toMatch(
      /^21 validators, largest stake first: 21 to 21\n {2}[0-9a-f]{64} {2}1\n$/,
    );
    expect(stakesIn(await screen.type('validators all')).length).toBe(21);
    expect(await screen.type('round')).toMatch(/ {2}… and 1 more: round 2 shows the next, round all shows all\n$/);
    expect((await screen.type('round 2')).match(/ stake 1\n/g)?.length).toBe(1);
    for (const wrong of ['0', '3', '-1', 'many', '1 2']) {
      expect(await screen.type(`validators ${wrong}`)).toBe(
        'validators takes a page from 1 to 2, for example validators 2, or validators all.\n',
      );
    }
  });

  it('sees the whole chain or its end in a line for each block, and one block in full', async () => {
    const screen = await Console.open();
    const rounds = 2 * serveLimits.tailBlocks;
    for (let round = 0; round < rounds; round++) {
      await screen.propose(10n, round);
      await screen.world.clock.pass(30_000);
    }
    const all = Array.from({ length: rounds + 1 }, (_, index) => index);
    expect(indexesIn(await screen.type('chain'))).toEqual(all);
    expect((await screen.type('chain')).match(/\n/g)?.length).toBe(rounds + 1);
    expect(indexesIn(await screen.type('chain tail'))).toEqual(all.slice(-serveLimits.tailBlocks));
    expect(indexesIn(await screen.type('chain tail 3'))).toEqual(all.slice(-3));
    expect(indexesIn(await screen.type('chain tail 1000'))).toEqual(all);
    const [block] = screen.world.drawn();
    const text = await screen.type('chain 1');
    expect(indexesIn(text)).toEqual([1]);
    for (const value of [block?.Hash, block?.Validator, block?.Draw.Reveal]) expect(text).toContain(value);
    expect(text).toMatch(/tickets 0 to 9 were the winner's; every step: node \S*main\.js show 1$/m);
    expect(await screen.type('chain 0')).toContain('commitment');
    expect(await screen.type(`chain ${rounds + 1}`)).toBe(
      `There is no block ${rounds + 1}: the newest is block ${rounds}.\n`,
    );
    for (const wrong of ['x', '-1', 'tail 0', 'tail x', 'tails', '1 2']) {
      expect(await screen.type(`chain ${wrong}`)).toContain('chain takes nothing, the index of a block (chain 12)');
    }
  });

  it('kicks the one connected validator whose address begins so, and asks for more digits where there are several', async () => {
    const screen = await Console.open();
    const addresses: string[] = [];
    while (addresses.length < 17) addresses.push(await screen.propose(1n, 72));
    // 17 addresses begin with 16 digits at most.
    const shared =
      addresses.map((address) => address.charAt(0)).find((digit, at, all) => all.indexOf(digit) !== at) ?? '';
    expect(await screen.type(`kick ${shared}`)).toContain(
      `More than one address begins with ${shared}; give more digits:\n`,
    );
    expect(screen.kicked).toEqual([]);
    const [address = ''] = addresses;
    expect(await screen.type(`kick ${address.slice(0, 8).toUpperCase()}…`)).toContain(`Kicked ${address.slice(0, 8)}…`);
    expect(await screen.type(`kick ${address}`)).toContain('Kicked');
    expect(screen.kicked).toEqual([address, address]);
    screen.world.service.leave(address);
    expect(await screen.type(`kick ${address}`)).toContain(
      `No validator who is connected has an address that begins with`,
    );
    for (const wrong of ['', 'xyz', 'ab cd', `${address}0`]) {
      expect(await screen.type(`kick ${wrong}`)).toContain('kick takes the address of a validator');
    }
    expect(screen.kicked.length).toBe(2);
  });

  it('says what they type to everybody, as bytes, up to a length', async () => {
    const screen = await Console.open();
    expect(await screen.type('say  Grüße:  pause in 5 min ')).toBe('Said to 3 connections.\n');
    expect(screen.said).toEqual(['Gr\xc3\xbc\xc3\x9fe:  pause in 5 min']);
    expect(await screen.type(`say ${'x'.repeat(tcpLimits.saidBytesMax)}`)).toContain('Said to');
    expect(await screen.type(`say ${'x'.repeat(tcpLimits.saidBytesMax + 1)}`)).toContain('was not said');
    expect(await screen.type('say')).toContain('say takes what you want to tell everybody');
    expect(screen.said.length).toBe(2);
  });

  it('completes commands, what may stand behind them, and the addresses of those who are connected', async () => {
    const screen = await Console.open();
    const address = await screen.propose(1n, 72);
    expect(screen.complete('va')).toEqual(['validators ']);
    expect(screen.complete('re')).toEqual(['resume ']);
    expect(screen.complete('').length).toBe(12);
    expect(screen.complete('chain t')).toEqual(['tail']);
    expect(screen.complete('validators ')).toEqual(['all']);
    expect(screen.complete(`kick ${address.slice(0, 3)}`)).toEqual([address]);
    expect(screen.complete('kick x')).toEqual([]);
    expect(screen.complete('draw n')).toEqual([]);
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
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(serveLimits.consoleColumns);
    for (const command of screen.complete('')) {
      expect(help).toMatch(new RegExp(`^ {2}${command}`, 'm'));
    }
    expect(await screen.type('rm \x1b[2J')).toBe(`"rm \\x1b[2J" is not a command. There are:\n${help}`);
    expect(await screen.type('')).toBe('');
  });
});

function stakesIn(list: string): readonly number[] {
  return [...list.matchAll(/^ {2}[0-9a-f]{64} {2}(\d+)$/gm)].map(([, stake]) => Number(stake));
}

function indexesIn(text: string): readonly number[] {
  return [...text.matchAll(/^ {2}block (\d+) /gm)].map(([, index]) => Number(index));
}
