import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../src/http/limits.ts';
import type { LotteryService } from '../../src/node/participant.ts';
import { alreadyInTheDraw } from '../../src/tcp/round-text.ts';
import { differences, recordOf, valueAt } from './json-schema.ts';
import { jsonOf, LotteryPage } from './open-lottery-page.ts';

const json = { 'Content-Type': 'application/json' };

async function errorOf(response: Response): Promise<string> {
  return String((await jsonOf(response))['error']);
}

/** What comes back to bytes that are sent as they are, until the server closes or has given so many answers of JSON. */
function answerTo(port: number, text: string, answers = 1): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    onTestFinished(() => {
      socket.destroy();
    });
    let heard = '';
    socket.setEncoding('latin1').on('data', (piece: string) => {
      heard += piece;
      if (heard.endsWith('}') && heard.split('HTTP/1.1 ').length > answers) resolve(heard);
    });
    socket.on('error', reject).on('close', () => resolve(heard));
    socket.write(text);
  });
}

describe('a write over HTTP', () => {
  it('takes a seat and proposes a block in one request, and its holder hears what the draw was', async () => {
    const page = await LotteryPage.open();
    const answer = await page.post('{"Stake":100,"Data":77}');
    expect([answer.status, answer.headers.get('Location')]).toEqual([202, '/api/blocks/1']);
    const { seat: taken, ...rest } = await jsonOf(answer);
    const seat = recordOf(taken);
    const candidate = { validator: seat['validator'], stake: '100', index: 1, bpm: 77 };
    expect(rest).toEqual({
      candidate,
      block: '/api/blocks/1',
      tickets: '100',
      totalTickets: '100',
      remainingMs: expect.any(Number),
    });
    expect(seat).toEqual({
      validator: expect.stringMatching(/^[0-9a-f]{64}$/),
      stake: '100',
      expiresInMs: 1000,
      token: expect.stringMatching(/^[\w-]{22}$/),
    });
    expect([...page.node.service.validators()].map(({ address }) => address)).toEqual([seat['validator']]);
    const headers = { authorization: `Bearer ${seat['token']}` };
    expect(await (await fetch(`${page.base}/api/seat`, { headers })).json()).toEqual({
      validator: seat['validator'],
      stake: '100',
      expiresInMs: 1000,
      candidate,
    });
    expect((await fetch(`${page.base}/api/blocks/1`)).status).toBe(404);

    page.node.service.sealNow();
    await expect.poll(async () => (await fetch(`${page.base}/api/blocks/1`)).status).toBe(200);
    const seatNow = async (): Promise<unknown> => jsonOf(await fetch(`${page.base}/api/seat`, { headers }));
    await expect.poll(async () => valueAt(await seatNow(), 'result', 'index')).toBe(1);
    const block = await jsonOf(await fetch(`${page.base}/api/blocks/1`));
    expect(block).toMatchObject({ BPM: 77, Validator: seat['validator'] });
    expect(await seatNow()).toMatchObject({
      candidate,
      result: {
        index: 1,
        winner: seat['validator'],
        isWinner: true,
        ticket: valueAt(block, 'Draw', 'Ticket'),
        totalStake: '100',
        firstTicket: '0',
        lastTicket: '99',
      },
    });
    const again = await page.post('{"BPM":78}', headers);
    expect([again.status, await again.json()]).toMatchObject([202, { candidate: { index: 2, bpm: 78 } }]);
    expect(page.faults).toEqual([]);
  });

  it('tells a loser of its tickets, and leaves the result alone in a draw without it', async () => {
    const page = await LotteryPage.open();
    const seats = [await page.takeSeat(1), await page.takeSeat(999)];
    for (const { headers } of seats) expect((await page.post('{"Data":1}', headers)).status).toBe(202);
    page.node.service.sealNow();
    const results = seats.map(async ({ headers }) => {
      const seat = async (): Promise<Record<string, unknown>> =>
        recordOf((await jsonOf(await fetch(`${page.base}/api/seat`, { headers })))['result']);
      await expect.poll(seat).toMatchObject({ index: 1, totalStake: '1000' });
      return seat();
    });
    const [one, other] = await Promise.all(results);
    expect(one?.['winner']).toBe(other?.['winner']);
    expect([one?.['isWinner'], other?.['isWinner']].filter((isWinner) => isWinner)).toHaveLength(1);
    expect((await page.post('{"Data":2}', seats[0]?.headers)).status).toBe(202);
    page.node.service.sealNow();
    await expect.poll(async () => (await fetch(`${page.base}/api/blocks/2`)).status).toBe(200);
    const after = await jsonOf(await fetch(`${page.base}/api/seat`, { headers: seats[1]?.headers ?? {} }));
    expect(after['result']).toEqual(other);
  });

  it('takes a seat alone, and tells where it is shown', async () => {
    const page = await LotteryPage.open();
    const answer = await page.post('{"Stake":"0100"}', { 'Content-Type': 'image/png' });
    expect([answer.status, answer.headers.get('Location')]).toEqual([201, '/api/seat']);
    expect(await answer.json()).toMatchObject({ seat: { stake: '100' } });
  });

  it('takes a cookie for a seat, that no script reads and no other site sends, and a token in a header before it', async () => {
    const page = await LotteryPage.open();
    const taken = await page.post('{"Stake":100}');
    const set = taken.headers.get('Set-Cookie') ?? '';
    expect(set).toMatch(/^sortition-seat=[\w-]{22}; Path=\/; HttpOnly; SameSite=Strict$/);
    const cookie = `theme=dark; ${set.split(';')[0]}`;
    expect((await page.post('{"Data":77}', { cookie })).status).toBe(202);
    expect((await page.post('{"Data":77}', { cookie, authorization: 'Bearer wrong' })).status).toBe(401);
    const other = await page.takeSeat();
    expect(await (await page.post('{"Data":77}', { cookie, ...other.headers })).json()).toMatchObject({
      candidate: { validator: other.address },
    });
  });

  it('says how to take a seat where none is named, or one that is not there, and never takes an address for a token', async () => {
    const page = await LotteryPage.open();
    const { address } = await page.takeSeat();
    for (const headers of [{}, { authorization: `Bearer ${address}` }, { cookie: `sortition-seat=${address}` }]) {
      for (const answer of [
        await page.post('{"Data":77}', headers),
        await fetch(`${page.base}/api/seat`, { headers }),
        await fetch(`${page.base}/api/seat`, { method: 'DELETE', headers }),
      ]) {
        expect([answer.status, answer.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
        expect(await errorOf(answer)).toMatch(/^this names (?:no seat|a seat that is not there).*\{"Stake":100\}/);
      }
    }
    expect(await page.count('no-seat')).toBe(9);
    expect(page.node.service.status().candidates).toBe(0);
  });

  it('answers a mistake, counts it, and takes nothing away', async () => {
    const page = await LotteryPage.open();
    const { headers, address } = await page.takeSeat();
    const mistakes = [
      '',
      'x',
      '{"Data":"77"}',
      '{"Data":72.5}',
      '{"Data":-1}',
      '{"Data":2147483648}',
      '{"Data":"\\u001b[2J"}',
    ];
    for (const body of mistakes) {
      const answer = await page.post(body, headers);
      expect([body, answer.status]).toEqual([body, 400]);
      expect(await errorOf(answer)).toMatch(/^[ -~]+\{"(?:Data|Stake)":\d+/);
    }
    expect(await page.count('not-understood')).toBe(mistakes.length);
    expect((await page.post('{"Data":77}', headers)).status).toBe(202);
    expect([...page.node.service.validators()].map((validator) => validator.address)).toEqual([address]);
  });

  it.each([
    ['{"Stake":0}', '"0" is too small. A stake is a whole number from 1 to 1000, for example {"Stake":100}.'],
    ['{"Stake":1001}', '"1001" is too large. A stake is a whole number from 1 to 1000, for example {"Stake":100}.'],
    [
      '{"Stake":"ten","Data":1}',
      '"ten" is not a token balance. A stake is a whole number from 1 to 1000, for example {"Stake":100}.',
    ],
    [
      '{"Stake":"\\u001b[2J"}',
      '"\\x1b[2J" is not a token balance. A stake is a whole number from 1 to 1000, for example {"Stake":100}.',
    ],
  ])('of %s takes no seat and proposes nothing', async (body, words) => {
    const page = await LotteryPage.open();
    const answer = await page.post(body);
    expect([answer.status, answer.headers.get('Set-Cookie'), await errorOf(answer)]).toEqual([400, null, words]);
    expect(page.node.service.status()).toMatchObject({ validators: 0, candidates: 0 });
  });

  it('proposes once a round, and says so in the words of nc', async () => {
    const page = await LotteryPage.open();
    const { headers } = await page.takeSeat();
    await page.post('{"Data":77}', headers);
    const second = await page.post('{"Data":78}', headers);
    expect([second.status, second.headers.get('Location')]).toEqual([409, '/api/blocks/1']);
    expect(`${await errorOf(second)}\n`).toBe(alreadyInTheDraw(1));
    expect(await page.count('already')).toBe(1);
  });

  it('takes no second seat for one who has one', async () => {
    const page = await LotteryPage.open();
    const { headers, address } = await page.takeSeat();
    const second = await page.post('{"Stake":5,"Data":77}', headers);
    expect([second.status, await errorOf(second)]).toEqual([
      409,
      expect.stringContaining(`you are validator ${address} already`),
    ]);
    expect(page.node.service.status().validators).toBe(1);
    expect(await page.count('already')).toBe(1);
  });

  it('gives the token of a seat that it took, also when the round has no room', async () => {
    const page = await LotteryPage.open({
      seatRules: (node) => {
        const full: LotteryService = {
          join: (stake) => node().service.join(stake),
          propose: () => ({ kind: 'full' }),
          rename: () => undefined,
          leave: (address) => node().service.leave(address),
          openSession: () => undefined,
          resumeSession: () => ({ kind: 'unknown' }),
          addStrike: () => 0,
          slash: () => undefined,
          sessionsSynced: () => undefined,
        };
        return { service: () => full };
      },
    });
    const answer = await page.post('{"Stake":100,"Data":77}');
    expect(answer.status).toBe(503);
    const { error, seat: taken } = await jsonOf(answer);
    const seat = recordOf(taken);
    expect(error).toContain('BPM 77 is not in it. Send it again in the next round.');
    const headers = { authorization: `Bearer ${seat['token']}` };
    expect((await fetch(`${page.base}/api/seat`, { headers })).status).toBe(200);
    expect(await page.count('round-full')).toBe(1);
  });
});

describe('the description of the API', () => {
  it('has every answer to a write, and to the question how a seat stands', async () => {
    const page = await LotteryPage.open({ writeBounds: { perSecond: 2 } });
    const description = await jsonOf(await fetch(`${page.base}/api/openapi.json`));
    const expectDescribed = async (answer: Response, path: string, method: string, status: number): Promise<void> => {
      const described = valueAt(description, 'paths', path, method, 'responses', String(status));
      const schema = valueAt(described, 'content', 'application/json', 'schema');
      expect(answer.status).toBe(status);
      expect(differences(await answer.json(), schema, description)).toEqual([]);
    };
    const { headers } = await page.takeSeat();
    const seat = (): Promise<Response> => fetch(`${page.base}/api/seat`, { headers });
    await expectDescribed(await page.post('{"Data":77}', headers), '/', 'post', 202);
    await expectDescribed(await page.post('{"Data":77}', headers), '/', 'post', 409);
    page.node.service.sealNow();
    await expect.poll(async () => valueAt(await jsonOf(await seat()), 'result', 'index')).toBe(1);
    await expectDescribed(await seat(), '/api/seat', 'get', 200);
    await expectDescribed(await page.post('x', headers), '/', 'post', 400);
    await expectDescribed(await page.post(' '.repeat(1025), headers), '/', 'post', 413);
    await expectDescribed(await page.post('{"Data":77}', headers), '/', 'post', 429);
    const other = await LotteryPage.open();
    await expectDescribed(await other.post('{"Stake":100}'), '/', 'post', 201);
    await expectDescribed(await other.post('{"Stake":100,"Data":77}'), '/', 'post', 202);
    await expectDescribed(await other.post('{"Data":77}'), '/', 'post', 401);
    await expectDescribed(await fetch(`${other.base}/api/seat`), '/api/seat', 'get', 401);
  });
});

describe('a write that is refused unread', () => {
  it.each([
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1' },
    { Origin: 'http://localhost:1', 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'Cross-Site', Origin: 'own' },
  ])('comes from a page of another site: %j', async ({ Origin, ...site }) => {
    const page = await LotteryPage.open();
    const headers = { ...site, ...(Origin === undefined ? {} : { Origin: Origin === 'own' ? page.base : Origin }) };
    for (const [method, path] of [
      ['POST', '/'],
      ['DELETE', '/api/seat'],
    ] as const) {
      const answer = await answerTo(page.port, headOf(method, path, { Host: `127.0.0.1:${page.port}`, ...headers }));
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).not.toContain('Access-Control');
    }
    expect(await page.count('foreign-site')).toBe(2);
    expect((await fetch(page.base, { headers: json })).status).toBe(200);
  });

  it.each([
    { Host: 'localhost:9001', Origin: 'http://localhost:9001', 'Sec-Fetch-Site': 'same-origin' },
    { Host: 'localhost', Origin: 'https://localhost', 'Sec-Fetch-Site': 'none' },
    { Host: 'localhost:443', Origin: 'https://localhost' },
    { Host: '[::1]:9001', Origin: 'http://[::1]:9001' },
  ])('does not come from a page of its own: %j', async (headers) => {
    const page = await LotteryPage.open();
    expect(await answerTo(page.port, headOf('POST', '/', headers))).toMatch(/^HTTP\/1\.1 400 .*the body is empty/s);
  });

  it('asks for another Host than this machine, whose name was made to point here', async () => {
    const page = await LotteryPage.open();
    for (const Host of ['evil.example', `evil.example:${page.port}`]) {
      const answer = await answerTo(page.port, headOf('POST', '/', { Host, Origin: `http://${Host}` }));
      expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    }
  });

  it('has a method that nothing there answers to', async () => {
    const page = await LotteryPage.open();
    const allowed = [
      ['PUT', '/', 'GET, HEAD, POST, OPTIONS'],
      ['DELETE', '/', 'GET, HEAD, POST, OPTIONS'],
      ['POST', '/api/seat', 'GET, HEAD, DELETE, OPTIONS'],
      ['POST', '/api/status', 'GET, HEAD, OPTIONS'],
      ['POST', '/nothing', 'GET, HEAD, OPTIONS'],
    ] as const;
    for (const [method, path, allow] of allowed) {
      for (const asked of [method, 'OPTIONS']) {
        const answer = await fetch(page.base + path, { method: asked });
        expect([asked, answer.status, answer.headers.get('Allow')]).toEqual([
          asked,
          asked === 'OPTIONS' ? 204 : 405,
          allow,
        ]);
        expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
      }
    }
  });

  it('comes faster than lines may at nc, from a seat or from a connection, and is taken when it comes again later', async () => {
    const page = await LotteryPage.open({ writeBounds: { perSecond: 1 } });
    const { headers } = await page.takeSeat();
    for (const expected of [202, 409, 429, 429]) {
      const answer = await page.post('{"Data":77}', headers);
      expect([answer.status, answer.headers.get('Retry-After')]).toEqual([expected, expected === 429 ? '1' : null]);
    }
    page.pass(999);
    expect((await page.post('{"Data":77}', headers)).status).toBe(429);
    // Another seat on the same connection has a limit of its own.
    page.pass(1);
    expect((await page.post('{"Data":77}', headers)).status).toBe(409);
    const wrong = `${headOf('POST', '/', { Host: 'localhost', 'Content-Length': '1' })}x`;
    const answers = await answerTo(page.port, wrong.repeat(3), 3);
    expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['400', '400', '429']);
    expect(await page.count('too-fast')).toBe(4);
  });
});

describe('the body of a write', () => {
  it('has at most 1024 bytes, whatever says how many there are', async () => {
    const page = await LotteryPage.open();
    const { headers } = await page.takeSeat();
    expect((await page.post('{"Data":77}'.padEnd(1024), headers)).status).toBe(202);
    const over = '{"Data":77}'.padEnd(1025);
    const large = await page.post(over, headers);
    expect([large.status, await errorOf(large)]).toEqual([
      413,
      'a body has at most 1024 bytes, for example {"Data":77}',
    ]);
    const head = headOf('POST', '/', { Host: 'localhost', 'Transfer-Encoding': 'chunked' });
    expect(await answerTo(page.port, `${head}200\r\n${' '.repeat(512)}\r\n201\r\n${' '.repeat(513)}\r\n`)).toMatch(
      /^HTTP\/1\.1 413 /,
    );
    expect(await answerTo(page.port, `${head}400\r\n${' '.repeat(1024)}\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await page.count('too-large')).toBe(2);
  });

  it('of 1 MiB gets its answer, and the connection goes on', async () => {
    const page = await LotteryPage.open();
    const mebibyte = await page.post(' '.repeat(1_048_576));
    expect(mebibyte.status).toBe(413);
    expect((await page.post('{"Stake":100}')).status).toBe(201);
  });

  it('is asked for where a client waits for leave to send it, and not where it is too large', async () => {
    const page = await LotteryPage.open();
    const expecting = { Host: 'localhost', Expect: '100-continue' };
    const small = request({
      port: page.port,
      host: '127.0.0.1',
      method: 'POST',
      headers: { ...expecting, 'Content-Length': 13 },
    });
    const answered = new Promise<number>((resolve) =>
      small.on('response', ({ statusCode = 0 }) => resolve(statusCode)),
    );
    await new Promise((resolve) => small.once('continue', resolve).flushHeaders());
    small.end('{"Stake":100}');
    expect(await answered).toBe(201);
    const head = headOf('POST', '/', { ...expecting, 'Content-Length': '1025' });
    expect(await answerTo(page.port, head)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('that does not come is waited for a while, and then the connection is closed by name', async () => {
    const page = await LotteryPage.open({ writeBounds: { bodyMs: 20 } });
    const answer = await answerTo(
      page.port,
      `${headOf('POST', '/', { Host: 'localhost', 'Content-Length': '11' })}{"Data"`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*\r\nconnection: close\r\n.*must come within 0\.02 s/is);
    await expect.poll(() => page.count('slow-body')).toBe(1);
  });

  it('that does not come holds up no other request', async () => {
    const page = await LotteryPage.open();
    const head = headOf('POST', '/', { Host: 'localhost', 'Content-Length': '11' });
    const slow = Array.from({ length: 3 * limits.requestsConcurrentMax }, () => {
      const socket = connect({ host: '127.0.0.1', port: page.port });
      onTestFinished(() => {
        socket.destroy();
      });
      return new Promise((resolve) => socket.write(head, resolve));
    });
    await Promise.all(slow);
    expect((await fetch(`${page.base}/api/status`)).status).toBe(200);
    expect((await page.post('{"Stake":100,"Data":77}')).status).toBe(202);
  });

  it('that breaks off does nothing', async () => {
    const page = await LotteryPage.open();
    const left = await page.count('left');
    const socket = connect({ host: '127.0.0.1', port: page.port });
    socket.write(`${headOf('POST', '/', { Host: 'localhost', 'Content-Length': '23' })}{"Stake":100,"Data":77`, () =>
      socket.destroy(),
    );
    await expect.poll(() => page.count('left')).toBeGreaterThan(left);
    expect(page.node.service.status().validators).toBe(0);
    expect(page.faults).toEqual([]);
  });
});

describe('a seat', () => {
  it('ends when it was not used for too long, and its candidate stays in the draw', async () => {
    const page = await LotteryPage.open();
    const { headers, address } = await page.takeSeat();
    await page.post('{"Data":77}', headers);
    page.pass(999);
    expect(await (await fetch(`${page.base}/api/seat`, { headers })).json()).toMatchObject({ expiresInMs: 1000 });
    page.pass(1000);
    expect((await fetch(`${page.base}/api/seat`, { headers })).status).toBe(401);
    expect(await page.count('seat-expired')).toBe(1);
    expect(page.node.service.status().validators).toBe(0);
    page.node.service.sealNow();
    await expect.poll(async () => (await fetch(`${page.base}/api/blocks/1`)).status).toBe(200);
    expect(await (await fetch(`${page.base}/api/blocks/1`)).json()).toMatchObject({ Validator: address });
  });

  it('ends without any request, too', async () => {
    const page = await LotteryPage.open();
    await page.takeSeat();
    page.pass(1000);
    await expect.poll(() => page.node.service.status().validators).toBe(0);
  });

  it('is given up by its holder, and the cookie with it', async () => {
    const page = await LotteryPage.open();
    const { headers } = await page.takeSeat();
    const left = await fetch(`${page.base}/api/seat`, { method: 'DELETE', headers });
    expect([left.status, left.headers.get('Set-Cookie')]).toEqual([
      204,
      expect.stringContaining('sortition-seat=; Max-Age=0; Path=/'),
    ]);
    expect((await page.post('{"Data":77}', headers)).status).toBe(401);
    expect(await page.count('seat-left')).toBe(1);
    expect(page.node.service.status().validators).toBe(0);
  });

  it('ends when the operator kicks its validator, and no other', async () => {
    const page = await LotteryPage.open();
    const [one, other] = [await page.takeSeat(), await page.takeSeat()];
    page.dashboard.kick(one.address);
    expect((await page.post('{"Data":77}', one.headers)).status).toBe(401);
    expect((await page.post('{"Data":77}', other.headers)).status).toBe(202);
    expect(await page.count('seat-kicked')).toBe(1);
  });

  it('comes with a rejoin code where seats are kept, and belongs to the one who enters it', async () => {
    const page = await LotteryPage.open({ rejoinGraceMs: 60_000 });
    const seat = recordOf((await jsonOf(await page.post('{"Stake":100}')))['seat']);
    const headers = { authorization: `Bearer ${seat['token']}` };
    expect(page.node.service.resumeSession(String(seat['rejoinCode']), '192.0.2.1', () => undefined)).toMatchObject({
      kind: 'resumed',
      address: seat['validator'],
    });
    expect((await page.post('{"Data":77}', headers)).status).toBe(401);
    expect(await page.count('seat-taken-over')).toBe(1);
    expect([...page.node.service.validators()]).toHaveLength(1);
  });

  it('is one of so many in all, and its place is free when it ends', async () => {
    const page = await LotteryPage.open({ seatRules: () => ({ seatsMax: 2 }) });
    const { headers } = await page.takeSeat();
    await page.takeSeat();
    const third = await page.post('{"Stake":100}');
    expect([third.status, third.headers.get('Retry-After'), await errorOf(third)]).toEqual([
      503,
      '60',
      'the server has all the seats it can take. Try again in a minute.',
    ]);
    expect(await page.count('seats-full')).toBe(1);
    await fetch(`${page.base}/api/seat`, { method: 'DELETE', headers });
    expect((await page.post('{"Stake":100}')).status).toBe(201);
    page.pass(1000);
    expect((await page.post('{"Stake":100}')).status).toBe(201);
  });

  it('is one of so many of its subnet, and a wrong stake takes none of them', async () => {
    const taken = new Set<string>();
    const enter = (address: string): (() => void) | undefined => {
      if (taken.has(address)) return undefined;
      taken.add(address);
      return () => taken.delete(address);
    };
    const page = await LotteryPage.open({ seatRules: () => ({ subnetLimiter: { enter } }) });
    expect((await page.post('{"Stake":0}')).status).toBe(400);
    const { headers } = await page.takeSeat();
    expect([...taken]).toEqual(['127.0.0.1']);
    const second = await page.post('{"Stake":100}');
    expect([second.status, second.headers.get('Retry-After')]).toEqual([503, '60']);
    expect(await page.count('subnet-seats-full')).toBe(1);
    await fetch(`${page.base}/api/seat`, { method: 'DELETE', headers });
    expect((await page.post('{"Stake":100}')).status).toBe(201);
  });
});

function headOf(method: string, path: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
