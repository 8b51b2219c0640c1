import { jest } from '@jest/globals';
import type { BearerKeyOptions } from '@keytrail/guard';
import { generateKey } from '@keytrail/domain';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { startTestApp } from '../../apps/api/test/harness/app.js';
import type { IssuedKey, SignedUp, TestApp } from '../../apps/api/test/harness/app.js';
import { OrdersModule } from './orders.js';

jest.setTimeout(60_000);

const adapters = { Express: () => new ExpressAdapter(), Fastify: () => new FastifyAdapter() };

describe.each(['Express', 'Fastify'] as const)(
  'a service on %s that is guarded by Keytrail',
  (on) => {
    let keytrail: TestApp;
    let ada: SignedUp;
    let service: IssuedKey;
    const services: INestApplication[] = [];
    beforeAll(async () => {
      keytrail = await startTestApp();
      ada = await keytrail.signUp();
      service = await keytrail.createKey(ada.cookie, 'Orders service');
    });
    afterAll(async () => {
      await Promise.all(services.map((each) => each.close()));
      await keytrail.stop();
    });

    async function start(options: Partial<BearerKeyOptions> = {}) {
      const module = OrdersModule.forRoot({
        baseUrl: keytrail.baseUrl,
        apiKey: service.apiKey,
        ...options,
      });
      const app = await NestFactory.create(module, adapters[on](), { logger: false });
      services.push(app);
      await app.listen(0, '127.0.0.1');
      const http = supertest(await app.getUrl());
      return (apiKey: string) =>
        http.get('/orders?page=1').set('authorization', `Bearer ${apiKey}`);
    }

    it('knows who calls, and each call is a recorded use', async () => {
      const orders = await start();
      const { apiKey, apiKeyId } = await keytrail.createKey(ada.cookie, 'Customer');
      const answer = await orders(apiKey).set('user-agent', 'shop/1').expect(200);
      expect(answer.body).toEqual({ orders: ['Tea', 'Cake'], for: 'Customer', keyId: apiKeyId });
      const usage = `/v1/usage?apiKeyId=${apiKeyId}`;
      const uses = await keytrail.http.get(usage).set('cookie', ada.cookie).expect(200);
      expect(uses.body).toMatchObject({
        events: [{ method: 'GET', endpoint: '/orders', ip: '127.0.0.1', userAgent: 'shop/1' }],
      });
    });

    it('G2: the request after a revocation is refused', async () => {
      const orders = await start();
      const { apiKey, apiKeyId } = await keytrail.createKey(ada.cookie);
      await orders(apiKey).expect(200);
      const revoked = keytrail.http.delete(`/v1/api-keys/${apiKeyId}`).set('cookie', ada.cookie);
      // Requests that are under way with the revocation may go either way, those after it may not.
      const meanwhile = Promise.all(Array.from({ length: 20 }, () => orders(apiKey)));
      await revoked.expect(200);
      const next = await orders(apiKey);
      expect(next.status).toBe(401);
      expect(next.body).toMatchObject({ code: 'revoked_key', status: 401 });
      for (const { status } of await meanwhile) expect([200, 401]).toContain(status);
    });

    it('401 with a challenge: without a key, with half a key, with one that is not of the account', async () => {
      const orders = await start();
      const bob = await keytrail.signUp('Bob');
      const cases = {
        missing_credentials: await orders('').unset('authorization'),
        malformed_authorization: await orders('').set('authorization', service.apiKey),
        malformed_key: await orders('axk_1234'),
        unknown_key: await orders((await keytrail.createKey(bob.cookie)).apiKey),
      };
      for (const [code, answer] of Object.entries(cases)) {
        expect([code, answer.status]).toEqual([code, 401]);
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="keytrail"/);
        expect(answer.headers['content-type']).toContain('application/problem+json');
        expect(answer.body).toMatchObject({ code });
      }
    });

    it('does not start without a key of its own, or with an address that is none', async () => {
      await expect(start({ apiKey: '' })).rejects.toThrow('apiKey is empty');
      await expect(start({ baseUrl: 'keys.example.com' })).rejects.toThrow('Invalid URL');
    });

    describe('503: it fails closed', () => {
      const expectRefused = async (options: Partial<BearerKeyOptions>): Promise<void> => {
        const orders = await start(options);
        const answer = await orders(service.apiKey);
        expect(answer.status).toBe(503);
        expect(answer.body).toMatchObject({ code: 'keytrail_unavailable' });
        expect(answer.headers['retry-after']).toBe('1');
      };

      /** Something that answers in Keytrail's place. */
      const inItsPlace = async (listener: RequestListener, timeoutMs = 2_000): Promise<void> => {
        const server = createServer(listener).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        try {
          await expectRefused({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs });
        } finally {
          server.closeAllConnections();
          server.close();
        }
      };

      it('when nobody answers', () => expectRefused({ baseUrl: 'http://127.0.0.1:1' }));
      it('when the service itself is not known to Keytrail', () =>
        expectRefused({ apiKey: generateKey('axk') }));
      it('when Keytrail is silent', () => inItsPlace(() => undefined, 50));
      it.each([
        ['an error', 500, '{"active":true}'],
        ['no JSON', 200, 'active'],
        ['no verdict', 200, '{}'],
        ['a yes that names no key', 200, '{"active":true}'],
        ['a yes that is none', 200, '{"active":"true","apiKeyId":"key_1"}'],
      ])('when the answer is %s', (_, status, body) =>
        inItsPlace((_request, response) => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(body);
        }),
      );
    });
  },
);
