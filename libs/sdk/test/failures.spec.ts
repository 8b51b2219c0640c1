import { once } from 'node:events';
import { createServer } from 'node:http';
import { isKeytrailError, Keytrail } from '../src/index.js';
import { freePort } from '../../../test/support/net/free-port.js';
import {
  breakOff,
  drop,
  json,
  PlannedServer,
  problem,
  silence,
  SOME_KEY,
} from './planned-server.js';
import type { Plan } from './planned-server.js';

const me = { account: { id: 'acc_1', name: 'Ada' } };
const check = {
  apiKey: `axk_${'Z'.repeat(42)}`,
  request: { method: 'GET', path: '/', ip: null, userAgent: null },
};

describe('a call that fails', () => {
  let server: PlannedServer | undefined;
  const start = async (...plans: readonly Plan[]) => {
    server = await PlannedServer.start(...plans);
    return server;
  };
  afterEach(() => server?.stop());

  it('tells code, status, request id, detail and the faults of fields', async () => {
    const errors = [{ field: 'limit', message: 'must be a whole number' }];
    const { client } = await plannedClient(
      json({ code: 'invalid_request', detail: 'No.', requestId: 'req-7', errors }, 400),
    );
    const error: unknown = await client.me().catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'invalid_request',
      status: 400,
      requestId: 'req-7',
      detail: 'No.',
      errors,
    });
    expect(isKeytrailError(error)).toBe(true);
    expect(isKeytrailError(new Error('another'))).toBe(false);
  });

  const plannedClient = async (...plans: readonly Plan[]) => {
    const planned = await start(...plans);
    return { planned, client: planned.client() };
  };

  it.each([
    ['a dropped connection', drop],
    ['an answer that breaks off', breakOff('application/json', '{"account":')],
    ['429', problem(429, 'rate_limited')],
    ['502 from a proxy', json('bad gateway', 502, { 'content-type': 'text/html' })],
    ['503', problem(503, 'read_model_behind', { 'retry-after': '0' })],
    ['504', problem(504, 'anything')],
  ])('is made again after %s', async (_, fault) => {
    const { planned, client } = await plannedClient(fault, fault, json(me));
    await expect(client.me()).resolves.toEqual(me);
    expect(planned.asked).toHaveLength(3);
  });

  it.each([
    ['400', problem(400, 'invalid_request')],
    ['401', problem(401, 'revoked_key')],
    ['404', problem(404, 'not_found')],
    ['500', problem(500, 'internal_error')],
    ['503 to what takes too long', problem(503, 'read_too_long', { 'retry-after': '0' })],
  ])('is not made again after %s', async (status, fault) => {
    const { planned, client } = await plannedClient(fault, json(me));
    const code = Number(status.slice(0, 3));
    await expect(client.me()).rejects.toMatchObject({ status: code });
    expect(planned.asked).toHaveLength(1);
  });

  it('is given up after maxRetries', async () => {
    const planned = await start(drop);
    const call = planned.client({ maxRetries: 1 }).me();
    await expect(call).rejects.toMatchObject({ code: 'network_error', status: undefined });
    expect(planned.asked).toHaveLength(2);
    await expect(planned.client().me({ maxRetries: 0 })).rejects.toThrow(/network_error/);
    expect(planned.asked).toHaveLength(3);
  });

  it('is not made again when the server wants to wait longer than the call may take', async () => {
    const planned = await start(problem(503, 'overloaded', { 'retry-after': '3600' }));
    await expect(planned.client().me()).rejects.toMatchObject({
      code: 'overloaded',
      retryAfterMs: 3_600_000,
    });
    expect(planned.asked).toHaveLength(1);
  });

  it('ends in time, and says so', async () => {
    const planned = await start(silence);
    await expect(planned.client().me({ timeoutMs: 30 })).rejects.toMatchObject({ code: 'timeout' });
    expect(planned.asked).toHaveLength(1);
  });

  it('ends in time when the answer stops in its middle', async () => {
    const planned = await start((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    });
    await expect(planned.client().me({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('ends when its caller aborts: before it, under way, and between attempts', async () => {
    const reason = new Error('enough');
    const planned = await start((_, response) => {
      controller.abort(reason);
      response.destroy();
    });
    const controller = new AbortController();
    const { signal } = controller;
    const underWay = planned.client().me({ signal });
    await expect(underWay).rejects.toMatchObject({ code: 'aborted', cause: { message: 'enough' } });
    await expect(planned.client().me({ signal })).rejects.toMatchObject({ code: 'aborted' });
    expect(planned.asked).toHaveLength(1);

    const waiting = await PlannedServer.start(problem(503, 'overloaded', { 'retry-after': '20' }));
    const later = new AbortController();
    const call = waiting.client({ fetch: abortAfter(later) }).me({ signal: later.signal });
    await expect(call).rejects.toMatchObject({ code: 'aborted' });
    expect(waiting.asked).toHaveLength(1);
    await waiting.stop();
  });

  it('says that the address is not that of Keytrail', async () => {
    const page = json('<html>', 200, { 'content-type': 'text/html' });
    const { client } = await plannedClient(page);
    await expect(client.me()).rejects.toMatchObject({ code: 'unexpected_answer', status: 200 });
  });

  it('takes the key nowhere else', async () => {
    const other = await PlannedServer.start(json(me));
    const { client } = await plannedClient(json({}, 308, { location: `${other.url}/v1/me` }));
    await expect(client.me()).rejects.toMatchObject({ code: 'unexpected_answer', status: 308 });
    expect(other.asked).toEqual([]);
    await other.stop();
  });

  it.each([
    ['a dropped connection', drop],
    ['502', problem(502, 'anything')],
    ['504', problem(504, 'anything')],
    ['an append that nobody knows of', problem(503, 'event_log_unavailable')],
  ])('and records something is not made again after %s', async (_, fault) => {
    const { planned, client } = await plannedClient(fault, json({ active: true }));
    await expect(client.verify(check)).rejects.toThrow();
    expect(planned.asked).toHaveLength(1);
  });

  it.each([
    ['429', problem(429, 'rate_limited')],
    ['a full queue', problem(503, 'overloaded')],
  ])('and surely recorded nothing is made again after %s', async (_, fault) => {
    const { planned, client } = await plannedClient(fault, json({ active: true }));
    await expect(client.verify(check)).resolves.toEqual({ active: true });
    expect(planned.asked.map(({ body }) => JSON.parse(body) as unknown)).toEqual([check, check]);
  });

  it('and was never sent is made again, whatever it records', async () => {
    const port = await freePort();
    const late = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end('{"active":true}');
    });
    const client = new Keytrail({
      apiKey: SOME_KEY,
      baseUrl: `http://127.0.0.1:${port}`,
      fetch: async (url, init) => {
        const answer = await fetch(url, init).catch(async (refused: unknown) => {
          late.listen(port, '127.0.0.1');
          await once(late, 'listening');
          throw refused;
        });
        return answer;
      },
    });
    try {
      await expect(client.verify(check)).resolves.toEqual({ active: true });
    } finally {
      late.closeAllConnections();
      late.close();
    }
  });
});

/** Aborts when the first answer has come. */
function abortAfter(controller: AbortController): typeof fetch {
  return async (...call) => {
    const answer = await fetch(...call);
    setImmediate(() => {
      controller.abort();
    });
    return answer;
  };
}
