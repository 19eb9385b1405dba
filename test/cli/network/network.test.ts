import { expect, it } from 'vitest';
import { networkTable } from '../../../src/cli/network/network-table.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { runCommand } from '../run-command.ts';
import { VerbProcess } from '../verb-process.ts';

it('shows who is who in a table, and who does not answer', () => {
  const place = { name: 'node-1', port: 9100, pagePort: 9101, dataDir: 'network/node-1' };
  const report = { height: 12, hash: 'ab'.repeat(32), peers: 4 };
  expect(
    networkTable([
      { place, report },
      { place: { ...place, name: 'node-2' }, report: undefined },
    ]),
  ).toBe(`  node      join                page                     height  last hash  peers
  node-1    nc localhost 9100   http://localhost:9101/       12  abababab      4
  node-2    nc localhost 9100   http://localhost:9101/   no answer
`);
});

it.each([
  [['--nodes', '1'], '--nodes is "1", but must be a whole number from 2 to 30, for example --nodes 5'],
  [['--nodes', '31'], '--nodes is "31", but must be a whole number from 2 to 30, for example --nodes 5'],
  [['five'], 'network takes options only, not "five", for example --nodes 5'],
])('refuses %j', async (words, why) => {
  const { code, err } = await runCommand(['network', ...words]);
  expect(err).toBe(`sortition: ${why}.\n`);
  expect(code).toBe(2);
});

it('mines one chain with three nodes, and ends all of them when it is asked to', async () => {
  const work = ['--consensus', 'work', '--difficulty', '2000', '--work-interval-ms', '1s', '--mine', 'always'];
  const network = new VerbProcess(['network', '--nodes', '3', '--data-dir', temporaryDirectory(), ...work]);
  // All three have the same chain, which has grown.
  await network.prints(
    /node-1 .* ([1-9]\d*) {2}([0-9a-f]{8}) {6}\d\n {2}node-2 .* \1 {2}\2 {6}\d\n {2}node-3 .* \1 {2}\2 {6}\d\n/,
  );
  expect(await network.stop('SIGINT')).toBe(0);
});
