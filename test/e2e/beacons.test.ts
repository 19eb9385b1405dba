import { describe, expect, it } from 'vitest';
import { BeaconRelay } from '../beacon-relay.ts';
import { TestBeacon } from '../core/build-beacon-chain.ts';
import { LocalServer } from './local-server.ts';

const GenesisTime = Math.floor(Date.now() / 1000) - 1000;
const [anna, ben] = [
  new TestBeacon('anna', { GenesisTime, Period: 1 }),
  new TestBeacon('ben', { GenesisTime, Period: 2 }),
];
const open = (beacon: TestBeacon): Promise<BeaconRelay> => BeaconRelay.open(beacon.info, (round) => beacon.sign(round));

describe('a server whose draws wait for beacons', () => {
  it('seals, draws with their rounds, and goes on with a sealed pool at its next start', async () => {
    const relays = await Promise.all([open(anna), open(anna), open(ben)]);
    const [liar, honest, other] = relays;
    const words = relays.flatMap(({ url }) => ['--beacon', url]);
    const first = await LocalServer.start({ words });
    expect(first.out).toMatch(
      /^ {2}beacon {5}each draw waits for anna, a round every 1 s; chain hash .*\n {2}beacon {5}each draw waits for ben, a round every 2 s; /m,
    );
    if (liar !== undefined) liar.mood = 'lying';
    if (other !== undefined) other.mood = 'failing';
    const person = first.connect();
    await person.stakes(5);
    await person.says('72', 'Candidate for block 1: BPM 72.');
    const [told] = await first.prints(/^Sealed: .*$/m);
    await person.sees(
      /Pool of block 1 is sealed: 1 candidate, 5 tokens, root ([0-9a-f]{16})\.\nThe draw waits for anna round \d+, ben round \d+\.\n/,
    );
    await first.prints(
      new RegExp(`^The relay ${liar?.url} gave a signature for round \\d+ that is not that of the beacon anna`, 'm'),
    );
    await first.stop();
    await person.sees('again. The pool of block 1 is sealed and kept: it is drawn then.\n');
    expect(first.out).not.toContain('Drawn');

    if (other !== undefined) other.mood = 'honest';
    const again = await LocalServer.start({
      dataDir: first.dataDir,
      words: ['--beacon', `${honest?.url},${other?.url}`],
    });
    const [toldAgain] = await again.prints(/^Sealed: .*$/m);
    expect(toldAgain).toBe(told);
    await again.prints(/^Drawn: ticket \d of 5 among one candidate/m);
  });
});
