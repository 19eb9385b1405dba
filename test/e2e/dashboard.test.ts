import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findFault } from '../../src/consensus/verifier.ts';
import { limits } from '../../src/http/api/limits.ts';
import { verifySignature } from '../core/build-chain.ts';
import { differences, recordOf, valueAt } from '../http/json-schema.ts';
import { EventStream } from './event-stream.ts';
import { type PageServer, startProcessWithPage, startWithPage } from './page-server.ts';

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request as it is, with whatever method and Host. */
function ask(port: number, path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The headers that matter here of a browser that a person leads to an address. */
const browser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** A server on which one block was drawn, among three people. */
async function drawnServer(): Promise<PageServer & { readonly addresses: readonly string[] }> {
  const started = await startWithPage({
    words: ['--chain-broadcast-interval-ms', '400'],
  });
  const people = [1, 2, 3].map(() => started.server.connect());
  const addresses = await Promise.all(people.map((person, place) => person.stakes(100 * (place + 1))));
  await Promise.all(people.map((person) => person.says('72', 'winning validator: ')));
  return { ...started, addresses };
}

describe('the API', () => {
  it('answers as its description says, every path and every status', async () => {
    const { base, pagePort, addresses } = await drawnServer();
    const description: unknown = JSON.parse((await ask(pagePort, '/api/openapi.json')).body);
    const asked: readonly (readonly [string, string, number])[] = [
      ['/', '/', 200],
      ['/api/status', '/api/status', 200],
      ['/api/chain', '/api/chain', 200],
      ['/api/blocks', '/api/blocks', 200],
      ['/api/blocks', '/api/blocks?from=1&limit=1', 200],
      ['/api/blocks', '/api/blocks?from=99', 200],
      ['/api/blocks', '/api/blocks?from=-1', 400],
      ['/api/blocks', `/api/blocks?limit=${limits.blocksPerAnswerMax + 1}`, 400],
      ['/api/blocks/{index}', '/api/blocks/0', 200],
      ['/api/blocks/{index}', '/api/blocks/1', 200],
      ['/api/blocks/{index}', '/api/blocks/one', 400],
      ['/api/blocks/{index}', '/api/blocks/99', 404],
      ['/api/blocks/{index}', `/api/blocks/${'9'.repeat(40)}`, 400],
      ['/api/rounds/{index}/pool', '/api/rounds/0/pool', 200],
      ['/api/rounds/{index}/pool', '/api/rounds/1/pool', 200],
      ['/api/rounds/{index}/pool', '/api/rounds/x/pool', 400],
      ['/api/rounds/{index}/pool', '/api/rounds/99/pool', 404],
      ['/api/rounds/{index}/tickets/{address}', `/api/rounds/1/tickets/${addresses[0]?.slice(0, 8)}`, 200],
      ['/api/rounds/{index}/tickets/{address}', '/api/rounds/1/tickets/me', 400],
      ['/api/rounds/{index}/tickets/{address}', `/api/rounds/x/tickets/${addresses[0]}`, 400],
      ['/api/rounds/{index}/tickets/{address}', `/api/rounds/2/tickets/${addresses[0]}`, 404],
      ['/api/rounds/{index}/tickets/{address}', `/api/rounds/99/tickets/${addresses[0]}`, 404],
      ['/api/rounds/{index}/seal', '/api/rounds/x/seal', 400],
      ['/api/rounds/{index}/seal', '/api/rounds/1/seal', 404],
      ['/api/seal', '/api/seal', 404],
      ['/api/validators', '/api/validators', 200],
      ['/api/validators', '/api/validators?last=20', 200],
      ['/api/validators', '/api/validators?last=7', 400],
      ['/api/profiles', `/api/profiles?of=${addresses.join(',')}`, 200],
      ['/api/profiles', '/api/profiles?of=me', 400],
      ['/api/profiles', `/api/profiles?of=${Array(101).fill(addresses[0]).join(',')}`, 400],
      ['/api/validators/{address}', `/api/validators/${addresses[0]}`, 200],
      ['/api/validators/{address}', `/api/validators/${addresses[0]?.slice(0, 8)}`, 200],
      ['/api/validators/{address}', '/api/validators/me', 400],
      ['/api/validators/{address}', '/api/validators/00000000', 404],
      ['/api/accounts/{account}', `/api/accounts/${addresses[0]}`, 404],
      ['/api/blocks/{index}/body', '/api/blocks/1/body', 404],
      ['/api/mempool', '/api/mempool', 404],
      ['/api/peers', '/api/peers', 404],
      ['/api/transactions/{id}', `/api/transactions/${'5'.repeat(64)}`, 404],
      ['/api/peers', '/api/peers', 404],
      ['/api/seat', '/api/seat', 401],
      ['/api/openapi.json', '/api/openapi.json', 200],
      ['/healthz', '/healthz', 200],
      ['/metrics', '/metrics', 200],
    ];
    for (const [path, address, status] of asked) {
      const answer = await fetch(base + address);
      expect([address, answer.status]).toEqual([address, status]);
      const content = recordOf(valueAt(description, 'paths', path, 'get', 'responses', String(status), 'content'));
      const [type = '', form] = Object.entries(content)[0] ?? [];
      expect(answer.headers.get('Content-Type')).toContain(type);
      const body: unknown = type === 'application/json' ? await answer.json() : await answer.text();
      expect(differences(body, valueAt(form, 'schema'), description)).toEqual([]);
    }
    const call = { jsonrpc: '2.0', id: 1, method: 'getblockcount' };
    const called = await fetch(`${base}/rpc`, { method: 'POST', body: JSON.stringify(call) });
    expect([called.status, await called.json()]).toEqual([200, { jsonrpc: '2.0', id: 1, result: 1 }]);
    const described = Object.keys(recordOf(valueAt(description, 'paths')));
    expect(new Set([...asked.map(([path]) => path), '/api/events', '/api/play', '/rpc'])).toEqual(new Set(described));
  });

  it('streams the chain as the very bytes that everybody at a socket is sent', async () => {
    const { server, pagePort } = await drawnServer();
    const watcher = server.connect();
    const [, line = ''] = await watcher.sees(/\n(\[\{"Index":0.*\]\n)/);
    const { body } = await ask(pagePort, '/api/chain');
    expect(body.startsWith(line.slice(0, -2))).toBe(true);
    expect(findFault(JSON.parse(body), verifySignature)).toBeUndefined();
    const blocks = await ask(pagePort, '/api/blocks');
    expect(`${blocks.body}\n`).toBe(body);
  });

  it('tells what happens as events, and to whoever comes back what was missed and how things stand now', async () => {
    const { server, base, pagePort } = await startWithPage({ words: ['--lottery-interval-ms', '600'] });
    const description: unknown = JSON.parse((await ask(pagePort, '/api/openapi.json')).body);
    const expectForm = (name: string, data: unknown): void => {
      expect(differences(data, valueAt(description, 'components', 'schemas', name), description)).toEqual([]);
    };
    const events = await EventStream.open(`${base}/api/events`);
    const first = await events.next();
    expect(first.name).toBe('snapshot');
    expectForm('SnapshotEvent', first.data);
    const client = server.connect();
    const address = await client.stakes(100);
    await client.says('72', 'Candidate for block 1');
    const drawn = await events.nextOf('drawn');
    expectForm('DrawnEvent', drawn.data);
    expect(valueAt(drawn.data, 'block', 'Validator')).toBe(address);
    expect(valueAt(drawn.data, 'segments', '0')).toMatchObject({ validator: address, isWinner: true });
    const after = await events.nextOf('pool');
    expectForm('PoolEvent', after.data);
    expect(valueAt(after.data, 'status')).toMatchObject({ height: 1, candidates: 0 });
    events.close();

    const again = await EventStream.open(`${base}/api/events`, first.id);
    let missed = await again.next();
    for (; missed.id !== after.id; missed = await again.next()) expect(missed.name).not.toBe('snapshot');
    expect(missed).toEqual(after);
    const now = await again.nextOf('snapshot');
    expectForm('SnapshotEvent', now.data);
    expect(valueAt(now.data, 'status')).toMatchObject({ height: 1 });
  });

  it('shows in its metrics what happened', async () => {
    const { server, pagePort } = await drawnServer();
    const slashed = server.connect();
    await slashed.stakes(5);
    await slashed.says('nonsense', 'Slashed: ');
    await slashed.closed;
    const { body, headers } = await ask(pagePort, '/metrics');
    expect(headers['content-type']).toContain('text/plain');
    const values = new Map(
      [...body.matchAll(/^(sortition_[^ ]+) (.+)$/gm)].map(([, name, value]) => [name, Number(value)]),
    );
    expect(values.get('sortition_people_total{event="joined"}')).toBe(4);
    expect(values.get('sortition_people_total{event="slashed"}')).toBe(1);
    expect(values.get('sortition_connections')).toBe(3);
    expect(values.get('sortition_bytes_total{direction="received"}')).toBeGreaterThan(20);
    expect(values.get('sortition_bytes_total{direction="sent"}')).toBeGreaterThan(500);
    expect(values.get('sortition_rounds_total{outcome="drawn"}')).toBeGreaterThanOrEqual(1);
    expect(values.get('sortition_draw_lateness_seconds_count')).toBe(
      values.get('sortition_rounds_total{outcome="drawn"}'),
    );
    // A genesis is stored before there is a page to count it.
    expect(values.get('sortition_store_append_seconds_count')).toBe(
      values.get('sortition_rounds_total{outcome="drawn"}'),
    );
    expect(values.get('sortition_event_loop_delay_seconds{percentile="100"}')).toBeGreaterThanOrEqual(0);
    expect(body).toContain('sortition_connections_ended_total{ending="slashed"} 1');
  });
});

describe('a program that takes part over HTTP', () => {
  it('is in the draw with people at nc, hears how it went, and is sent away by the operator', async () => {
    const { server, base } = await startWithPage();
    const person = server.connect();
    await person.stakes(100);
    const taken: unknown = await (await fetch(base, { method: 'POST', body: '{"Stake":200,"Data":77}' })).json();
    const address = String(valueAt(taken, 'seat', 'validator'));
    const headers = { authorization: `Bearer ${String(valueAt(taken, 'seat', 'token'))}` };
    const index = async (): Promise<unknown> =>
      valueAt(await (await fetch(`${base}/api/seat`, { headers })).json(), 'result', 'index');
    await expect.poll(index).toBe(1);
    await person.sees(`winning validator: ${address}`);
    server.type(`kick ${address.slice(0, 8)}`);
    await server.prints(/Kicked /);
    expect((await fetch(`${base}/api/seat`, { headers })).status).toBe(401);
    expect(await (await fetch(`${base}/metrics`)).text()).toContain(
      'sortition_web_endings_total{ending="seat-kicked"} 1',
    );
  });
});

describe('the page', () => {
  it('lets nothing in but its own files, and nobody change anything', async () => {
    const { pagePort } = await startWithPage();
    const page = await ask(pagePort, '/', 'GET', browser);
    expect(page.status).toBe(200);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.body).not.toMatch(/\sstyle=|\son\w+=|https?:\/\//);
    for (const path of ['/', '/api/status', '/api/events', '/assets/style.css', '/nothing']) {
      const { headers } = await ask(pagePort, path, 'HEAD');
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
      const allow = path === '/' ? 'GET, HEAD, POST, OPTIONS' : 'GET, HEAD, OPTIONS';
      for (const [method, status] of [
        ['PUT', 405],
        ['DELETE', 405],
        ['OPTIONS', 204],
      ] as const) {
        const answer = await ask(pagePort, path, method);
        expect([answer.status, answer.headers['allow']]).toEqual([status, allow]);
      }
    }
  });

  it('is for this machine only when the lottery is: another name that leads here gets nothing', async () => {
    const { pagePort } = await startWithPage();
    for (const host of ['evil.example', `evil.example:${pagePort}`, 'localhost.evil.example', '127.0.0.1.evil']) {
      const answer = await ask(pagePort, '/api/status', 'GET', { Host: host });
      expect([host, answer.status]).toEqual([host, 421]);
    }
    for (const host of ['localhost', `LocalHost:${pagePort}`, '127.0.0.1:1', '[::1]:9001']) {
      expect((await ask(pagePort, '/api/status', 'GET', { Host: host })).status).toBe(200);
    }
  });

  it('serves every file that its files ask for, and asks no second time for one that did not change', async () => {
    const { pagePort } = await startWithPage();
    const { body: document } = await ask(pagePort, '/', 'GET', browser);
    const mapped: unknown = JSON.parse(/<script type="importmap">(.*?)<\/script>/s.exec(document)?.[1] ?? '');
    const imports = recordOf(valueAt(mapped, 'imports'));
    const mappedTo = (name: string): string => {
      const folder = Object.keys(imports).find((key) => key.endsWith('/') && name.startsWith(key));
      return folder === undefined ? String(imports[name]) : `${String(imports[folder])}${name.slice(folder.length)}`;
    };
    const wanted = [...document.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    const seen = new Set<string>();
    while (wanted.length > 0) {
      const path = wanted.pop() ?? '';
      if (seen.has(path)) continue;
      seen.add(path);
      const { status, body, headers } = await ask(pagePort, path);
      expect([path, status]).toEqual([path, 200]);
      const etag = String(headers['etag']);
      expect((await ask(pagePort, path, 'GET', { 'If-None-Match': etag })).status).toBe(304);
      for (const [, name = ''] of body.matchAll(/^(?:import|export)[^;]*?from ["']([^"']+)["'];/gm)) {
        wanted.push(name.startsWith('.') ? new URL(name, `http://x${path}`).pathname : mappedTo(name));
      }
    }
    expect(seen.size).toBeGreaterThan(25);
  });

  it('says in printable words that there is nothing at an address', async () => {
    const { pagePort } = await startWithPage();
    for (const path of [
      '/nothing',
      '/assets/../package.json',
      '/assets/%2e%2e/package.json',
      '/api/blocks/%1b%5b2J',
      '/api/%00',
    ]) {
      const { status, body } = await ask(pagePort, path);
      expect([400, 404]).toContain(status);
      expect(body).toMatch(/^\{"error":"[ -~]+"\}$/);
    }
  });

  it('is what a browser gets at an address where nothing is, and programs get JSON', async () => {
    const { pagePort } = await startWithPage();
    const { body: document } = await ask(pagePort, '/', 'GET', browser);
    for (const path of ['/nope', '/blocks/1/', '/blocks', '/apitude']) {
      const page = await ask(pagePort, path, 'GET', browser);
      expect([page.status, page.body, page.headers['content-type']]).toEqual([
        404,
        document,
        'text/html; charset=utf-8',
      ]);
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
      expect(await ask(pagePort, path)).toMatchObject({ status: 404, body: expect.stringMatching(/^\{"error":/) });
    }
    for (const path of ['/api/nope', '/api/', '/assets/nope.js']) {
      const answer = await ask(pagePort, path, 'GET', browser);
      expect([answer.status, answer.body]).toEqual([404, expect.stringMatching(/^\{"error":/)]);
    }
  });

  it('is what a browser at the port of nc is led to, whatever it called this machine', async () => {
    const { server, pagePort } = await startWithPage();
    const markup = '<script>alert(1)</script>';
    const { body, headers } = await ask(server.port, `/${markup}`, 'GET', { Host: 'evil.example', Accept: markup });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const page = `http://127.0.0.1:${pagePort}/play`;
    expect(body).toContain(`<a href="${page}">${page}</a>`);
    expect(body).not.toMatch(/script|evil/);
    expect((await fetch(page)).status).toBe(200);
  });

  it('is none where its port is taken, and the lottery runs without it', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen({ host: '127.0.0.1', port: 0 }, resolve));
    onTestFinished(() => new Promise((resolve) => blocker.close(() => resolve())));
    const address = blocker.address();
    const taken = typeof address === 'object' && address !== null ? address.port : 0;
    const { server } = await startWithPage({ words: ['--dashboard-port', String(taken)] });
    expect(server.out).toContain(`page       none: port ${taken} is in use; choose another with --dashboard-port\n`);
    const client = server.connect();
    await client.stakes(10);
    await client.says('72', 'You won block 1.');
  });

  it('ends with the server, however many watch', async () => {
    const { server, base } = await startProcessWithPage();
    const streams = await Promise.all(Array.from({ length: 20 }, () => EventStream.open(`${base}/api/events`)));
    for (const stream of streams) await stream.next();
    const last = await fetch(`${base}/api/events`);
    expect(await server.stop()).toBe(0);
    expect(await last.text()).toMatch(/\n\nevent: stopped\ndata: \{"why":"asked"\}\n\n$/);
    expect(server.err).toBe('');
  });

  it('ends with a server whose chain is gone, and says so', async () => {
    const { server, base, pagePort } = await startProcessWithPage({ words: ['--lottery-interval-ms', '300'] });
    const description: unknown = JSON.parse((await ask(pagePort, '/api/openapi.json')).body);
    const events = await fetch(`${base}/api/events`);
    rmSync(join(server.dataDir, 'chain'), { recursive: true });
    const [, json = ''] = /\n\nevent: stopped\ndata: (.*)\n\n$/.exec(await events.text()) ?? [];
    const data: unknown = JSON.parse(json);
    expect(data).toEqual({ why: 'chain-gone' });
    expect(differences(data, valueAt(description, 'components', 'schemas', 'StoppedEvent'), description)).toEqual([]);
    expect(await server.ended).toBe(4);
  });
});
