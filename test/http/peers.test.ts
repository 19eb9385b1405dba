import { expect, it } from 'vitest';
import { peersText } from '../../src/cli/serve/console/peers-text.ts';
import { networkStatus, peersReport, type ShownPeers } from '../../src/http/peers-report.ts';
import { PeerTable } from '../../src/node/sync/peer-table.ts';
import { differences, recordOf, valueAt } from './json-schema.ts';
import { jsonOf, LotteryPage } from './open-lottery-page.ts';

const [near, far] = ['12D3KooWFAwAkAfJaEG4jw8c2VpBzta8LK6rwYskk1MXWS2Yxg7K', '12D3KooWhostile'];

/** One peer that has greeted, one that has not, and one that was cut. */
function shown(): ShownPeers {
  const clock = { nowMs: 1000, monotonicMs: () => clock.nowMs };
  const table = new PeerTable(clock);
  const chain = { ChainId: 'ab'.repeat(32), Height: 7, Tip: 'cd'.repeat(32), Weight: '7' };
  table.admit({ peer: near, host: '127.0.0.1', isInbound: false }, true);
  table.greeted(near, { Version: 2, Chain: chain, Roles: ['authority', 'full'], Proof: '' }, 12.4);
  table.admit({ peer: 'new', host: '192.0.2.2', isInbound: true }, true);
  table.cut({ peer: far, host: '192.0.2.1' }, 'bad-block');
  const progress = { height: 3, target: 7, remainingMs: 1499.6 };
  return { peers: table.peers(), cutCounts: table.cutCounts, lastCuts: table.lastCuts, progress };
}

const expected = {
  Peers: [
    { Peer: near, Host: '127.0.0.1', Direction: 'out', Roles: ['authority', 'full'], Height: 7, LatencyMs: 12 },
    { Peer: 'new', Host: '192.0.2.2', Direction: 'in', Roles: [] },
  ],
  Cuts: [{ Peer: far, Host: '192.0.2.1', Reason: 'bad-block', AgoMs: 3000 }],
  CutCounts: { 'bad-block': 1 },
};

it('reports peers as they greeted, and cuts with their reasons', () => {
  expect(peersReport(shown(), 4000)).toEqual(expected);
});

it('says how many peers there are, how far the node is, and whether an authority elsewhere is reached', () => {
  const sync = { height: 3, target: 7, remainingMs: 1500 };
  expect(networkStatus(shown(), true)).toEqual({ peers: 2, authority: 'reached', sync });
  const others = shown().peers.slice(1);
  const rest = { ...shown(), peers: others, progress: { height: 3, target: 7, remainingMs: undefined } };
  expect(networkStatus(rest, true)).toEqual({
    peers: 1,
    authority: 'out-of-reach',
    sync: { height: 3, target: 7 },
  });
  expect(networkStatus({ ...rest, progress: undefined }, false)).toEqual({ peers: 1 });
});

it('lists peers and cuts for the console, a line each', () => {
  expect(peersText(peersReport(shown(), 4000))).toBe(
    `2 peers\n  …WS2Yxg7K at 127.0.0.1: authority, full, height 7, 12 ms\n  …new from 192.0.2.2: not greeted yet, no chain yet\n  …Whostile at 192.0.2.1 was cut 3 s ago: bad-block\n`,
  );
});

it('shows them over HTTP as documented, by RPC and in the metrics', async () => {
  const page = await LotteryPage.open({ peers: shown });
  const answer = await jsonOf(await fetch(`${page.base}/api/peers`));
  expect(answer).toMatchObject({ Peers: expected.Peers, CutCounts: expected.CutCounts });
  const description = await jsonOf(await fetch(`${page.base}/api/openapi.json`));
  expect(differences(answer, valueAt(description, 'components', 'schemas', 'Peers'), description)).toEqual([]);
  const call = JSON.stringify({ jsonrpc: '2.0', method: 'getpeers', id: 1 });
  expect(recordOf((await jsonOf(await page.rpc(call)))['result'])).toMatchObject({ Peers: expected.Peers });
  const metrics = await (await fetch(`${page.base}/metrics`)).text();
  expect(metrics).toContain('\nsortition_peers 2\n');
  expect(metrics).toContain('\nsortition_peers_by_role{role="authority"} 1\n');
  expect(metrics).toContain('\nsortition_peers_by_role{role="miner"} 0\n');
  expect(metrics).toContain('\nsortition_peers_cut_total{reason="bad-block"} 1\n');
});

it('shows nothing of them where a server has nothing to do with any', async () => {
  const page = await LotteryPage.open();
  expect((await fetch(`${page.base}/api/peers`)).status).toBe(404);
  expect(await (await fetch(`${page.base}/metrics`)).text()).not.toContain('sortition_peers');
  const call = JSON.stringify({ jsonrpc: '2.0', method: 'getpeers', id: 1 });
  expect(valueAt(await jsonOf(await page.rpc(call)), 'error', 'data')).toBe(
    'getpeers is for servers with other nodes: --peer-port and --peer begin that',
  );
});

it('takes no writes, and has no methods that make blocks, where the blocks are made elsewhere', async () => {
  const page = await LotteryPage.open({ writeBounds: { refusal: () => 'the blocks are made elsewhere' } });
  const refused = await page.post('{"Stake":100,"Data":77}');
  expect(refused.status).toBe(503);
  expect(await jsonOf(refused)).toEqual({ error: 'the blocks are made elsewhere' });
  const call = JSON.stringify({ jsonrpc: '2.0', method: 'draw', id: 1 });
  expect(valueAt(await jsonOf(await page.rpc(call)), 'error', 'data')).toBe(
    'draw is for the server that makes the blocks: this one follows its chain',
  );
});
