import { jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { Metrics } from '../../src/http/metrics.js';
import { MetricsController } from '../../src/operations/metrics/metrics.controller.js';
import { ProjectorWatch } from '../../src/operations/health/projector-watch.js';
import { startTestApp } from '../harness/app.js';
import type { TestApp } from '../harness/app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

describe('operation', () => {
  it('GET /healthz/live answers 200 without asking any store', async () => {
    const answer = await app.http.get('/healthz/live').expect(200);
    expect(answer.body).toEqual({ status: 'live' });
  });

  it('GET /healthz/ready answers 200 while the log and the read models answer', async () => {
    const answer = await app.http.get('/healthz/ready').expect(200);
    expect(answer.body).toEqual({
      status: 'ready',
      eventLog: 'up',
      readModels: 'up',
      projector: 'up',
      unappliedEvents: 0,
      reasons: [],
    });
  });

  it('GET /healthz/ready and GET /metrics tell that events were set aside, which is still ready', async () => {
    const { entries } = app.models.registry;
    await entries.updateOne({ _id: 'audit' }, { $set: { unapplied: 2 } });
    app.models.views.lost();
    const answer = await app.http.get('/healthz/ready').expect(200);
    expect(answer.body).toMatchObject({
      status: 'ready',
      unappliedEvents: 2,
      reasons: [expect.stringMatching(/^2 events are missing from the lists/)],
    });
    const { text } = await app.http.get('/metrics').expect(200);
    expect(text).toContain('keytrail_unapplied_events 2');
    await entries.updateOne({ _id: 'audit' }, { $set: { unapplied: 0 } });
    app.models.views.lost();
  });

  it('all who ask at the same time are told the same, for one look at the stores', async () => {
    const looks = jest.spyOn(app.log, 'proveWritable');
    await Promise.all(Array.from({ length: 20 }, () => app.http.get('/healthz/ready').expect(200)));
    // One is under way when the others come, which then share the next ones.
    expect(looks.mock.calls.length).toBeLessThan(10);
    looks.mockRestore();
  });

  it('GET /healthz/ready answers 503 while the projector stands still', async () => {
    const watch = jest.spyOn(ProjectorWatch.prototype, 'stoodStillMs').mockReturnValue(31_000);
    const answer = await app.http.get('/healthz/ready').expect(503);
    expect(answer.body).toMatchObject({
      status: 'unavailable',
      eventLog: 'up',
      readModels: 'up',
      reasons: [expect.stringMatching(/^projector_stalled: .* for 31 s/)],
    });
    watch.mockReturnValue(29_000);
    await app.http.get('/healthz/ready').expect(200);
    watch.mockRestore();
  });

  it('GET /metrics makes one text for all who ask at the same time', async () => {
    const controller = app.get(MetricsController);
    const made = jest.spyOn(app.get(Metrics).registry, 'metrics');
    const sent: string[] = [];
    const send = (text: string) => Promise.resolve(sent.push(text));
    const reply = { type: () => ({ send }) } as unknown as FastifyReply;
    await Promise.all(Array.from({ length: 50 }, () => controller.read(reply)));
    expect(made).toHaveBeenCalledTimes(1);
    expect([sent.length, new Set(sent).size]).toEqual([50, 1]);
    await controller.read(reply);
    expect(made).toHaveBeenCalledTimes(2);
    made.mockRestore();
  });

  it('GET /metrics answers 200 with counts and no secret', async () => {
    const ada = await app.signUp();
    const key = await app.createKey(ada.cookie);
    await app.http.get('/v1/me').set('authorization', `Bearer ${key.apiKey}`).expect(200);
    await app.http.get('/v1/me').set('authorization', 'Bearer nonsense').expect(401);
    const { text } = await app.http.get('/metrics').expect(200);
    expect(text).toContain('keytrail_key_uses_total 1');
    expect(text).toContain('keytrail_key_refusals_total{code="malformed_key"} 1');
    expect(text).toMatch(/keytrail_http_request_duration_seconds_count\{[^}]*route="\/v1\/me"/);
    expect(text).not.toContain(key.apiKey);
  });

  it('GET /openapi.json answers 200 with the document, and /docs with its readable form', async () => {
    const document = await app.http.get('/openapi.json').expect(200);
    expect((document.body as { paths: object }).paths).toHaveProperty('/v1/api-keys');
    const docs = await app.http.get('/docs').expect(200);
    expect(docs.text).toContain('Keytrail API');
  });

  it('answers 404 as a problem document where there is nothing', async () => {
    for (const path of ['/v1/nothing', '/api/nothing', '/v1/me/extra']) {
      const answer = await app.http.get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
  });

  it('sends the headers that keep a browser safe', async () => {
    const { headers } = await app.http.get('/healthz/live');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});
