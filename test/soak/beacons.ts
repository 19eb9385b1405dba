import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { program } from '../program.ts';
import { WatchedVerb } from './watched-verb.ts';

const script = fileURLToPath(new URL('../independent/verify.py', import.meta.url));
const roundMs = 2000;
/** How long a beacon is away, ms: longer than a draw waits for it. */
const awayMs = 6000;

/**
 * `npm run soak:beacons -- [--rounds 100] [--beacons 2]`: a lottery whose draws wait for beacons, with the beacons stopped and started again in
 * between, and once the server. The chain is verified at the end here and in Python. Ends with 1 when anything does not hold.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, beacons: { type: 'string' } } });
  const [rounds, count] = [Number(values.rounds ?? 100), Number(values.beacons ?? 2)];
  if (!(rounds >= 1) || !(count >= 1 && count <= 8)) {
    console.error('Usage: npm run soak:beacons -- [--rounds 100] [--beacons 2], up to 8 beacons');
    return 2;
  }
  const directory = mkdtempSync(join(tmpdir(), 'sortition-beacons-'));
  const run = new BeaconRun(directory);
  try {
    return await run.play(rounds, count);
  } finally {
    await run.end();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A beacon, and how it is started again. */
interface RunningBeacon {
  readonly url: string;
  readonly words: readonly string[];
  verb: WatchedVerb;
}

class BeaconRun {
  readonly #directory: string;
  readonly #beacons: RunningBeacon[] = [];
  #server: WatchedVerb | undefined;
  #bots: WatchedVerb | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async play(rounds: number, count: number): Promise<number> {
    for (let place = 0; place < count; place++) await this.#startBeacon(place);
    await this.#startServer();
    let restarts = 0;
    for (let height = 0; height < rounds; ) {
      const beacon = this.#beacons[restarts % count];
      if (beacon === undefined) throw new Error('there is no beacon');
      await beacon.verb.stop();
      await delay(awayMs);
      beacon.verb = this.#begin(beacon.words);
      await beacon.verb.prints(/--beacon http/);
      restarts += 1;
      // In the middle of it the server, too: a pool that is sealed then is drawn after the start.
      if (height < rounds / 2 && (await this.#waitFor(Math.min(rounds, height + 5))) >= rounds / 2) {
        await this.#stopServer();
        await this.#startServer();
      }
      height = await this.#waitFor(Math.min(rounds, height + 5));
      console.log(`${height} of ${rounds} blocks, ${restarts} restarts of beacons`);
    }
    await this.#stopServer();
    return this.#judge(restarts);
  }

  async end(): Promise<void> {
    await this.#bots?.stop('SIGKILL');
    await this.#server?.stop('SIGKILL');
    for (const { verb } of this.#beacons) await verb.stop('SIGKILL');
  }

  async #startBeacon(place: number): Promise<void> {
    const own = ['--name', `beacon-${place}`, '--data-dir', `beacon-${place}`, '--period', String(1 + place)];
    const verb = this.#begin(['beacon', '--port', '0', ...own]);
    const [, url = ''] = await verb.prints(/--beacon (http:\/\/localhost:\d+)/);
    // The port stays the same, as the server knows it by that.
    const port = url.split(':').at(-1) ?? '';
    this.#beacons.push({ url, verb, words: ['beacon', '--port', port, '--data-dir', `beacon-${place}`] });
  }

  async #startServer(): Promise<void> {
    const asked = this.#beacons.flatMap(({ url }) => ['--beacon', url]);
    const always = ['--port', '0', '--dashboard-port', '0', '--data-dir', 'data'];
    this.#server = this.#begin(['serve', ...always, '--lottery-interval-ms', String(roundMs), ...asked]);
    const [, port = ''] = await this.#server.prints(/\nnc \S+ (\d+)\n/);
    this.#bots = this.#begin(['join', `localhost:${port}`, '--bots', '5', '--stakes', '1..100', '--every', '1s']);
  }

  async #stopServer(): Promise<void> {
    await this.#bots?.stop('SIGINT');
    const code = await this.#server?.stop();
    if (code !== 0) throw new Error(`the server ended with ${code}: ${this.#server?.out}`);
    if (this.#bots?.out.includes('WARNING')) throw new Error(`the bots warn: ${this.#bots.out}`);
  }

  /** Resolves with the height of the chain when it is at least so high. */
  async #waitFor(height: number): Promise<number> {
    for (;;) {
      const reached = this.#exported('--format', 'csv').split('\n').length - 3;
      if (reached >= height) return reached;
      await delay(roundMs);
    }
  }

  #judge(restarts: number): number {
    const lines = this.#exported('--pools');
    const here = spawnSync(process.execPath, [program, 'verify', 'data'], { cwd: this.#directory, encoding: 'utf8' });
    console.log(here.stdout.split('\n')[0]);
    const there = spawnSync('python3', [script], { input: lines, encoding: 'utf8', maxBuffer: 2 ** 30 });
    console.log(
      `In Python: ${(there.stdout + there.stderr).trim()}; ${restarts} restarts of beacons, one of the server`,
    );
    return here.status === 0 && there.status === 0 ? 0 : 1;
  }

  #exported(...words: readonly string[]): string {
    const command = [program, 'export', 'data', ...words];
    return spawnSync(process.execPath, command, { cwd: this.#directory, encoding: 'utf8', maxBuffer: 2 ** 30 }).stdout;
  }

  #begin(words: readonly string[]): WatchedVerb {
    return new WatchedVerb(words, this.#directory);
  }
}

process.exitCode = await main();
